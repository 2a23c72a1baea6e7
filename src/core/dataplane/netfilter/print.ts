import type { Counter } from "../plane";
import { formatExtensions, formatOption, OPTION_KINDS } from "./print-match";
import { quote } from "./print-parts";
import { formatTarget } from "./print-target";
import {
  BUILT_IN_CHAINS,
  type Chain,
  type Rule,
  type Ruleset,
  type Table,
  type TableName,
} from "./rules";

/** The order in which iptables-save (nf_tables) goes through the tables. */
const TABLE_ORDER: readonly TableName[] = ["mangle", "security", "raw", "filter", "nat"];

const NO_COUNT: Counter = { packets: 0, bytes: 0 };

export interface PrintOptions {
  /** As `iptables-save -c`: `[packets:bytes]` before each rule. */
  readonly counters?: { get(rule: Rule): Counter | undefined };
}

const printed = new WeakMap<Rule, string>();

/** `-A CHAIN …` as iptables-save 1.8.9 prints it after loading the rule. */
export function formatRule(chainName: string, rule: Rule): string {
  let specification = printed.get(rule);
  if (specification === undefined) {
    specification = formatSpecification(rule);
    printed.set(rule, specification);
  }
  return `-A ${chainName}${specification}`;
}

/** The whole text of iptables-save, loadable by iptables-restore: built-in chains first, the others by name. */
export function formatRuleset(ruleset: Ruleset, options: PrintOptions = {}): string {
  return TABLE_ORDER.map((name) => formatTable(ruleset[name], options)).join("");
}

/** One table of iptables-save's text, from `*name` to `COMMIT`; empty for a table that was never used. */
export function formatTable(table: Table | undefined, options: PrintOptions = {}): string {
  if (!table) return "";
  const chains = inPrintOrder(table);
  const lines = [`*${table.name}`];
  for (const chain of chains) lines.push(`:${chain.name} ${chain.policy ?? "-"} [0:0]`);
  for (const chain of chains) {
    for (const rule of chain.rules) {
      const line = formatRule(chain.name, rule);
      lines.push(options.counters ? `${formatCounter(options.counters.get(rule))} ${line}` : line);
    }
  }
  lines.push("COMMIT", "");
  return lines.join("\n");
}

/** Built-in chains in the order of their hooks, then user chains by name, as the kernel keeps them. */
export function inPrintOrder(table: Table): readonly Chain[] {
  const builtIn: Chain[] = [];
  for (const hook of BUILT_IN_CHAINS[table.name]) {
    builtIn.push(table.chains.get(hook) ?? { name: hook, policy: "ACCEPT", rules: [] });
  }
  const own = [...table.chains.values()].filter((chain) => !isBuiltIn(table.name, chain.name));
  return [...builtIn, ...own.sort((a, b) => (a.name < b.name ? -1 : 1))];
}

function isBuiltIn(table: TableName, chain: string): boolean {
  return (BUILT_IN_CHAINS[table] as readonly string[]).includes(chain);
}

function formatCounter(counter: Counter = NO_COUNT): string {
  return `[${counter.packets}:${counter.bytes}]`;
}

/** Addresses, interfaces and protocol in iptables' order, then the `-m` matches as they were given. */
function formatSpecification(rule: Rule): string {
  let text = "";
  for (const kind of OPTION_KINDS) {
    for (const match of rule.matches) if (match.kind === kind) text += formatOption(match);
  }
  const comment = rule.comment === undefined ? "" : ` -m comment --comment ${quote(rule.comment)}`;
  const extensions = formatExtensions(rule.matches);
  const at = rule.commentAfter ?? 0;
  text += [...extensions.slice(0, at), comment, ...extensions.slice(at)].join("");
  return rule.target ? text + formatTarget(rule.target) : text;
}
