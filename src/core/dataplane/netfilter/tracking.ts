import type { IcmpError, Packet, QuotedHeader } from "../../net/packet";
import { invert, type Tuple, tupleOf } from "../../net/tuple";
import { SECOND } from "../../sim/time";
import type { ConntrackEntry, ConntrackTable, SctpState, TcpState } from "./conntrack";
import type { ConntrackStateName } from "./rules";
import { firstTcpState, nextTcpState } from "./tcp-states";

/** What conntrack knows of the packet in hand while it is on one machine (skb->_nfct). Plain data. */
export interface PacketCt {
  readonly state: Exclude<ConntrackStateName, "DNAT" | "SNAT">;
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
  readonly mark?: number;
}

/** A packet that a rule of the raw table takes out of conntrack's sight (CT --notrack). */
export const UNTRACKED: PacketCt = { state: "UNTRACKED", direction: "original" };
const INVALID: PacketCt = { state: "INVALID", direction: "original" };

/** Seconds an entry lives after its last packet. Source: kernel nf_conntrack_proto_tcp.c, _udp.c, _sctp.c, _icmp.c,
 *  _generic.c: the defaults of net.netfilter.nf_conntrack_*_timeout*. */
const TCP_TIMEOUT_S: Record<TcpState, number> = {
  SYN_SENT: 120,
  SYN_SENT2: 120,
  SYN_RECV: 60,
  ESTABLISHED: 432_000,
  FIN_WAIT: 120,
  CLOSE_WAIT: 60,
  LAST_ACK: 30,
  TIME_WAIT: 120,
  CLOSE: 10,
};
/** A connection that was picked up in its middle, as long as nobody has answered. */
const TCP_UNACKNOWLEDGED_TIMEOUT_S = 300;
const UDP_TIMEOUT_S = 30;
const UDP_STREAM_TIMEOUT_S = 120;
/** A UDP entry becomes a stream when it is still used after this time. Source: kernel nf_conntrack_proto_udp.c. */
const UDP_STREAM_AFTER_US = 2 * SECOND;
const SCTP_TIMEOUT_S: Record<SctpState, number> = { COOKIE_WAIT: 3, ESTABLISHED: 210 };
const ICMP_TIMEOUT_S = 30;

/** Looks a packet up as it enters the stack: the hook at priority −200. */
export function track(table: ConntrackTable, packet: Packet, nowUs: number): PacketCt {
  if (packet.icmp) return trackError(table, packet, packet.icmp.quoted, nowUs);
  const tuple = tupleOf(packet);
  const found = table.find(tuple, nowUs);
  if (found && !isReopened(found.entry, packet)) {
    const established = found.direction === "reply" || found.entry.seenReply;
    return {
      state: established ? "ESTABLISHED" : "NEW",
      direction: found.direction,
      entry: found.entry,
    };
  }
  if (found) table.remove(found.entry);
  if (packet.flags !== undefined && !firstTcpState(packet.flags)) return INVALID;
  return {
    state: "NEW",
    direction: "original",
    pending: { original: tuple, reply: invert(tuple), dnat: false, snat: false },
  };
}

/** The error travels against the packet that it quotes, as this machine sent it on: after its NAT. It must be for whom
 *  that packet came from. Source: kernel nf_conntrack_core.c, nf_conntrack_inet_error. */
function trackError(
  table: ConntrackTable,
  packet: Packet,
  quoted: QuotedHeader,
  nowUs: number,
): PacketCt {
  const about = table.find(invert(tupleOf(quoted)), nowUs);
  if (!about) return INVALID;
  const { entry, direction } = about;
  if (entry[direction].dst !== packet.dst) return INVALID;
  return { state: "RELATED", direction, entry };
}

/** A SYN after the end starts another connection, for which the nat table is asked again.
 *  Source: kernel nf_conntrack_proto_tcp.c, RFC 1122. */
function isReopened({ tcpState }: ConntrackEntry, { flags }: Packet): boolean {
  return flags === "S" && (tcpState === "TIME_WAIT" || tcpState === "CLOSE");
}

/** Puts a new connection into the table: what its first packet does by passing. Undefined: another connection has the
 *  same tuple, and the packet is dropped (insert_failed). Source: kernel nf_conntrack_core.c, __nf_conntrack_confirm. */
export function confirm(
  table: ConntrackTable,
  ct: PacketCt,
  packet: Packet,
  nowUs: number,
  origin?: string,
): PacketCt | undefined {
  const { pending } = ct;
  if (!pending) return ct;
  if (table.isTaken(pending.original, nowUs) || table.isTaken(pending.reply, nowUs))
    return undefined;
  const entry = table.insert({
    ...pending,
    ...firstStateOf(packet),
    seenReply: false,
    assured: false,
    createdAtUs: nowUs,
    expiresAtUs: nowUs + firstTimeoutS(packet) * SECOND,
    ...(origin !== undefined && { origin }),
  });
  return { state: ct.state, direction: ct.direction, entry };
}

function firstStateOf(packet: Packet): Pick<ConntrackEntry, "tcpState" | "sctpState"> {
  if (packet.protocol === "sctp") return { sctpState: "COOKIE_WAIT" };
  const tcpState = packet.flags && firstTcpState(packet.flags);
  return tcpState ? { tcpState } : {};
}

function firstTimeoutS({ protocol, flags }: Packet): number {
  switch (protocol) {
    case "tcp":
      return flags === "S" ? TCP_TIMEOUT_S.SYN_SENT : TCP_UNACKNOWLEDGED_TIMEOUT_S;
    case "udp":
      return UDP_TIMEOUT_S;
    case "sctp":
      return SCTP_TIMEOUT_S.COOKIE_WAIT;
    case "icmp":
      return ICMP_TIMEOUT_S;
  }
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
  if (packet.flags !== undefined) return advanceTcp(table, ct, entry, packet.flags, nowUs);
  const seenReply = entry.seenReply || direction === "reply";
  let next: ConntrackEntry;
  if (packet.protocol === "udp") {
    // The first answer does not make a stream, however late it comes.
    const stream = entry.seenReply && nowUs > entry.createdAtUs + UDP_STREAM_AFTER_US;
    const seconds = stream ? UDP_STREAM_TIMEOUT_S : UDP_TIMEOUT_S;
    const assured = entry.assured || stream;
    next = { ...entry, seenReply, assured, expiresAtUs: nowUs + seconds * SECOND };
  } else if (packet.protocol === "sctp") {
    const sctpState = seenReply ? "ESTABLISHED" : "COOKIE_WAIT";
    const expiresAtUs = nowUs + SCTP_TIMEOUT_S[sctpState] * SECOND;
    next = { ...entry, sctpState, seenReply, assured: seenReply, expiresAtUs };
  } else {
    next = { ...entry, seenReply, expiresAtUs: nowUs + ICMP_TIMEOUT_S * SECOND };
  }
  table.replace(next);
  return { ...ct, entry: next };
}

/** Source: kernel nf_conntrack_proto_tcp.c, nf_conntrack_tcp_packet. Simplified: windows are not looked at. */
function advanceTcp(
  table: ConntrackTable,
  ct: PacketCt,
  entry: ConntrackEntry,
  flags: NonNullable<Packet["flags"]>,
  nowUs: number,
): PacketCt {
  const before = entry.tcpState ?? "ESTABLISHED";
  const tcpState = nextTcpState(before, flags, ct.direction);
  if (tcpState === "invalid") return { state: "INVALID", direction: ct.direction };
  if (tcpState === "ignored") return ct;
  if (flags.startsWith("R") && !entry.seenReply) {
    // The only answer is a reset: there never was a connection.
    table.remove(entry);
    return ct;
  }
  const isOpen = tcpState === "ESTABLISHED";
  const assured =
    entry.assured ||
    (entry.seenReply && isOpen && (before === "SYN_RECV" || before === "ESTABLISHED"));
  const seconds =
    isOpen && !entry.seenReply ? TCP_UNACKNOWLEDGED_TIMEOUT_S : TCP_TIMEOUT_S[tcpState];
  const next: ConntrackEntry = {
    ...entry,
    tcpState,
    seenReply: entry.seenReply || ct.direction === "reply",
    assured,
    expiresAtUs: nowUs + seconds * SECOND,
  };
  table.replace(next);
  return { ...ct, entry: next };
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
    const inner = { ...quoted, src: wanted.dst, sport: wanted.dport };
    return { ...packet, dst: wanted.dst, icmp: { error: icmp.error, quoted: inner } };
  }
  if (quoted.dst === wanted.src && quoted.dport === wanted.sport) return packet;
  const inner = { ...quoted, dst: wanted.src, dport: wanted.sport };
  return {
    ...packet,
    src: tuples.dnat ? wanted.src : packet.src,
    icmp: { error: icmp.error, quoted: inner },
  };
}
