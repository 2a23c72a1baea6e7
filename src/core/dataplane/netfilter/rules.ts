import type { Cidr } from "../../net/cidr";
import type { Ipv4 } from "../../net/ipv4";
import type { Protocol } from "../../net/packet";

/** The five places in the kernel's IPv4 path at which chains are walked. */
export type Hook = "PREROUTING" | "INPUT" | "FORWARD" | "OUTPUT" | "POSTROUTING";

export type TableName = "raw" | "mangle" | "nat" | "filter";

export type ConntrackStateName =
  | "NEW"
  | "ESTABLISHED"
  | "RELATED"
  | "INVALID"
  | "UNTRACKED"
  | "DNAT"
  | "SNAT";

/** One condition of a rule. Each kind is one iptables match (or one of the built-in options). */
export type Match =
  | { readonly kind: "source"; readonly range: Cidr; readonly negate?: boolean }
  | { readonly kind: "destination"; readonly range: Cidr; readonly negate?: boolean }
  | { readonly kind: "protocol"; readonly protocol: Protocol; readonly negate?: boolean }
  /** `name` may end in `+`: any interface whose name starts so. */
  | { readonly kind: "in-interface"; readonly name: string; readonly negate?: boolean }
  | { readonly kind: "out-interface"; readonly name: string; readonly negate?: boolean }
  /** `-m tcp --dport`, `-m udp --dport` …: inclusive range. */
  | {
      readonly kind: "dport";
      readonly protocol: Protocol;
      readonly from: number;
      readonly to: number;
      readonly negate?: boolean;
    }
  | {
      readonly kind: "sport";
      readonly protocol: Protocol;
      readonly from: number;
      readonly to: number;
      readonly negate?: boolean;
    }
  /** `-m tcp` with nothing behind it. */
  | { readonly kind: "transport"; readonly protocol: Protocol }
  | {
      readonly kind: "mark";
      readonly value: number;
      readonly mask: number;
      readonly negate?: boolean;
    }
  | {
      readonly kind: "ctstate";
      readonly states: readonly ConntrackStateName[];
      readonly negate?: boolean;
    }
  /** `-m statistic --mode random`; 0 < probability < 1, compared as a multiple of 2⁻³¹. */
  | { readonly kind: "statistic-random"; readonly probability: number; readonly negate?: boolean }
  | {
      readonly kind: "addrtype";
      readonly srcType?: AddrType;
      readonly dstType?: AddrType;
      readonly negateSrc?: boolean;
      readonly negateDst?: boolean;
    }
  | {
      readonly kind: "recent";
      readonly mode: "set" | "rcheck";
      readonly list: string;
      readonly seconds?: number;
      readonly reap?: boolean;
    };

export type AddrType = "LOCAL" | "UNICAST" | "BROADCAST";

export type RejectKind =
  | "icmp-port-unreachable"
  | "icmp-host-unreachable"
  | "icmp-net-unreachable"
  | "icmp-admin-prohibited"
  | "tcp-reset";

/** What `-j` names. */
export type RuleTarget =
  | { readonly kind: "ACCEPT" | "DROP" | "RETURN" }
  | { readonly kind: "REJECT"; readonly with: RejectKind }
  | { readonly kind: "jump"; readonly chain: string }
  | { readonly kind: "MARK"; readonly op: "set" | "or" | "xor" | "and"; readonly value: number }
  | { readonly kind: "DNAT"; readonly ip: Ipv4; readonly port?: number }
  | { readonly kind: "SNAT"; readonly ip: Ipv4; readonly port?: number }
  | { readonly kind: "MASQUERADE"; readonly randomFully?: boolean };

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
};

/** A table with its built-in chains (policy ACCEPT) and the given chains laid over them. */
export function tableOf(name: TableName, chains: readonly Chain[]): Table {
  const all = new Map<string, Chain>();
  for (const hook of BUILT_IN_CHAINS[name])
    all.set(hook, { name: hook, policy: "ACCEPT", rules: [] });
  for (const chain of chains) all.set(chain.name, chain);
  return { name, chains: all };
}
