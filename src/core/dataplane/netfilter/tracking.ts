import type { IcmpError, Packet, QuotedHeader } from "../../net/packet";
import { invert, type Tuple, tupleOf } from "../../net/tuple";
import { SECOND } from "../../sim/time";
import type { ConntrackEntry, ConntrackTable, TcpState } from "./conntrack";
import type { ConntrackStateName } from "./rules";

/** What conntrack knows of the packet in hand while it is on one machine (skb->_nfct). Plain data. */
export interface PacketCt {
  readonly state: Extract<ConntrackStateName, "NEW" | "ESTABLISHED" | "RELATED" | "INVALID">;
  readonly direction: "original" | "reply";
  /** The entry in the table; absent while the connection is not confirmed. */
  readonly entry?: ConntrackEntry;
  /** First packet: what the entry will be once it is confirmed at POSTROUTING or INPUT. */
  readonly pending?: PendingEntry;
}

export interface PendingEntry {
  readonly original: Tuple;
  readonly reply: Tuple;
  readonly dnat: boolean;
  readonly snat: boolean;
}

/** Seconds an entry lives after its last packet. Source: kernel nf_conntrack_proto_tcp.c, _udp.c, _sctp.c defaults. */
const TCP_TIMEOUT_S: Record<TcpState, number> = {
  SYN_SENT: 120,
  SYN_RECV: 60,
  ESTABLISHED: 432_000,
  FIN_WAIT: 120,
  CLOSE_WAIT: 60,
  LAST_ACK: 30,
  TIME_WAIT: 120,
  CLOSE: 10,
};
const UDP_TIMEOUT_S = 30;
const UDP_STREAM_TIMEOUT_S = 120;
/** A UDP entry becomes a stream when it is still used after this time. Source: kernel nf_conntrack_proto_udp.c. */
const UDP_STREAM_AFTER_US = 2 * SECOND;
const OTHER_TIMEOUT_S = 30;

/** Looks a packet up as it enters the stack: the hook at priority −200. */
export function track(table: ConntrackTable, packet: Packet, nowUs: number): PacketCt {
  if (packet.icmp) {
    // The error travels against the packet that it quotes, as this machine sent it on: after its NAT.
    const about = table.find(invert(tupleOf(packet.icmp.quoted)), nowUs);
    return about
      ? { state: "RELATED", direction: about.direction, entry: about.entry }
      : { state: "INVALID", direction: "original" };
  }
  const tuple = tupleOf(packet);
  const found = table.find(tuple, nowUs);
  if (found) {
    const established = found.direction === "reply" || found.entry.seenReply;
    return {
      state: established ? "ESTABLISHED" : "NEW",
      direction: found.direction,
      entry: found.entry,
    };
  }
  // A bare ACK is picked up (nf_conntrack_tcp_loose=1); SYN-ACK, FIN and RST out of nowhere are INVALID.
  if (
    packet.protocol === "tcp" &&
    packet.flags !== "S" &&
    packet.flags !== "." &&
    packet.flags !== "P."
  ) {
    return { state: "INVALID", direction: "original" };
  }
  return {
    state: "NEW",
    direction: "original",
    pending: { original: tuple, reply: invert(tuple), dnat: false, snat: false },
  };
}

/** Puts a new connection into the table, or moves a known one on: what a packet does to conntrack by passing. */
export function confirm(
  table: ConntrackTable,
  ct: PacketCt,
  packet: Packet,
  nowUs: number,
): PacketCt {
  if (ct.pending) {
    const tcpState: TcpState = packet.flags === "S" ? "SYN_SENT" : "ESTABLISHED";
    const entry = table.insert({
      ...ct.pending,
      ...(packet.protocol === "tcp" && { tcpState }),
      seenReply: false,
      assured: false,
      createdAtUs: nowUs,
      expiresAtUs: nowUs + timeoutS(packet, tcpState) * SECOND,
    });
    return { state: ct.state, direction: ct.direction, entry };
  }
  return ct;
}

/** Moves a known connection on as the kernel does when it sees the packet: state, timeout, [ASSURED]. */
export function advanceEntry(
  table: ConntrackTable,
  ct: PacketCt,
  packet: Packet,
  nowUs: number,
): PacketCt {
  const { entry, direction } = ct;
  if (!entry || ct.state === "RELATED") return ct;
  const reply = direction === "reply";
  if (packet.protocol === "tcp" && reply && packet.flags?.startsWith("R") && !entry.seenReply) {
    // The only answer is a reset: there never was a connection. Source: nf_conntrack_proto_tcp.c.
    table.remove(entry);
    return ct;
  }
  const seenReply = entry.seenReply || reply;
  let next: ConntrackEntry;
  if (packet.protocol === "tcp") {
    const tcpState = nextTcpState(entry.tcpState ?? "ESTABLISHED", packet, direction);
    const assured = entry.assured || tcpState === "ESTABLISHED";
    next = {
      ...entry,
      tcpState,
      seenReply,
      assured,
      expiresAtUs: nowUs + TCP_TIMEOUT_S[tcpState] * SECOND,
    };
  } else if (packet.protocol === "udp") {
    const stream = seenReply && nowUs > entry.createdAtUs + UDP_STREAM_AFTER_US;
    const seconds = stream ? UDP_STREAM_TIMEOUT_S : UDP_TIMEOUT_S;
    next = {
      ...entry,
      seenReply,
      assured: entry.assured || stream,
      expiresAtUs: nowUs + seconds * SECOND,
    };
  } else {
    next = { ...entry, seenReply, expiresAtUs: nowUs + OTHER_TIMEOUT_S * SECOND };
  }
  table.replace(next);
  return { ...ct, entry: next };
}

function timeoutS(packet: Packet, tcpState: TcpState): number {
  if (packet.protocol === "tcp") return TCP_TIMEOUT_S[tcpState];
  return packet.protocol === "udp" ? UDP_TIMEOUT_S : OTHER_TIMEOUT_S;
}

/** Source: the state table of nf_conntrack_proto_tcp.c, without what only lost or forged segments reach. */
function nextTcpState(state: TcpState, packet: Packet, direction: "original" | "reply"): TcpState {
  switch (packet.flags) {
    case "S":
      return direction === "original" ? "SYN_SENT" : state;
    case "S.":
      return state === "SYN_SENT" ? "SYN_RECV" : state;
    case "R":
    case "R.":
      return "CLOSE";
    case "F.":
      if (state === "FIN_WAIT" || state === "CLOSE_WAIT") return "LAST_ACK";
      return state === "LAST_ACK" || state === "TIME_WAIT" ? state : "FIN_WAIT";
    default:
      if (state === "SYN_RECV" && direction === "original") return "ESTABLISHED";
      if (state === "FIN_WAIT") return "CLOSE_WAIT";
      if (state === "LAST_ACK") return "TIME_WAIT";
      return state;
  }
}

/** The header rewriting that an entry asks for at one point of a packet's way. `dst` is rewritten on the way in
 *  (PREROUTING, OUTPUT), `src` on the way out (POSTROUTING, INPUT). */
export function translate(ct: PacketCt, packet: Packet, manip: "src" | "dst"): Packet {
  const tuples = ct.entry ?? ct.pending;
  if (!tuples) return packet;
  // A packet in the original direction shall end up as the inverse of the reply tuple, and the other way round.
  const wanted = invert(ct.direction === "original" ? tuples.reply : tuples.original);
  if (packet.icmp) return translateError(packet, packet.icmp, tuples, wanted, manip);
  if (manip === "dst") {
    if (packet.dst === wanted.dst && packet.dport === wanted.dport) return packet;
    return { ...packet, dst: wanted.dst, dport: wanted.dport };
  }
  if (packet.src === wanted.src && packet.sport === wanted.sport) return packet;
  return { ...packet, src: wanted.src, sport: wanted.sport };
}

/** An ICMP error is translated outside and inside: the packet that it quotes must be one that its receiver sent.
 *  Source: kernel nf_nat_icmp_reply_translation. */
function translateError(
  packet: Packet,
  icmp: { readonly error: IcmpError; readonly quoted: QuotedHeader },
  tuples: { readonly dnat: boolean; readonly snat: boolean },
  wanted: Tuple,
  manip: "src" | "dst",
): Packet {
  const { quoted } = icmp;
  if (manip === "dst") {
    if (packet.dst === wanted.dst && quoted.src === wanted.dst && quoted.sport === wanted.dport)
      return packet;
    const inner = { ...tupleOf(quoted), src: wanted.dst, sport: wanted.dport };
    return { ...packet, dst: wanted.dst, icmp: { error: icmp.error, quoted: inner } };
  }
  if (quoted.dst === wanted.src && quoted.dport === wanted.sport) return packet;
  const inner = { ...tupleOf(quoted), dst: wanted.src, dport: wanted.sport };
  return {
    ...packet,
    src: tuples.dnat ? wanted.src : packet.src,
    icmp: { error: icmp.error, quoted: inner },
  };
}
