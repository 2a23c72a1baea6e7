import {
  ICMP_TYPES,
  type IcmpError,
  type Packet,
  PROTOCOL_NUMBERS,
  type QuotedHeader,
  TCP_FLAG_BITS,
} from "../net/packet";

const IP_HEADER_BYTES = 20;
const TCP_HEADER_BYTES = 20;
const UDP_HEADER_BYTES = 8;
const ICMP_HEADER_BYTES = 8;
/** An ICMP error quotes the header and the first 8 bytes behind it. Source: RFC 792. */
const QUOTED_PAYLOAD_BYTES = 8;
const TCP_WINDOW = 64_240;

/** The packet as it is on the wire, from the IPv4 header on, checksums included.
 *  Simplified: SCTP is written as a bare header without chunks. */
export function wireBytes(packet: Packet): Uint8Array {
  const body = transportBytes(packet);
  const bytes = new Uint8Array(IP_HEADER_BYTES + body.length);
  writeIpHeader(bytes, packet, bytes.length, packet.ttl);
  bytes.set(body, IP_HEADER_BYTES);
  return bytes;
}

function writeIpHeader(
  bytes: Uint8Array,
  header: Pick<Packet, "protocol" | "src" | "dst">,
  length: number,
  ttl: number,
): void {
  const view = viewOf(bytes);
  view.setUint8(0, 0x45);
  view.setUint16(2, length);
  // Don't fragment.
  view.setUint16(6, 0x4000);
  view.setUint8(8, ttl);
  view.setUint8(9, PROTOCOL_NUMBERS[header.protocol]);
  view.setUint32(12, header.src);
  view.setUint32(16, header.dst);
  view.setUint16(10, checksum(bytes.subarray(0, IP_HEADER_BYTES)));
}

function transportBytes(packet: Packet): Uint8Array {
  if (packet.icmp) return icmpBytes(packet.icmp.error, packet.icmp.quoted);
  const payload = payloadBytes(packet);
  switch (packet.protocol) {
    case "tcp":
      return tcpBytes(packet, payload);
    case "udp":
      return udpBytes(packet, payload);
    default: {
      const bytes = new Uint8Array(12 + payload.length);
      viewOf(bytes).setUint16(0, packet.sport);
      viewOf(bytes).setUint16(2, packet.dport);
      return bytes;
    }
  }
}

function tcpBytes(packet: Packet, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(TCP_HEADER_BYTES + payload.length);
  const view = viewOf(bytes);
  view.setUint16(0, packet.sport);
  view.setUint16(2, packet.dport);
  view.setUint32(4, packet.seq);
  view.setUint32(8, packet.flags === "S" ? 0 : packet.ack);
  view.setUint8(12, (TCP_HEADER_BYTES / 4) << 4);
  view.setUint8(13, TCP_FLAG_BITS[packet.flags ?? "."]);
  view.setUint16(14, TCP_WINDOW);
  bytes.set(payload, TCP_HEADER_BYTES);
  view.setUint16(16, transportChecksum(packet, bytes));
  return bytes;
}

function udpBytes(packet: Packet, payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(UDP_HEADER_BYTES + payload.length);
  const view = viewOf(bytes);
  view.setUint16(0, packet.sport);
  view.setUint16(2, packet.dport);
  view.setUint16(4, bytes.length);
  bytes.set(payload, UDP_HEADER_BYTES);
  // Zero would mean: no checksum.
  view.setUint16(6, transportChecksum(packet, bytes) || 0xffff);
  return bytes;
}

function icmpBytes(error: IcmpError, quoted: QuotedHeader): Uint8Array {
  const inner = new Uint8Array(IP_HEADER_BYTES + QUOTED_PAYLOAD_BYTES);
  writeIpHeader(inner, quoted, IP_HEADER_BYTES + TCP_HEADER_BYTES, 64);
  const innerView = viewOf(inner);
  innerView.setUint16(IP_HEADER_BYTES, quoted.sport);
  innerView.setUint16(IP_HEADER_BYTES + 2, quoted.dport);
  const bytes = new Uint8Array(ICMP_HEADER_BYTES + inner.length);
  const { type, code } = ICMP_TYPES[error];
  const view = viewOf(bytes);
  view.setUint8(0, type);
  view.setUint8(1, code);
  bytes.set(inner, ICMP_HEADER_BYTES);
  view.setUint16(2, checksum(bytes));
  return bytes;
}

/** The payload's first line, filled up to its size; HTTP gets what makes it a whole message. */
function payloadBytes({ payload = "", payloadBytes: size }: Packet): Uint8Array {
  const bytes = new Uint8Array(size);
  const text = payload.includes("HTTP/1.") ? httpMessage(payload, size) : payload;
  for (let i = 0; i < size; i++) bytes[i] = i < text.length ? text.charCodeAt(i) : 0x20;
  return bytes;
}

function httpMessage(startLine: string, size: number): string {
  const head = startLine.startsWith("HTTP/")
    ? `${startLine}\r\nContent-Type: text/plain\r\nConnection: close\r\n`
    : `${startLine}\r\nHost: kubehop\r\n`;
  if (!startLine.startsWith("HTTP/"))
    return `${head}X-Fill: `.padEnd(size - 4, "-").concat("\r\n\r\n");
  const lengthLine = (length: number) => `Content-Length: ${length}\r\n\r\n`;
  const room = size - head.length;
  const length = room - lengthLine(room).length;
  return head + lengthLine(length);
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
  return checksum(pseudo);
}

/** The Internet checksum. Source: RFC 1071. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) {
    sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
