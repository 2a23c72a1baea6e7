import type { Packet } from "../net/packet";
import type { Hop, HopKind } from "./hop";
import { wireBytes } from "./wire-bytes";

/** LINKTYPE_RAW: the packet begins with its IP header. Source: tcpdump.org, link-layer header types. */
const LINKTYPE_RAW = 101;
const SECTION_HEADER = 0x0a0d0d0a;
const INTERFACE_DESCRIPTION = 1;
const ENHANCED_PACKET = 6;
const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
const OPTION_IF_NAME = 2;

/** Where a tap would see the packet: it enters or leaves a machine. */
const ON_THE_WIRE: readonly HopKind[] = [
  "send",
  "delivered",
  "accept",
  "forward",
  "NAT",
  "route",
  "bridge",
];

/** What a tap needs of a hop. */
export type TappedHop = Pick<
  Hop,
  "atUs" | "node" | "place" | "kind" | "connection" | "role" | "direction" | "after"
>;

/** A capture of these hops as a pcapng file, an interface for each machine. Each packet is taken once for each form
 *  that its headers have on the way, where it first has it: so that every translated stream is there once, whole.
 *  Source: draft-ietf-opsawg-pcapng. */
export function pcapng(hops: readonly TappedHop[]): Uint8Array {
  const taken = new Set<string>();
  const seen = hops.filter((hop) => {
    if (!ON_THE_WIRE.includes(hop.kind) || !isTap(hop)) return false;
    const form = formOf(hop);
    return !taken.has(form) && taken.add(form);
  });
  const names = [...new Set(seen.map(({ node }) => node))];
  const blocks = [sectionHeader(), ...names.map(interfaceDescription)];
  for (const hop of seen) {
    blocks.push(enhancedPacket(names.indexOf(hop.node), hop.atUs, hop.after));
  }
  return concat(blocks);
}

/** A node's routing decision is no tap; those of the internet and the VPC are. */
function isTap({ kind, place }: TappedHop): boolean {
  return kind !== "route" || !place.startsWith("node/");
}

function formOf({ connection, role, direction, after }: TappedHop): string {
  const { src, sport, dst, dport, seq } = after;
  return [connection, role, direction, src, sport, dst, dport, seq].join(" ");
}

function sectionHeader(): Uint8Array {
  const body = new Uint8Array(16);
  const view = new DataView(body.buffer);
  view.setUint32(0, BYTE_ORDER_MAGIC, true);
  view.setUint16(4, 1, true);
  // Length of the section: not given.
  view.setUint32(8, 0xffffffff, true);
  view.setUint32(12, 0xffffffff, true);
  return block(SECTION_HEADER, body);
}

/** Timestamps are microseconds, the format's default. */
function interfaceDescription(name: string): Uint8Array {
  const text = Uint8Array.from(name, (character) => character.charCodeAt(0));
  const padded = text.length + padding(text.length);
  const body = new Uint8Array(8 + 4 + padded + 4);
  const view = new DataView(body.buffer);
  view.setUint16(0, LINKTYPE_RAW, true);
  view.setUint16(8, OPTION_IF_NAME, true);
  view.setUint16(10, text.length, true);
  body.set(text, 12);
  return block(INTERFACE_DESCRIPTION, body);
}

function enhancedPacket(interfaceId: number, atUs: number, packet: Packet): Uint8Array {
  const bytes = wireBytes(packet);
  const body = new Uint8Array(20 + bytes.length + padding(bytes.length));
  const view = new DataView(body.buffer);
  view.setUint32(0, interfaceId, true);
  view.setUint32(4, Math.floor(atUs / 2 ** 32), true);
  view.setUint32(8, atUs >>> 0, true);
  view.setUint32(12, bytes.length, true);
  view.setUint32(16, bytes.length, true);
  body.set(bytes, 20);
  return block(ENHANCED_PACKET, body);
}

function block(type: number, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + body.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type, true);
  view.setUint32(4, bytes.length, true);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, bytes.length, true);
  return bytes;
}

function padding(length: number): number {
  return (4 - (length % 4)) % 4;
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
