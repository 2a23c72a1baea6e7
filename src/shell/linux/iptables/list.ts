import { inPrintOrder } from "../../../core/dataplane/netfilter/print";
import { formatProtocol } from "../../../core/dataplane/netfilter/protocols";
import type { Chain, Rule, Table } from "../../../core/dataplane/netfilter/rules";
import type { Counter } from "../../../core/dataplane/plane";
import { formatCidr } from "../../../core/net/cidr";
import { formatIpv4 } from "../../../core/net/ipv4";
import { PROTOCOL_NUMBERS } from "../../../core/net/packet";
import { ruleWords } from "./words";

export interface ListForm {
  readonly numeric: boolean;
  readonly verbose: boolean;
  readonly exact: boolean;
  readonly lineNumbers: boolean;
}

interface Counters {
  get(rule: Rule): Counter | undefined;
}

/** `iptables -L`, in the columns of 1.8.9. Simplified: the policy's own counters are not kept. */
export function listTable(
  table: Table,
  counters: Counters | undefined,
  form: ListForm,
  only?: string,
): readonly string[] {
  const lines: string[] = [];
  for (const chain of inPrintOrder(table)) {
    if (only !== undefined && chain.name !== only) continue;
    if (lines.length > 0) lines.push("");
    lines.push(chainLine(chain, table, form), header(form));
    chain.rules.forEach((rule, index) => {
      lines.push(ruleLine(rule, index + 1, counters?.get(rule), form));
    });
  }
  return lines;
}

function chainLine({ name, policy }: Chain, table: Table, { verbose }: ListForm): string {
  if (policy === undefined) return `Chain ${name} (${references(table, name)} references)`;
  return `Chain ${name} (policy ${policy}${verbose ? " 0 packets, 0 bytes" : ""})`;
}

function references({ chains }: Table, name: string): number {
  let count = 0;
  for (const { rules } of chains.values())
    for (const { target } of rules)
      if ((target?.kind === "jump" || target?.kind === "goto") && target.chain === name) count++;
  return count;
}

function header({ verbose, exact, lineNumbers }: ListForm): string {
  const number = lineNumbers ? "num  " : "";
  const counts = !verbose ? "" : exact ? "    pkts      bytes " : " pkts bytes ";
  const interfaces = verbose ? " in     out    " : "";
  return `${number}${counts}target     prot opt${interfaces} source               destination         `;
}

export function ruleLine(
  rule: Rule,
  position: number,
  { packets, bytes }: Counter = { packets: 0, bytes: 0 },
  form: ListForm,
): string {
  const { numeric, verbose, exact, lineNumbers } = form;
  const number = lineNumbers ? `${String(position).padEnd(4)} ` : "";
  const counts = verbose ? `${count(packets, exact)} ${count(bytes, exact)} ` : "";
  const target = targetName(rule).padEnd(9);
  const interfaces = verbose
    ? ` ${interfaceOf(rule, "in-interface", numeric).padEnd(6)} ${interfaceOf(rule, "out-interface", numeric).padEnd(6)} `
    : "";
  const addresses = `${address(rule, "source", numeric)} ${address(rule, "destination", numeric)} `;
  const words = ruleWords(rule, numeric);
  return `${number}${counts}${target}  ${protocol(rule, numeric).padEnd(4)} -- ${interfaces}${addresses}${words === "" ? "" : ` ${words}`}`;
}

function targetName({ target }: Rule): string {
  if (!target) return "";
  if (target.kind === "jump" || target.kind === "goto") return target.chain;
  return target.kind === "NOTRACK" && !target.isOldName ? "CT" : target.kind;
}

function protocol(rule: Rule, numeric: boolean): string {
  const match = rule.matches.find((one) => one.kind === "protocol");
  if (match?.kind !== "protocol") return numeric ? "0" : "all";
  const given = match.protocol;
  const number = typeof given === "number" ? given : PROTOCOL_NUMBERS[given];
  return `${match.negate ? "!" : ""}${numeric ? number : formatProtocol(given)}`;
}

function interfaceOf(rule: Rule, kind: "in-interface" | "out-interface", numeric: boolean): string {
  const match = rule.matches.find((one) => one.kind === kind);
  if (match?.kind !== "in-interface" && match?.kind !== "out-interface")
    return numeric ? "*" : "any";
  return `${match.negate ? "!" : ""}${match.name}`;
}

function address(rule: Rule, kind: "source" | "destination", numeric: boolean): string {
  const match = rule.matches.find((one) => one.kind === kind);
  if (match?.kind !== "source" && match?.kind !== "destination")
    return ` ${(numeric ? "0.0.0.0/0" : "anywhere").padEnd(19)}`;
  const { range, negate } = match;
  const text =
    range.prefix === 32
      ? formatIpv4(range.network)
      : range.prefix === 0
        ? numeric
          ? "0.0.0.0/0"
          : "anywhere"
        : formatCidr(range);
  return `${negate ? "!" : " "}${text.padEnd(19)}`;
}

/** Source: iptables xshared.c, xtables_print_num. */
function count(value: number, exact: boolean): string {
  if (exact) return String(value).padStart(8);
  let shown = value;
  if (shown <= 99_999) return String(shown).padStart(5);
  for (const unit of ["K", "M", "G"]) {
    shown = Math.floor((shown + 500) / 1_000);
    if (shown <= 9_999) return `${String(shown).padStart(4)}${unit}`;
  }
  return `${String(Math.floor((shown + 500) / 1_000)).padStart(4)}T`;
}
