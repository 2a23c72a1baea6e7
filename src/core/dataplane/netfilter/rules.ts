import type { Match } from "./match-kinds";
import type { RuleTarget } from "./target-kinds";

export type { AddrType, ConntrackStateName, Match } from "./match-kinds";
export type { NatTarget, RejectKind, RuleTarget } from "./target-kinds";

/** The five places in the kernel's IPv4 path at which chains are walked. */
export type Hook = "PREROUTING" | "INPUT" | "FORWARD" | "OUTPUT" | "POSTROUTING";

export type TableName = "raw" | "mangle" | "nat" | "filter" | "security";

/** In the order in which a packet meets them. */
export const TABLE_NAMES: readonly TableName[] = ["raw", "mangle", "nat", "filter", "security"];

/** A rule is an immutable value; counters are kept by each machine, by the rule's identity. */
export interface Rule {
  readonly matches: readonly Match[];
  /** Absent: the rule counts and lets the packet go on. */
  readonly target?: RuleTarget;
  readonly comment?: string;
  /** How many `-m` matches stand before the comment; absent: none, it comes first. Matters to printing only. */
  readonly commentAfter?: number;
  /** Who wrote the rule and for what, opaque to the dataplane: shown, never read. See kubeproxy/origin. */
  readonly origin?: string;
}

export interface Chain {
  readonly name: string;
  /** Built-in chains only. */
  readonly policy?: "ACCEPT" | "DROP";
  readonly rules: readonly Rule[];
}

export interface Table {
  readonly name: TableName;
  /** In no promised order; netfilter/print knows iptables-save's. */
  readonly chains: ReadonlyMap<string, Chain>;
  /** When somebody put it here with iptables-restore; whoever keeps rules of their own may have rewritten some since. */
  readonly restoredAtUs?: number;
}

/** All tables of one network namespace. A missing table has only empty built-in chains. */
export type Ruleset = { readonly [name in TableName]?: Table };

export const EMPTY_RULESET: Ruleset = {};

/** Which built-in chains a table has. Source: iptables(8), TABLES. */
export const BUILT_IN_CHAINS: Record<TableName, readonly Hook[]> = {
  raw: ["PREROUTING", "OUTPUT"],
  mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
  filter: ["INPUT", "FORWARD", "OUTPUT"],
  security: ["INPUT", "FORWARD", "OUTPUT"],
};

/** A table with its built-in chains (policy ACCEPT) and the given chains laid over them. */
export function tableOf(name: TableName, chains: readonly Chain[]): Table {
  const all = new Map<string, Chain>();
  for (const hook of BUILT_IN_CHAINS[name])
    all.set(hook, { name: hook, policy: "ACCEPT", rules: [] });
  for (const chain of chains) all.set(chain.name, chain);
  return { name, chains: all };
}
