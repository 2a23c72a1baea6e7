import { formatIpv4 } from "../net/ipv4";
import { formatEndpoint, type Packet, PROTOCOL_NUMBERS } from "../net/packet";
import type { Tuple } from "../net/tuple";
import type { RuleWalk } from "../trace/hop";
import type { ConntrackEntry } from "./netfilter/conntrack";
import type { Rule } from "./netfilter/rules";

/** Chain names end in 16 characters of hash; on a hop's line four are enough to tell them apart. */
export function shortChain(name: string): string {
  return name.replace(/^(KUBE-(?:SVC|SVL|SEP|EXT|FW)-[A-Z2-7]{4})[A-Z2-7]{12}$/, "$1…");
}

/** The user chains that matching rules jumped to, in order: `KUBE-SERVICES KUBE-SVC-ABCD… KUBE-SEP-EFGH…`. */
export function chainsWalked(walks: readonly RuleWalk[]): string {
  const names: string[] = [];
  for (const { matched } of walks) {
    const target = (matched as Rule | undefined)?.target;
    if (target?.kind === "jump" || target?.kind === "goto") names.push(shortChain(target.chain));
  }
  return names.join(" ");
}

/** What rules noted of the packet without deciding about it: `LOG "dropped: "`, `TRACE`. */
export function notesOf(walks: readonly RuleWalk[]): readonly string[] {
  return walks.flatMap(({ matched }) => {
    const target = (matched as Rule | undefined)?.target;
    if (target?.kind !== "LOG" && target?.kind !== "NFLOG" && target?.kind !== "TRACE") return [];
    const at = target.options.findIndex((word) => word.endsWith("-prefix"));
    const prefix = at < 0 ? undefined : target.options[at + 1];
    return [prefix === undefined ? target.kind : `${target.kind} "${prefix}"`];
  });
}

export function describeMark(packet: Packet): string {
  return packet.mark === 0 ? "" : `mark 0x${packet.mark.toString(16)}`;
}

/** Old and new address of what was rewritten: `10.0.1.11:30080 -> 10.244.2.5:8080`. */
export function describeChange(before: Packet, after: Packet, side: "src" | "dst"): string {
  if (before.icmp && after.icmp) return `${formatIpv4(before[side])} -> ${formatIpv4(after[side])}`;
  const port = side === "src" ? "sport" : "dport";
  return `${formatEndpoint(before[side], before[port])} -> ${formatEndpoint(after[side], after[port])}`;
}

export function formatTuple(tuple: Tuple): string {
  return `${formatEndpoint(tuple.src, tuple.sport)} > ${formatEndpoint(tuple.dst, tuple.dport)}`;
}

/** A line of `conntrack -L`; without the seconds left when no time is given. */
export function formatConntrack(
  entry: Omit<ConntrackEntry, "id" | "expiresAtUs" | "createdAtUs"> & { expiresAtUs?: number },
  nowUs?: number,
): string {
  const { original, reply } = entry;
  const words: string[] = [
    original.protocol.padEnd(8),
    String(PROTOCOL_NUMBERS[original.protocol]),
  ];
  if (nowUs !== undefined && entry.expiresAtUs !== undefined) {
    words.push(String(Math.max(0, Math.ceil((entry.expiresAtUs - nowUs) / 1_000_000))));
  }
  const state = entry.tcpState ?? entry.sctpState;
  if (state) words.push(state);
  words.push(formatConntrackTuple(original));
  if (!entry.seenReply) words.push("[UNREPLIED]");
  words.push(formatConntrackTuple(reply));
  if (entry.assured) words.push("[ASSURED]");
  words.push(`mark=${entry.mark ?? 0} use=1`);
  return words.join(" ");
}

function formatConntrackTuple({ src, dst, sport, dport }: Tuple): string {
  return `src=${formatIpv4(src)} dst=${formatIpv4(dst)} sport=${sport} dport=${dport}`;
}
