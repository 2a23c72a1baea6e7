import type { Ipv4 } from "../../net/ipv4";

export type RejectKind =
  | "icmp-net-unreachable"
  | "icmp-host-unreachable"
  | "icmp-proto-unreachable"
  | "icmp-port-unreachable"
  | "icmp-net-prohibited"
  | "icmp-host-prohibited"
  | "icmp-admin-prohibited"
  | "tcp-reset";

/** What a NAT target may choose from. */
export interface NatRange {
  /** Absent: the address stays. */
  readonly ip?: Ipv4;
  /** Last of a range that starts with `ip`. */
  readonly lastIp?: Ipv4;
  readonly port?: number;
  /** Last of a range that starts with `port`. */
  readonly lastPort?: number;
  /** DNAT: the port that `port` stands for; the others follow in step. */
  readonly basePort?: number;
  readonly random?: boolean;
  readonly randomFully?: boolean;
  /** The same address for every destination. */
  readonly persistent?: boolean;
}

export type NatTarget = { readonly kind: "DNAT" | "SNAT" | "MASQUERADE" | "REDIRECT" } & NatRange;

export type MarkTarget =
  | {
      readonly kind: "MARK";
      readonly op: "set" | "or" | "xor" | "and";
      readonly value: number;
    }
  /** Clears the bits of `mask`, then flips those of `value`. */
  | { readonly kind: "MARK"; readonly op: "xmark"; readonly value: number; readonly mask: number };

export type ConnmarkTarget =
  | { readonly kind: "CONNMARK"; readonly op: "set"; readonly value: number; readonly mask: number }
  | {
      readonly kind: "CONNMARK";
      /** From the packet to its connection, or the other way round. */
      readonly op: "save" | "restore";
      readonly nfmask: number;
      readonly ctmask: number;
    };

/** Targets that leave the packet's way as it is. */
export const NOTE_TARGETS = ["LOG", "NFLOG", "TRACE", "TCPMSS", "CHECKSUM"] as const;

/** What `-j` names. */
export type RuleTarget =
  | { readonly kind: "ACCEPT" | "DROP" | "RETURN" }
  | { readonly kind: "REJECT"; readonly with: RejectKind }
  /** `-j CHAIN`; `goto` is `-g CHAIN`: its end is the end of this chain, too. */
  | { readonly kind: "jump" | "goto"; readonly chain: string }
  | MarkTarget
  | ConnmarkTarget
  /** `-j CT --notrack`, or `-j NOTRACK` as it was once written. */
  | { readonly kind: "NOTRACK"; readonly isOldName?: boolean }
  | NatTarget
  | { readonly kind: (typeof NOTE_TARGETS)[number]; readonly options: readonly string[] };
