import type { Cidr } from "../../net/cidr";
import type { Ipv4 } from "../../net/ipv4";
import type { Protocol } from "../../net/packet";

export type ConntrackStateName =
  | "NEW"
  | "ESTABLISHED"
  | "RELATED"
  | "INVALID"
  | "UNTRACKED"
  | "DNAT"
  | "SNAT";

export type ConntrackStatusName = "NONE" | "EXPECTED" | "SEEN_REPLY" | "ASSURED" | "CONFIRMED";

export type AddrType =
  | "UNSPEC"
  | "UNICAST"
  | "LOCAL"
  | "BROADCAST"
  | "ANYCAST"
  | "MULTICAST"
  | "BLACKHOLE"
  | "UNREACHABLE"
  | "PROHIBIT"
  | "THROW"
  | "NAT"
  | "XRESOLVE";

/** Both ends included. */
export interface PortRange {
  readonly from: number;
  readonly to: number;
}

interface Negatable {
  readonly negate?: boolean;
}

/** One condition of a rule. Each kind is one iptables match, one option of it, or one of the built-in options; options of
 *  one `-m` that follow each other are printed behind one `-m`. */
export type Match =
  | SetMatch
  | ConntrackMatch
  | RecentMatch
  | HashlimitMatch
  | AddrtypeMatch
  | (Negatable &
      (
        | { readonly kind: "source" | "destination"; readonly range: Cidr }
        /** A number: a protocol that no packet here has (or has under that name). */
        | { readonly kind: "protocol"; readonly protocol: Protocol | number }
        /** `name` may end in `+`: any interface whose name starts so. */
        | { readonly kind: "in-interface" | "out-interface"; readonly name: string }
        /** `-f`: second and later fragments, which no packet here is. */
        | { readonly kind: "fragment" }
        /** `-m tcp --dport`, `-m udp --dport` … */
        | ({ readonly kind: "dport" | "sport"; readonly protocol: Protocol } & PortRange)
        /** Of the flags in `mask` exactly those in `set`: FIN 1, SYN 2, RST 4, PSH 8, ACK 16, URG 32. */
        | { readonly kind: "tcp-flags"; readonly mask: number; readonly set: number }
        | { readonly kind: "tcp-option"; readonly option: number }
        | {
            readonly kind: "sctp-chunks";
            readonly mode: "any" | "all" | "only";
            /** `INIT`, `DATA:Be`: flags that must be set (upper case) or clear. */
            readonly chunks: "ALL" | readonly { readonly type: string; readonly flags: string }[];
          }
        /** Type 255 is `any`. */
        | {
            readonly kind: "icmp-type";
            readonly type: number;
            /** Absent: every code. */
            readonly code?: number;
          }
        | {
            readonly kind: "multiport";
            readonly side: "source" | "destination" | "either";
            readonly ports: readonly PortRange[];
          }
        | { readonly kind: "mark"; readonly value: number; readonly mask: number }
        | { readonly kind: "connmark"; readonly value: number; readonly mask: number }
        /** `-m conntrack --ctstate` alone; with more options it is a ConntrackMatch. */
        | {
            readonly kind: "ctstate";
            readonly states: readonly ConntrackStateName[];
            /** Written as `-m state --state`. */
            readonly isStateModule?: boolean;
          }
        /** 0 < probability < 1, compared as a multiple of 2⁻³¹. */
        | { readonly kind: "statistic-random"; readonly probability: number }
        /** Every `every`-th packet, the first time after `packet` others. */
        | { readonly kind: "statistic-nth"; readonly every: number; readonly packet: number }
        | {
            readonly kind: "physdev";
            readonly test: "is-in" | "in" | "is-out" | "out" | "is-bridged";
            /** The port's name, for `in` and `out`. */
            readonly name?: string;
          }
        | {
            readonly kind: "iprange";
            readonly side: "source" | "destination";
            readonly first: Ipv4;
            readonly last: Ipv4;
          }
        | { readonly kind: "length"; readonly from: number; readonly to: number }
        | { readonly kind: "ttl"; readonly compare: "eq" | "lt" | "gt"; readonly value: number }
        | { readonly kind: "pkttype"; readonly type: "unicast" | "broadcast" | "multicast" }
        /** The way back to the source leads out of the device that the packet came in on. */
        | {
            readonly kind: "rpfilter";
            readonly isLoose: boolean;
            readonly validMark: boolean;
            readonly acceptLocal: boolean;
          }
      ))
  /** `-m tcp` with nothing behind it. */
  | { readonly kind: "transport"; readonly protocol: Protocol }
  | LimitMatch
  /** Counts into an object outside the tables. */
  | { readonly kind: "nfacct"; readonly name: string }
  /** Second and later comments of a rule. */
  | { readonly kind: "comment"; readonly text: string };

/** A token bucket. */
export interface LimitMatch {
  readonly kind: "limit";
  /** One packet in so many ten-thousandths of a second. */
  readonly average: number;
  readonly burst: number;
}

/** A token bucket for each value of what `by` names. */
export interface HashlimitMatch {
  readonly kind: "hashlimit";
  readonly name: string;
  /** `--hashlimit-above`: matches what is over the rate. */
  readonly isAbove: boolean;
  /** One packet in so many millionths of a second. */
  readonly average: number;
  readonly burst: number;
  readonly by: readonly HashlimitMode[];
  readonly srcPrefix: number;
  readonly dstPrefix: number;
  /** `--hashlimit-htable-size`, `-max`, `-gcinterval`, as given; they decide nothing here. */
  readonly tuning: readonly (readonly [name: string, value: number])[];
  /** A bucket is forgotten when nothing has asked for it for so long. */
  readonly expireMs: number;
}

export type HashlimitMode = "srcip" | "srcport" | "dstip" | "dstport";

export interface AddrtypeMatch {
  readonly kind: "addrtype";
  readonly srcTypes?: readonly AddrType[];
  readonly dstTypes?: readonly AddrType[];
  readonly negateSrc?: boolean;
  readonly negateDst?: boolean;
  /** Only the addresses of the device that the packet came in on, or leaves by. */
  readonly limitIface?: "in" | "out";
}

export interface RecentMatch {
  readonly kind: "recent";
  readonly mode: "set" | "rcheck" | "update" | "remove";
  readonly list: string;
  readonly seconds?: number;
  readonly hitcount?: number;
  readonly reap?: boolean;
  readonly rttl?: boolean;
  /** Absent: 32. */
  readonly prefix?: number;
  readonly isDestination?: boolean;
  readonly negate?: boolean;
}

export interface SetMatch {
  readonly kind: "set";
  readonly set: string;
  /** Which side of the packet each part of an entry is compared with. */
  readonly flags: readonly ("src" | "dst")[];
  readonly returnNomatch?: boolean;
  readonly negate?: boolean;
}

/** `-m conntrack` with more than a state; all that is given must hold. */
export interface ConntrackMatch {
  readonly kind: "conntrack";
  readonly states?: readonly ConntrackStateName[];
  readonly statuses?: readonly ConntrackStatusName[];
  readonly protocol?: number;
  readonly origSrc?: Cidr;
  readonly origDst?: Cidr;
  readonly replSrc?: Cidr;
  readonly replDst?: Cidr;
  readonly origSrcPort?: PortRange;
  readonly origDstPort?: PortRange;
  readonly replSrcPort?: PortRange;
  readonly replDstPort?: PortRange;
  readonly expireS?: PortRange;
  readonly direction?: "ORIGINAL" | "REPLY";
  /** Names of the fields above that are negated. */
  readonly negated: readonly string[];
}
