import { type DnsMessage, formatDnsMessage } from "./dns-message";
import type { HttpPart } from "./http-message";
import { formatIpv4, type Ipv4 } from "./ipv4";

export type Protocol = "tcp" | "udp" | "sctp" | "icmp";

/** As the IP header carries them. Source: IANA protocol numbers. */
export const PROTOCOL_NUMBERS: Record<Protocol, number> = { icmp: 1, tcp: 6, udp: 17, sctp: 132 };

/** tcpdump's letters: S SYN, S. SYN-ACK, . ACK, P. data, F. FIN, R RST, R. RST-ACK. */
export type TcpFlags = "S" | "S." | "." | "P." | "F." | "R" | "R.";

/** FIN 1, SYN 2, RST 4, PSH 8, ACK 16. Source: RFC 9293. */
export const TCP_FLAG_BITS: Record<TcpFlags, number> = {
  S: 0x02,
  "S.": 0x12,
  ".": 0x10,
  "P.": 0x18,
  "F.": 0x11,
  R: 0x04,
  "R.": 0x14,
};

/** The packet that an ICMP error quotes, from its header on. */
export type QuotedHeader = Pick<Packet, "protocol" | "src" | "sport" | "dst" | "dport"> &
  Partial<Omit<Packet, "mark" | "icmp">>;

export type IcmpError =
  | "port-unreachable"
  | "host-unreachable"
  | "net-unreachable"
  | "proto-unreachable"
  | "net-prohibited"
  | "host-prohibited"
  | "admin-prohibited"
  | "ttl-exceeded";

/** Source: RFC 792, RFC 1812. */
export const ICMP_TYPES: Record<IcmpError, { readonly type: number; readonly code: number }> = {
  "net-unreachable": { type: 3, code: 0 },
  "host-unreachable": { type: 3, code: 1 },
  "proto-unreachable": { type: 3, code: 2 },
  "port-unreachable": { type: 3, code: 3 },
  "net-prohibited": { type: 3, code: 9 },
  "host-prohibited": { type: 3, code: 10 },
  "admin-prohibited": { type: 3, code: 13 },
  "ttl-exceeded": { type: 11, code: 0 },
};

/** One IPv4 packet with the headers that decide its way, and the kernel's mark that travels with it. */
export interface Packet {
  readonly protocol: Protocol;
  readonly src: Ipv4;
  readonly dst: Ipv4;
  /** TCP/UDP/SCTP ports; 0 and 0 for ICMP errors. For ICMP echo `sport` is the identifier. */
  readonly sport: number;
  readonly dport: number;
  readonly ttl: number;
  /** Netfilter mark (skb->mark): lives on one machine only, never on the wire. */
  readonly mark: number;
  /** TCP only. */
  readonly flags?: TcpFlags;
  /** TCP sequence numbers, relative to the connection's start. */
  readonly seq: number;
  readonly ack: number;
  /** Bytes after the transport header. */
  readonly payloadBytes: number;
  /** First line of what the payload says, for people: `GET / HTTP/1.1`. */
  readonly payload?: string;
  /** TCP: the payload is an HTTP message, whose first line `payload` is, and which goes on like this. */
  readonly http?: HttpPart;
  /** UDP: the payload is this message. */
  readonly dns?: DnsMessage;
  /** UDP: the payload is this Ethernet frame behind a VXLAN header. */
  readonly vxlan?: VxlanFrame;
  /** ICMP: `ping` asks, or is answered. */
  readonly echo?: "request" | "reply";
  /** ICMP errors: what is reported about which packet. */
  readonly icmp?: { readonly error: IcmpError; readonly quoted: QuotedHeader };
}

/** What a tunnel carries. Source: RFC 7348. */
export interface VxlanFrame {
  /** VXLAN network identifier. */
  readonly vni: number;
  readonly srcMac: string;
  readonly dstMac: string;
  readonly packet: Packet;
}

/** VXLAN and Ethernet headers. */
export const VXLAN_FRAME_BYTES = 8 + 14;

const IP_HEADER_BYTES = 20;
/** SCTP's with that of its one chunk. */
const TRANSPORT_HEADER_BYTES: Record<Protocol, number> = { tcp: 20, udp: 8, sctp: 28, icmp: 8 };
/** An ICMP error is at most 576 bytes long. Source: kernel icmp.c, icmp_send. */
const MAX_QUOTED_BYTES = 576 - IP_HEADER_BYTES - TRANSPORT_HEADER_BYTES.icmp;

/** Length as the IP header gives it, which is what iptables' byte counters add up. */
export function packetBytes(packet: Packet): number {
  const payload = packet.icmp ? quotedBytes(packet.icmp.quoted) : packet.payloadBytes;
  return IP_HEADER_BYTES + TRANSPORT_HEADER_BYTES[packet.protocol] + payload;
}

/** How much of a packet an ICMP error about it quotes. */
export function quotedBytes({ protocol, payloadBytes = 0 }: QuotedHeader): number {
  const length = IP_HEADER_BYTES + TRANSPORT_HEADER_BYTES[protocol] + payloadBytes;
  return Math.min(length, MAX_QUOTED_BYTES);
}

export function formatEndpoint(ip: Ipv4, port: number): string {
  return `${formatIpv4(ip)}:${port}`;
}

/** `203.0.113.10:40000 > 10.0.1.11:30080 tcp S`; a DNS message is told behind it, an ICMP error quotes the packet it is about,
 *  a tunnel's packet the one that it carries. */
export function formatPacket(packet: Packet): string {
  if (packet.icmp) {
    const { error, quoted } = packet.icmp;
    const about = `${formatEndpoint(quoted.src, quoted.sport)} > ${formatEndpoint(quoted.dst, quoted.dport)}`;
    return `${formatIpv4(packet.src)} > ${formatIpv4(packet.dst)} icmp ${error} (${quoted.protocol} ${about})`;
  }
  if (packet.protocol === "icmp") {
    const echo = packet.echo === undefined ? "" : ` echo ${packet.echo}`;
    return `${formatIpv4(packet.src)} > ${formatIpv4(packet.dst)} icmp${echo}`;
  }
  const ends = `${formatEndpoint(packet.src, packet.sport)} > ${formatEndpoint(packet.dst, packet.dport)}`;
  if (packet.vxlan) {
    const { vni, packet: inner } = packet.vxlan;
    return `${ends} ${packet.protocol} vxlan ${vni} [${formatPacket(inner)}]`;
  }
  if (packet.dns) return `${ends} ${packet.protocol} ${formatDnsMessage(packet.dns)}`;
  return packet.flags ? `${ends} ${packet.protocol} ${packet.flags}` : `${ends} ${packet.protocol}`;
}

/** The same packet on its way back: addresses and ports swapped. */
export function reversed(packet: Packet): Packet {
  return { ...packet, src: packet.dst, dst: packet.src, sport: packet.dport, dport: packet.sport };
}
