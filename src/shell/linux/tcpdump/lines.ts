import { type DnsMessage, dnsMessageBytes, formatDnsMessage } from "../../../core/net/dns-message";
import { formatIpv4 } from "../../../core/net/ipv4";
import { type Packet, packetBytes, type QuotedHeader } from "../../../core/net/packet";
import { formatTimestamp, SECOND } from "../../../core/sim/time";
import type { Frame } from "../../../core/trace/frame";
import { portName } from "../services";

/** One line, as tcpdump 4.99 prints it. */
export function frameLine(frame: Frame, numeric: boolean, withInterface: boolean): string {
  const where = withInterface ? ` ${frame.dev} ${frame.direction === "in" ? " In " : " Out"}` : "";
  return `${clock(frame.atUs)}${where} ${packetWords(frame.packet, numeric)}`;
}

function clock(atUs: number): string {
  const time = /T([\d:]+)Z/.exec(formatTimestamp(atUs))?.[1] ?? "";
  return `${time}.${String(atUs % SECOND).padStart(6, "0")}`;
}

function packetWords(packet: Packet, numeric: boolean): string {
  const { src, dst, sport, dport, protocol } = packet;
  if (protocol === "icmp")
    return `IP ${formatIpv4(src)} > ${formatIpv4(dst)}: ${icmpWords(packet)}`;
  const end = (ip: number, port: number) => `${formatIpv4(ip)}.${portName(String(port), numeric)}`;
  const head = `IP ${end(src, sport)} > ${end(dst, dport)}:`;
  if (protocol === "tcp") return `${head} ${tcpWords(packet)}`;
  if (packet.vxlan)
    return `${head} VXLAN, flags [I] (0x08), vni ${packet.vxlan.vni}\n${packetWords(packet.vxlan.packet, numeric)}`;
  if (packet.dns) return `${head} ${dnsWords(packet.dns)}`;
  if (protocol === "sctp") return `${head} sctp (1) [DATA]`;
  return `${head} UDP, length ${packet.payloadBytes}`;
}

function tcpWords({ flags = ".", seq, ack, payloadBytes, payload = "" }: Packet): string {
  const words = [`Flags [${flags}]`];
  if (payloadBytes > 0) words.push(`seq ${seq}:${seq + payloadBytes}`);
  else if (flags !== ".") words.push(`seq ${seq}`);
  if (flags !== "S" && flags !== "R") words.push(`ack ${ack}`);
  words.push(`win ${flags.startsWith("R") ? 0 : 64_240}`, `length ${payloadBytes}`);
  const http = /^(?:[A-Z]+ \S+ HTTP\/|HTTP\/)/.test(payload) ? `: HTTP: ${payload}` : "";
  return words.join(", ") + http;
}

/** `4711+ A? kuard.default.svc.cluster.local. (49)`; `4711* 1/0/0 A 10.96.0.1 (96)`. */
function dnsWords(message: DnsMessage): string {
  const { id, answer } = message;
  const size = dnsMessageBytes(message).length;
  const words = formatDnsMessage(message);
  if (!answer) return `${id}+ ${words} (${size})`;
  const failed = answer.rcode === "NOERROR" ? "" : ` ${words}`;
  const count = `${answer.answers.length}/0/${answer.additional.length}`;
  const records = answer.answers.length > 0 ? ` ${words}` : "";
  return `${id}${failed}${answer.authoritative ? "*" : ""} ${count}${records} (${size})`;
}

function icmpWords(packet: Packet): string {
  const { icmp, echo, sport, dport } = packet;
  const length = packetBytes(packet) - 20;
  if (echo) return `ICMP echo ${echo}, id ${sport || dport}, seq 1, length ${length}`;
  if (!icmp) return `ICMP, length ${length}`;
  return `ICMP ${errorWords(icmp.error, icmp.quoted)}, length ${length}`;
}

function errorWords(
  error: NonNullable<Packet["icmp"]>["error"],
  { dst, dport, protocol }: QuotedHeader,
): string {
  const to = formatIpv4(dst);
  switch (error) {
    case "port-unreachable":
      return `${to} ${protocol} port ${dport} unreachable`;
    case "proto-unreachable":
      return `${to} protocol ${protocol} unreachable`;
    case "host-unreachable":
      return `host ${to} unreachable`;
    case "net-unreachable":
      return `net ${to} unreachable`;
    case "net-prohibited":
      return `net ${to} unreachable - admin prohibited`;
    case "host-prohibited":
      return `host ${to} unreachable - admin prohibited`;
    case "admin-prohibited":
      return `host ${to} unreachable - admin prohibited filter`;
    case "ttl-exceeded":
      return "time exceeded in-transit";
  }
}
