import type { Ipv4 } from "../net/ipv4";
import type { Packet } from "../net/packet";
import type { Decider } from "../sim/decider";
import type { FrameDraft } from "../trace/frame";
import type { Hop, HopKind, PacketRole, RuleWalk } from "../trace/hop";
import type { Verdict } from "../trace/verdict";
import type { PacketCt } from "./netfilter/tracking";
import type { Listener, NetnsId } from "./netns";
import type { Plane } from "./plane";

/** Where a packet is in its machine's network stack, or that it is between machines. Plain data: a flight can be kept
 *  in a queue and in a snapshot. */
export type Stage =
  /** A local socket sends it. */
  | {
      readonly at: "output";
      readonly netns: NetnsId;
      /** A tunnel sends: its own hop has told of the packet. */
      readonly isTunnel?: true;
    }
  /** A frame arrives at a device; `nextHop` is the address whose MAC it was sent to. */
  | {
      readonly at: "receive";
      readonly netns: NetnsId;
      readonly dev: string;
      readonly nextHop: Ipv4;
    }
  | {
      readonly at: "input";
      readonly netns: NetnsId;
      readonly devIn: string;
      /** Bridge port that the frame came in on, where iptables is asked about bridges. */
      readonly portIn?: string;
    }
  | {
      readonly at: "forward";
      readonly netns: NetnsId;
      readonly devIn: string;
      readonly portIn?: string;
      readonly out: Egress;
      readonly bridged: boolean;
    }
  | {
      readonly at: "postrouting";
      readonly netns: NetnsId;
      readonly devIn?: string;
      readonly portIn?: string;
      readonly out: Egress;
      readonly bridged: boolean;
    }
  /** On the wire between machines, sent by this one. */
  | {
      readonly at: "wire";
      readonly from: NetnsId;
      /** The network card that it left by. */
      readonly dev: string;
      readonly nextHop: Ipv4;
    }
  /** At the VPC router. */
  | { readonly at: "vpc" }
  /** Out there. */
  | { readonly at: "internet" }
  /** At the VPC's edge, coming from the internet. */
  | { readonly at: "edge" };

export interface Egress {
  readonly dev: string;
  readonly nextHop: Ipv4;
  /** Bridge port that the frame came in on, where it stays on the bridge. */
  readonly inPort?: string;
}

/** A packet under way. */
export interface Flight {
  readonly packet: Packet;
  readonly connection: number;
  readonly role: PacketRole;
  readonly direction: "original" | "reply";
  readonly stage: Stage;
  /** Only while the packet is on a machine that tracks connections. */
  readonly ct?: PacketCt;
  /** Steps taken so far: names the random draws, and stops a packet that would go round for ever. */
  readonly steps: number;
}

/** A hop without what its flight says of it. */
export type HopDraft = Omit<Hop, "atUs" | "connection" | "role" | "direction" | "walks"> & {
  readonly walks?: readonly RuleWalk[];
};

/** What one step did. */
export interface Step {
  readonly hops: readonly HopDraft[];
  readonly next?: { readonly flight: Flight; readonly delayUs: number };
  /** The packet reached a socket: a listener, or a client (then `listener` is absent). */
  readonly arrived?: {
    readonly netns: NetnsId;
    readonly packet: Packet;
    readonly listener?: Listener;
  };
  /** The packet ended here. */
  readonly ended?: Verdict;
  /** An answer that the kernel makes by itself: a reset or an ICMP error, sent from this namespace. */
  readonly answer?: { readonly flight: Flight; readonly delayUs: number };
}

export interface StepContext {
  readonly plane: Plane;
  readonly nowUs: number;
  readonly decide: Decider;
  /** A packet passes an interface, as whoever listens there sees it. Absent: nobody does. */
  readonly capture?: ((frame: FrameDraft) => void) | undefined;
  /** Is a client's socket bound here that this packet belongs to? */
  isClient(netns: NetnsId, packet: Packet): boolean;
  /** Test every rule in turn instead of using the chain index. */
  readonly naive?: boolean | undefined;
  /** What the packets are for, where that is not somebody's request: conntrack entries keep it. Opaque, as a rule's is. */
  readonly origin?: string | undefined;
}

export function hop(
  node: string,
  place: string,
  kind: HopKind,
  before: Packet,
  after: Packet,
  detail: string,
): HopDraft {
  return { node, place, kind, before, after, detail };
}
