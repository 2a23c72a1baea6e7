import { contains } from "../../net/cidr";
import { PROTOCOL_NUMBERS } from "../../net/packet";
import { SECOND } from "../../sim/time";
import type {
  ConntrackMatch,
  ConntrackStateName,
  ConntrackStatusName,
  PortRange,
} from "./match-kinds";
import type { PacketCt } from "./tracking";

/** A packet that conntrack knows nothing of is INVALID to the rules, in the raw table any packet.
 *  Source: kernel xt_conntrack.c, conntrack_mt. */
export function hasState(states: readonly ConntrackStateName[], ct: PacketCt | undefined): boolean {
  if (!ct) return states.includes("INVALID");
  const tuples = ct.entry ?? ct.pending;
  return (
    states.includes(ct.state) ||
    ((tuples?.dnat ?? false) && states.includes("DNAT")) ||
    ((tuples?.snat ?? false) && states.includes("SNAT"))
  );
}

/** Source: kernel xt_conntrack.c, conntrack_mt. */
export function matchesConntrack(
  match: ConntrackMatch,
  ct: PacketCt | undefined,
  nowUs: number,
): boolean {
  const holds = (field: keyof ConntrackMatch, value: boolean) =>
    value !== match.negated.includes(field);
  if (match.states && !holds("states", hasState(match.states, ct))) return false;
  const tuples = ct?.entry ?? ct?.pending;
  // Without a connection nothing else is looked at.
  if (!ct || !tuples) return match.states !== undefined;
  const { original, reply } = tuples;
  const ports = (range: PortRange | undefined, port: number, field: keyof ConntrackMatch) =>
    !range || holds(field, port >= range.from && port <= range.to);
  const within = (field: "origSrc" | "origDst" | "replSrc" | "replDst", ip: number) => {
    const range = match[field];
    return !range || holds(field, contains(range, ip));
  };
  const { direction, protocol, statuses, expireS } = match;
  return (
    (!direction || (direction === "ORIGINAL") === (ct.direction === "original")) &&
    within("origSrc", original.src) &&
    within("origDst", original.dst) &&
    within("replSrc", reply.src) &&
    within("replDst", reply.dst) &&
    (protocol === undefined ||
      holds("protocol", PROTOCOL_NUMBERS[original.protocol] === protocol)) &&
    ports(match.origSrcPort, original.sport, "origSrcPort") &&
    ports(match.origDstPort, original.dport, "origDstPort") &&
    ports(match.replSrcPort, reply.sport, "replSrcPort") &&
    ports(match.replDstPort, reply.dport, "replDstPort") &&
    (!statuses ||
      holds(
        "statuses",
        statuses.some((status) => hasStatus(status, ct)),
      )) &&
    ports(expireS, secondsLeft(ct, nowUs), "expireS")
  );
}

/** Helpers are not modelled, so no connection is expected. */
function hasStatus(status: ConntrackStatusName, { entry }: PacketCt): boolean {
  switch (status) {
    case "CONFIRMED":
      return entry !== undefined;
    case "SEEN_REPLY":
      return entry?.seenReply ?? false;
    case "ASSURED":
      return entry?.assured ?? false;
    case "NONE":
    case "EXPECTED":
      return false;
  }
}

function secondsLeft({ entry }: PacketCt, nowUs: number): number {
  return entry ? Math.max(0, Math.floor((entry.expiresAtUs - nowUs) / SECOND)) : 0;
}
