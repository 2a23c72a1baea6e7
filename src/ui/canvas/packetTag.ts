import { formatIpv4 } from "../../core/net/ipv4";
import { formatEndpoint, type Packet } from "../../core/net/packet";
import type { HopView } from "../../worker/protocol";

export type Nat = "DNAT" | "SNAT" | "un-DNAT" | "un-SNAT";

/** A header on the packet's tag. */
export interface TagField {
  readonly name: "src" | "dst";
  readonly value: string;
  /** Set when this hop rewrote it. */
  readonly change?: { readonly nat: Nat; readonly symbol: "⇒" | "⇐"; readonly before: string };
}

export interface PacketTag {
  /** `SYN`, `request` … */
  readonly role: string;
  readonly fields: readonly [TagField, TagField];
  /** What is inside, where that is more than a handshake. */
  readonly payload?: string;
  /** The headers of the packet inside a tunnel's. */
  readonly inner?: InnerHeaders;
}

export interface InnerHeaders {
  readonly vni: number;
  readonly src: string;
  readonly dst: string;
}

/** Hops at which another packet begins: its headers are new, not rewritten. */
const BEGINNINGS: ReadonlySet<HopView["kind"]> = new Set([
  "connect",
  "answer",
  "relay",
  "send",
  "encapsulate",
  "decapsulate",
]);

/** Of a tunnel's packet. */
export function innerHeaders({ vxlan }: Packet): InnerHeaders | undefined {
  if (!vxlan) return undefined;
  const { vni, packet } = vxlan;
  return { vni, src: addressText(packet, "src"), dst: addressText(packet, "dst") };
}

/** What the moving packet shows of itself. On the way back a rewritten source takes the DNAT back, a rewritten
 *  destination the SNAT. */
export function packetTag(hop: HopView): PacketTag {
  const { before, after, direction } = hop;
  const isNew = BEGINNINGS.has(hop.kind);
  const inner = innerHeaders(after);
  const field = (name: "src" | "dst"): TagField => {
    const value = addressText(after, name);
    const was = addressText(before, name);
    if (value === was || isNew) return { name, value };
    const isDnat = (name === "dst") === (direction === "original");
    const nat: Nat =
      direction === "original" ? (isDnat ? "DNAT" : "SNAT") : isDnat ? "un-DNAT" : "un-SNAT";
    return { name, value, change: { nat, symbol: isDnat ? "⇒" : "⇐", before: was } };
  };
  return {
    // A gateway decides over the request that it has got.
    role: BEGINNINGS.has(hop.kind) && after.flags === "P." ? "request" : roleOf(hop),
    fields: [field("src"), field("dst")],
    payload: after.payload,
    ...(inner && { inner }),
  };
}

/** ICMP has no ports. */
function roleOf({ role, after }: HopView): string {
  return after.dst === 0 ? `${role}, not sent` : role;
}

export function addressText(packet: Packet, name: TagField["name"]): string {
  if (packet[name] === 0) return "no address";
  if (packet.protocol === "icmp") return formatIpv4(packet[name]);
  return formatEndpoint(packet[name], name === "src" ? packet.sport : packet.dport);
}
