import type { World } from "../../core/cluster/world";
import type { ConntrackEntry } from "../../core/dataplane/netfilter/conntrack";
import type { NetnsId } from "../../core/dataplane/netns";
import { formatIpv4 } from "../../core/net/ipv4";
import { PROTOCOL_NUMBERS } from "../../core/net/packet";
import type { Tuple } from "../../core/net/tuple";
import { SECOND } from "../../core/sim/time";

/** Entries that have not run out, the newest last. */
export function liveEntries(world: World, netns: NetnsId): readonly ConntrackEntry[] {
  const entries = [...(world.plane.state(netns)?.conntrack.entries() ?? [])];
  return entries.filter(({ expiresAtUs }) => expiresAtUs > world.nowUs);
}

/** A line of `conntrack -L`. Source: conntrack-tools; libnetfilter_conntrack snprintf_default.c. */
export function conntrackLine(entry: ConntrackEntry, nowUs: number): string {
  return `${entryWords(entry, nowUs)} mark=${entry.mark ?? 0} use=1`;
}

/** /proc/net/nf_conntrack. Source: kernel nf_conntrack_standalone.c, ct_seq_show. */
export function procConntrack(world: World, netns: NetnsId): string {
  return liveEntries(world, netns)
    .map(
      (entry) =>
        `ipv4     2 ${entryWords(entry, world.nowUs)} mark=${entry.mark ?? 0} zone=0 use=2\n`,
    )
    .join("");
}

function entryWords(entry: ConntrackEntry, nowUs: number): string {
  const { protocol } = entry.original;
  const seconds = Math.max(0, Math.floor((entry.expiresAtUs - nowUs) / SECOND));
  const state = entry.tcpState ?? entry.sctpState;
  return [
    `${protocol.padEnd(8)} ${PROTOCOL_NUMBERS[protocol]} ${seconds}`,
    ...(state === undefined ? [] : [state]),
    tupleWords(entry.original, 8),
    ...(entry.seenReply ? [] : ["[UNREPLIED]"]),
    tupleWords(entry.reply, 0),
    ...(entry.assured ? ["[ASSURED]"] : []),
  ].join(" ");
}

function tupleWords({ protocol, src, dst, sport, dport }: Tuple, icmpType: number): string {
  const ends =
    protocol === "icmp"
      ? `type=${icmpType} code=0 id=${sport || dport}`
      : `sport=${sport} dport=${dport}`;
  return `src=${formatIpv4(src)} dst=${formatIpv4(dst)} ${ends}`;
}
