import { contains } from "../../net/cidr";
import type { Packet } from "../../net/packet";
import type { Decider } from "../../sim/decider";
import { SECOND } from "../../sim/time";
import { isLocalAddress } from "../addresses";
import type { Netns } from "../netns";
import type { NetnsState } from "../plane";
import type { AddrType, ConntrackStateName, Match } from "./rules";

/** Everything a match may look at. */
export interface MatchContext {
  readonly netns: Netns;
  readonly state: NetnsState;
  readonly nowUs: number;
  readonly devIn?: string | undefined;
  readonly devOut?: string | undefined;
  readonly ctState: ConntrackStateName;
  readonly dnat: boolean;
  readonly snat: boolean;
  readonly decide: Decider;
}

/** `statistic` compares 31 random bits with the probability as a multiple of 2⁻³¹. Source: iptables libxt_statistic.c. */
export function statisticThreshold(probability: number): number {
  return Math.round(probability * 0x80000000);
}

export function matches(match: Match, packet: Packet, context: MatchContext): boolean {
  switch (match.kind) {
    case "source":
      return contains(match.range, packet.src) !== (match.negate ?? false);
    case "destination":
      return contains(match.range, packet.dst) !== (match.negate ?? false);
    case "protocol":
      return (packet.protocol === match.protocol) !== (match.negate ?? false);
    case "transport":
      return packet.protocol === match.protocol;
    case "in-interface":
      return matchesInterface(match.name, context.devIn) !== (match.negate ?? false);
    case "out-interface":
      return matchesInterface(match.name, context.devOut) !== (match.negate ?? false);
    case "dport":
      return (
        packet.protocol === match.protocol &&
        (packet.dport >= match.from && packet.dport <= match.to) !== (match.negate ?? false)
      );
    case "sport":
      return (
        packet.protocol === match.protocol &&
        (packet.sport >= match.from && packet.sport <= match.to) !== (match.negate ?? false)
      );
    case "mark":
      return ((packet.mark & match.mask) >>> 0 === match.value) !== (match.negate ?? false);
    case "ctstate":
      return match.states.some((state) => hasState(state, context)) !== (match.negate ?? false);
    case "statistic-random":
      return (
        context.decide.chance(statisticThreshold(match.probability)) !== (match.negate ?? false)
      );
    case "addrtype":
      return (
        (match.srcType === undefined ||
          hasType(match.srcType, packet.src, context.netns) !== (match.negateSrc ?? false)) &&
        (match.dstType === undefined ||
          hasType(match.dstType, packet.dst, context.netns) !== (match.negateDst ?? false))
      );
    case "recent":
      return matchesRecent(match, packet, context);
  }
}

function matchesInterface(pattern: string, name: string | undefined): boolean {
  if (name === undefined) return false;
  return pattern.endsWith("+") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

function hasState(state: ConntrackStateName, context: MatchContext): boolean {
  if (state === "DNAT") return context.dnat;
  if (state === "SNAT") return context.snat;
  return context.ctState === state;
}

function hasType(type: AddrType, ip: number, netns: Netns): boolean {
  const local = isLocalAddress(netns, ip);
  switch (type) {
    case "LOCAL":
      return local;
    case "UNICAST":
      return !local && ip !== 0xffffffff && ip >>> 28 !== 0xe;
    case "BROADCAST":
      return ip === 0xffffffff;
  }
}

/** `recent` keeps, in each network namespace, when a source was last set on a named list. Source: kernel xt_recent.c. */
function matchesRecent(
  match: Extract<Match, { kind: "recent" }>,
  packet: Packet,
  { state, nowUs }: MatchContext,
): boolean {
  const key = `${match.list} ${packet.src}`;
  if (match.mode === "set") {
    state.recent.set(key, nowUs);
    return true;
  }
  const setAtUs = state.recent.get(key);
  if (setAtUs === undefined) return false;
  const fresh = match.seconds === undefined || nowUs - setAtUs <= match.seconds * SECOND;
  if (!fresh && match.reap) state.recent.delete(key);
  return fresh;
}
