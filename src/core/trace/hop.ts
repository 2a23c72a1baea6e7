import type { Packet } from "../net/packet";
import type { Verdict } from "./verdict";

/** What happened at a hop; the second word of its text line. */
export type HopKind =
  | "send"
  | "receive"
  | "PREROUTING"
  | "DNAT"
  | "route"
  | "INPUT"
  | "FORWARD"
  | "OUTPUT"
  | "POSTROUTING"
  | "MASQUERADE"
  | "SNAT"
  | "conntrack"
  | "bridge"
  | "forward"
  /** A tunnel wraps the packet into another one, or unwraps it. */
  | "encapsulate"
  | "decapsulate"
  | "NAT"
  | "accept"
  | "connect"
  | "relay"
  /** A gateway answers a request itself. */
  | "answer"
  /** A resolver or a DNS server decides: the next query, the answer. */
  | "resolve"
  | "reject"
  | "drop"
  | "reset"
  | "unreachable"
  | "delivered";

/** Which packet of its connection this is. */
export type PacketRole =
  | "SYN"
  | "SYN-ACK"
  | "ACK"
  | "request"
  | "response"
  | "FIN"
  | "FIN-ACK"
  | "RST"
  | "ICMP"
  | "datagram"
  | "answer";

/** What a trace needs to know of a rule; dataplane/netfilter has the whole of it. */
export interface WalkedRule {
  readonly comment?: string;
  readonly origin?: string;
}

/** A run of rules walked in one chain: `from`…`to` (0-based, inclusive) were tested; `matched` is the last of
 *  them, or absent when none matched and the chain's end was reached. An empty chain has `to` < `from`. */
export interface RuleWalk {
  readonly table: string;
  readonly chain: { readonly name: string; readonly rules: readonly WalkedRule[] };
  readonly from: number;
  readonly to: number;
  readonly matched?: WalkedRule;
}

/** One observation of a packet at one place. */
export interface Hop {
  /** Virtual microseconds. */
  readonly atUs: number;
  /** Number of the connection in this run, from 1. */
  readonly connection: number;
  readonly role: PacketRole;
  /** On the way to the server, or on the way back. */
  readonly direction: "original" | "reply";
  /** Machine or device by the name people use: node-1, kuard-x7k2p, user, internet, elb/kuard. */
  readonly node: string;
  /** Where on the canvas: see trace/place. */
  readonly place: string;
  readonly kind: HopKind;
  readonly before: Packet;
  readonly after: Packet;
  readonly walks: readonly RuleWalk[];
  /** Interfaces, where it has them. */
  readonly devIn?: string;
  readonly devOut?: string;
  /** Third word of the text line: what was found or decided here. */
  readonly detail: string;
  /** The route that was used, as `ip route` prints it. */
  readonly route?: string;
  /** The conntrack entry that was made or used, as `conntrack -L` prints it (without the seconds left). */
  readonly conntrack?: string;
  /** Chance of this turn, where the hop is a random choice that is not a rule's (the load balancer's target). */
  readonly probability?: number;
  /** On the last hop of a packet that ends here. */
  readonly verdict?: Verdict;
}
