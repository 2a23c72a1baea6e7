import { formatRule, inPrintOrder } from "../../../core/dataplane/netfilter/print";
import { quote } from "../../../core/dataplane/netfilter/print-parts";
import type { Table } from "../../../core/dataplane/netfilter/rules";
import { hint } from "../../hint";
import { fail, type Process, type Program, print } from "../../process";
import { findNetns, nodeOf } from "../network";
import { type ListForm, listTable, ruleLine } from "./list";
import { kernelExit, VERSION } from "./refusals";
import { renameChain } from "./rename-chain";
import { changedTable, currentTable, findTableName } from "./table-text";

const LIST = /^(?:-[nvx]*[LS][nvx]*|--list|--list-rules)$/;
const FLAGS = /^-[nvx]+$/;
const LONG_FLAGS: Readonly<Record<string, string>> = {
  "--numeric": "n",
  "--verbose": "v",
  "--exact": "x",
  "--line-numbers": "l",
};

/** A node's rules. Pods have none of their own, and no right to any. */
export const iptables: Program = async (process) => {
  const words: string[] = [];
  let table = "filter";
  for (let i = 0; i < process.args.length; i++) {
    const word = process.args[i] as string;
    if (word === "-t" || word === "--table") table = process.args[++i] ?? "";
    else if (/^--table=/.test(word)) table = word.slice("--table=".length);
    else if (word === "-w" || word === "--wait") {
      if (/^\d+$/.test(process.args[i + 1] ?? "")) i++;
    } else words.push(word);
  }
  if (words[0] === "-V" || words[0] === "--version") {
    await print(process, VERSION);
    return 0;
  }
  if (words.length === 0) return wrong(process, "no command specified");
  const name = findTableName(table);
  if (!name)
    return fail(
      process,
      `${VERSION}: table '${table}' does not exist\nPerhaps iptables or your kernel needs to be upgraded.`,
      3,
    );
  const netns = findNetns(process);
  const node = nodeOf(process);
  if (!netns || node === undefined) {
    await hint(process, "rules are modelled on the cluster's nodes only");
    return 1;
  }
  const { world } = process.cluster;
  const ruleset = world.plane.ruleset(netns.id);
  const current = currentTable(ruleset, name);
  if (words.some((word) => LIST.test(word))) return list(process, current, words);
  if (words[0] === "-C" || words[0] === "--check") return check(process, current, words.slice(1));
  if (words[0] === "-E" || words[0] === "--rename-chain")
    return renameChain(process, node, current, words.slice(1));
  if (words[0] === "-Z" || words[0] === "--zero") return zero(process, netns.id, current, words[1]);
  const line = words
    .filter((word) => !FLAGS.test(word))
    .map(word)
    .join(" ");
  const result = process.cluster.execute({
    type: "restoreRules",
    node,
    text: changedTable(ruleset, name, [line]),
    keepsCounters: true,
  });
  if (result.ok) return 0;
  const [message = "failed"] = (result.refusals[0]?.status.causes ?? []).map(
    (cause) => cause.message,
  );
  return kernelExit(process, message, words);
};

function word(text: string): string {
  return /^[-!\w./:,+=]+$/.test(text) ? text : quote(text);
}

async function list(process: Process, table: Table, words: readonly string[]): Promise<number> {
  const at = words.findIndex((one) => LIST.test(one));
  const command = words[at] ?? "";
  const letters = words
    .map((one) =>
      FLAGS.test(one) || LIST.test(one) ? one.replace(/^--.*$/, "") : (LONG_FLAGS[one] ?? ""),
    )
    .join("");
  const strange = words.find(
    (one) => one.startsWith("-") && !LIST.test(one) && !FLAGS.test(one) && !LONG_FLAGS[one],
  );
  if (strange !== undefined) return wrong(process, `unknown option "${strange}"`);
  const [chain, position] = words.filter((one, index) => index > at && !one.startsWith("-"));
  if (chain !== undefined && !table.chains.has(chain))
    return fail(
      process,
      `${VERSION}: chain \`${chain}' in table \`${table.name}' is incompatible, use 'nft' tool.`,
    );
  const { world } = process.cluster;
  const counters = world.plane.state(findNetns(process)?.id ?? "")?.counters;
  const number = position === undefined ? undefined : Number(position);
  if (command.includes("S") || command === "--list-rules")
    return show(process, ruleLines(table, chain, number));
  const form: ListForm = {
    numeric: letters.includes("n"),
    verbose: letters.includes("v"),
    exact: letters.includes("x"),
    lineNumbers: letters.includes("l"),
  };
  if (chain !== undefined && number !== undefined) {
    const rule = table.chains.get(chain)?.rules[number - 1];
    return show(process, rule ? [ruleLine(rule, number, counters?.get(rule), form)] : []);
  }
  return show(process, listTable(table, counters, form, chain));
}

/** `iptables -S`. */
function ruleLines(table: Table, only: string | undefined, position: number | undefined) {
  const chains = inPrintOrder(table).filter(({ name }) => only === undefined || name === only);
  const heads = chains.map(({ name, policy }) =>
    policy === undefined ? `-N ${name}` : `-P ${name} ${policy}`,
  );
  const rules = chains.flatMap(({ name, rules: own }) => own.map((rule) => formatRule(name, rule)));
  return position === undefined ? [...heads, ...rules] : rules.slice(position - 1, position);
}

/** `iptables -C`: deleting the rule on a copy says whether it is there. */
async function check(process: Process, table: Table, words: readonly string[]): Promise<number> {
  const [chain = "", ...rest] = words;
  const text = changedTable({ [table.name]: table }, table.name, [
    ["-D", chain, ...rest.map(word)].join(" "),
  ]);
  const fork = process.cluster.world.fork();
  const node = nodeOf(process) ?? "";
  const result = fork.execute({ type: "restoreRules", node, text });
  if (result.ok) return 0;
  const [message = "failed"] = (result.refusals[0]?.status.causes ?? []).map(
    (cause) => cause.message,
  );
  return kernelExit(process, message, words);
}

function zero(
  process: Process,
  netns: string,
  table: Table,
  chain: string | undefined,
): Promise<number> {
  if (chain !== undefined && !table.chains.has(chain))
    return kernelExit(process, "No chain/target/match by that name.", []);
  process.cluster.execute({
    type: "zeroCounters",
    netns,
    table: table.name,
    ...(chain !== undefined && { chain }),
  });
  return Promise.resolve(0);
}

async function show(process: Process, lines: readonly string[]): Promise<number> {
  for (const line of lines) await print(process, line);
  return 0;
}

function wrong(process: Process, message: string): Promise<number> {
  return kernelExit(process, message, []);
}
