import {
  ICMP_TYPES,
  type IcmpError,
  type Packet,
  PROTOCOL_NUMBERS,
  type QuotedHeader,
  quotedBytes,
  TCP_FLAG_BITS,
  VXLAN_FRAME_BYTES,
  type VxlanFrame,
} from "../net/packet";
import { crc32c, internetChecksum } from "./checksums";
import { payloadBytes } from "./payload-bytes";

const IP_HEADER_BYTES = 20;
const TCP_HEADER_BYTES = 20;
const UDP_HEADER_BYTES = 8;
const ICMP_HEADER_BYTES = 8;
const SCTP_HEADER_BYTES = 12;
const SCTP_DATA_HEADER_BYTES = 16;
const TCP_WINDOW = 64_240;
const DEFAULT_TTL = 64;

/** A packet, or the part of one that an error quotes. */
type WirePacket = QuotedHeader & Pick<Packet, "icmp">;

/** The packet as it is on the wire, from the IPv4 header on, checksums included. */
export function wireBytes(packet: WirePacket): Uint8Array {
  const body = transportBytes(packet);
  const bytes = new Uint8Array(IP_HEADER_BYTES + body.length);
  const view = viewOf(bytes);
  view.setUint8(0, 0x45);
  view.setUint16(2, bytes.length);
  // Don't fragment.
  view.setUint16(6, 0x4000);
  view.setUint8(8, packet.ttl ?? DEFAULT_TTL);
  view.setUint8(9, PROTOCOL_NUMBERS[packet.protocol]);
  view.setUint32(12, packet.src);
  view.setUint32(16, packet.dst);
  view.setUint16(10, internetChecksum(bytes.subarray(0, IP_HEADER_BYTES)));
  bytes.set(body, IP_HEADER_BYTES);
  return bytes;
}

function transportBytes(packet: WirePacket): Uint8Array {
  if (packet.icmp) return icmpBytes(packet.icmp.error, packet.icmp.quoted);
  const payload = payloadBytes(packet);
  switch (packet.protocol) {
    case "tcp":
      return tcpBytes(packet, payload);
    case "udp":
      return udpBytes(packet, packet.vxlan ? vxlanBytes(packet.vxlan) : payload);
    case "sctp":
      return sctpBytes(packet, payload);
    case "icmp":
      return packet.echo ? echoBytes(packet, payload) : payload;
  }
}

function tcpBytes(packet: WirePacket, payload: Uint8Array): Uint8Array {
  const { sport, dport, seq = 0, ack = 0, flags = "." } = packet;
  const bytes = new Uint8Array(TCP_HEADER_BYTES + payload.length);
  const view = viewOf(bytes);
  view.setUint16(0, sport);
  view.setUint16(2, dport);
  view.setUint32(4, seq);
  view.setUint32(8, flags === "S" ? 0 : ack);
  view.setUint8(12, (TCP_HEADER_BYTES / 4) << 4);
  view.setUint8(13, TCP_FLAG_BITS[flags]);
  view.setUint16(14, flags.startsWith("R") ? 0 : TCP_WINDOW);
  bytes.set(payload, TCP_HEADER_BYTES);
  view.setUint16(16, transportChecksum(packet, bytes));
  return bytes;
}

function udpBytes(packet: WirePacket, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(UDP_HEADER_BYTES + payload.length);
  const view = viewOf(bytes);
  view.setUint16(0, packet.sport);
  view.setUint16(2, packet.dport);
  view.setUint16(4, bytes.length);
  bytes.set(payload, UDP_HEADER_BYTES);
  // Zero means: no checksum. Linux's VXLAN devices make none. Source: ip-link(8), noudpcsum.
  view.setUint16(6, packet.vxlan ? 0 : transportChecksum(packet, bytes) || 0xffff);
  return bytes;
}

const VXLAN_HEADER_BYTES = 8;
const VNI_IS_VALID = 0x08;
const ETHERTYPE_IPV4 = 0x0800;

/** Source: RFC 7348, section 5. */
function vxlanBytes({ vni, srcMac, dstMac, packet }: VxlanFrame): Uint8Array {
  const header = new Uint8Array(VXLAN_FRAME_BYTES);
  const view = viewOf(header);
  view.setUint8(0, VNI_IS_VALID);
  view.setUint32(4, vni << 8);
  header.set([...macBytes(dstMac), ...macBytes(srcMac)], VXLAN_HEADER_BYTES);
  view.setUint16(VXLAN_FRAME_BYTES - 2, ETHERTYPE_IPV4);
  const inner = wireBytes(packet);
  const bytes = new Uint8Array(header.length + inner.length);
  bytes.set(header);
  bytes.set(inner, header.length);
  return bytes;
}

function macBytes(mac: string): readonly number[] {
  return mac.split(":").map((byte) => Number.parseInt(byte, 16));
}

/** Simplified: one DATA chunk, without the association's INIT and COOKIE before it. Source: RFC 9260. */
function sctpBytes({ sport, dport }: WirePacket, payload: Uint8Array): Uint8Array {
  const chunkBytes = SCTP_DATA_HEADER_BYTES + payload.length;
  const bytes = new Uint8Array(SCTP_HEADER_BYTES + chunkBytes + ((4 - (chunkBytes % 4)) % 4));
  const view = viewOf(bytes);
  view.setUint16(0, sport);
  view.setUint16(2, dport);
  view.setUint32(4, 1);
  // DATA, unfragmented.
  view.setUint16(SCTP_HEADER_BYTES, 0x0003);
  view.setUint16(SCTP_HEADER_BYTES + 2, chunkBytes);
  view.setUint32(SCTP_HEADER_BYTES + 4, 1);
  bytes.set(payload, SCTP_HEADER_BYTES + SCTP_DATA_HEADER_BYTES);
  view.setUint32(8, crc32c(bytes), true);
  return bytes;
}

/** Source: RFC 792. */
function echoBytes({ echo, sport, dport }: WirePacket, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(ICMP_HEADER_BYTES + payload.length);
  const view = viewOf(bytes);
  view.setUint8(0, echo === "request" ? 8 : 0);
  view.setUint16(4, sport || dport);
  view.setUint16(6, 1);
  bytes.set(payload, ICMP_HEADER_BYTES);
  view.setUint16(2, internetChecksum(bytes));
  return bytes;
}

function icmpBytes(error: IcmpError, quoted: QuotedHeader): Uint8Array {
  const inner = wireBytes(quoted).subarray(0, quotedBytes(quoted));
  const bytes = new Uint8Array(ICMP_HEADER_BYTES + inner.length);
  const { type, code } = ICMP_TYPES[error];
  const view = viewOf(bytes);
  view.setUint8(0, type);
  view.setUint8(1, code);
  bytes.set(inner, ICMP_HEADER_BYTES);
  view.setUint16(2, internetChecksum(bytes));
  return bytes;
}

function transportChecksum(
  header: Pick<Packet, "protocol" | "src" | "dst">,
  segment: Uint8Array,
): number {
  const pseudo = new Uint8Array(12 + segment.length);
  const view = viewOf(pseudo);
  view.setUint32(0, header.src);
  view.setUint32(4, header.dst);
  view.setUint8(9, PROTOCOL_NUMBERS[header.protocol]);
  view.setUint16(10, segment.length);
  pseudo.set(segment, 12);
  return internetChecksum(pseudo);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
