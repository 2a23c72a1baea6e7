import { formatCidr } from "../../net/cidr";
import { formatIpv4 } from "../../net/ipv4";
import type { Protocol } from "../../net/packet";
import type { Counter } from "../plane";
import {
  BUILT_IN_CHAINS,
  type Chain,
  type Match,
  type Rule,
  type Ruleset,
  type RuleTarget,
  type Table,
  type TableName,
} from "./rules";

/** The order in which iptables-save (nf_tables) goes through the tables. */
const TABLE_ORDER: readonly TableName[] = ["mangle", "raw", "filter", "nat"];

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
  for (const kind of [
    "source",
    "destination",
    "in-interface",
    "out-interface",
    "protocol",
  ] as const) {
    for (const match of rule.matches) if (match.kind === kind) text += formatOption(match);
  }
  const comment = rule.comment === undefined ? "" : ` -m comment --comment ${quote(rule.comment)}`;
  const extensions = formatExtensions(rule.matches);
  const at = rule.commentAfter ?? 0;
  text += [...extensions.slice(0, at), comment, ...extensions.slice(at)].join("");
  return rule.target ? text + formatTarget(rule.target) : text;
}

/** One text per `-m`; ports of one protocol that follow each other share theirs. */
function formatExtensions(matches: readonly Match[]): string[] {
  const texts: string[] = [];
  let transport: Protocol | undefined;
  for (const match of matches) {
    if (match.kind === "dport" || match.kind === "sport" || match.kind === "transport") {
      if (transport !== match.protocol) texts.push(` -m ${match.protocol}`);
      transport = match.protocol;
      if (match.kind !== "transport") texts.push((texts.pop() ?? "") + formatPorts(match));
      continue;
    }
    const text = formatExtension(match);
    if (text === "") continue;
    transport = undefined;
    texts.push(text);
  }
  return texts;
}

function formatPorts(match: Extract<Match, { kind: "dport" | "sport" }>): string {
  if (match.from === 0 && match.to === 65_535 && !match.negate) return "";
  const range = match.from === match.to ? `${match.from}` : `${match.from}:${match.to}`;
  return `${not(match.negate)} --${match.kind} ${range}`;
}

function formatOption(match: Match): string {
  switch (match.kind) {
    case "source":
    case "destination": {
      if (match.range.prefix === 0 && !match.negate) return "";
      return `${not(match.negate)} ${match.kind === "source" ? "-s" : "-d"} ${formatCidr(match.range)}`;
    }
    case "in-interface":
      return `${not(match.negate)} -i ${match.name}`;
    case "out-interface":
      return `${not(match.negate)} -o ${match.name}`;
    case "protocol":
      return `${not(match.negate)} -p ${match.protocol}`;
    default:
      return "";
  }
}

function formatExtension(match: Match): string {
  switch (match.kind) {
    case "mark": {
      const mask = match.mask === 0xffffffff ? "" : `/${hex(match.mask)}`;
      return ` -m mark${not(match.negate)} --mark ${hex(match.value)}${mask}`;
    }
    case "ctstate": {
      const states = CTSTATE_ORDER.filter((state) => match.states.includes(state)).join(",");
      return ` -m conntrack${not(match.negate)} --ctstate ${states}`;
    }
    case "statistic-random":
      return ` -m statistic --mode random${not(match.negate)} --probability ${quantize(match.probability).toFixed(11)}`;
    case "addrtype": {
      const src = match.srcType ? `${not(match.negateSrc)} --src-type ${match.srcType}` : "";
      const dst = match.dstType ? `${not(match.negateDst)} --dst-type ${match.dstType}` : "";
      return ` -m addrtype${src}${dst}`;
    }
    case "recent": {
      const seconds = match.seconds === undefined ? "" : ` --seconds ${match.seconds}`;
      const reap = match.reap ? " --reap" : "";
      return ` -m recent --${match.mode}${seconds}${reap} --name ${match.list} --mask 255.255.255.255 --rsource`;
    }
    default:
      return "";
  }
}

/** The order in which iptables prints states, whatever order they were given in. */
const CTSTATE_ORDER = [
  "INVALID",
  "NEW",
  "RELATED",
  "ESTABLISHED",
  "UNTRACKED",
  "SNAT",
  "DNAT",
] as const;

function formatTarget(target: RuleTarget): string {
  switch (target.kind) {
    case "ACCEPT":
    case "DROP":
    case "RETURN":
      return ` -j ${target.kind}`;
    case "REJECT":
      return ` -j REJECT --reject-with ${target.with}`;
    case "jump":
      return ` -j ${target.chain}`;
    case "MARK":
      return ` -j MARK --set-xmark ${formatXmark(target.op, target.value)}`;
    case "DNAT":
      return ` -j DNAT --to-destination ${formatTo(target)}`;
    case "SNAT":
      return ` -j SNAT --to-source ${formatTo(target)}`;
    case "MASQUERADE":
      return target.randomFully ? " -j MASQUERADE --random-fully" : " -j MASQUERADE";
  }
}

/** `value/mask`: clear the mask's bits, then xor with the value. */
function formatXmark(op: "set" | "or" | "xor" | "and", value: number): string {
  switch (op) {
    case "set":
      return `${hex(value)}/0xffffffff`;
    case "or":
      return `${hex(value)}/${hex(value)}`;
    case "xor":
      return `${hex(value)}/0x0`;
    case "and":
      return `0x0/${hex(~value)}`;
  }
}

function formatTo(target: { readonly ip: number; readonly port?: number }): string {
  return target.port === undefined
    ? formatIpv4(target.ip)
    : `${formatIpv4(target.ip)}:${target.port}`;
}

/** The kernel compares 31 random bits, so every probability is a multiple of 2⁻³¹. */
export function quantize(probability: number): number {
  return Math.round(probability * 2 ** 31) / 2 ** 31;
}

function not(negate: boolean | undefined): string {
  return negate ? " !" : "";
}

function hex(value: number): string {
  return `0x${(value >>> 0).toString(16)}`;
}

/** Bare when nothing in the text needs quotes. Source: iptables, xtables_save_string. */
function quote(text: string): string {
  if (/^[-_0-9A-Za-z]+$/.test(text)) return text;
  return `"${text.replace(/["\\']/g, "\\$&")}"`;
}
