import { broadcast, cidrOf, contains } from "../../net/cidr";
import {
  ICMP_TYPES,
  type Packet,
  PROTOCOL_NUMBERS,
  packetBytes,
  TCP_FLAG_BITS,
} from "../../net/packet";
import type { Decider } from "../../sim/decider";
import { deviceOf } from "../addresses";
import { lookUp } from "../fib";
import { isGroupAddress } from "../martians";
import type { Netns } from "../netns";
import type { NetnsState } from "../plane";
import { matchesAddrtype } from "./addrtype";
import { matchesSet } from "./ipset";
import { hasState, matchesConntrack } from "./match-conntrack";
import type { PortRange } from "./match-kinds";
import { matchesHashlimit, matchesLimit } from "./rates";
import { matchesRecent } from "./recent";
import type { Match } from "./rules";
import type { PacketCt } from "./tracking";

/** Everything a match may look at. */
export interface MatchContext {
  readonly netns: Netns;
  readonly state: NetnsState;
  readonly nowUs: number;
  readonly devIn?: string | undefined;
  readonly devOut?: string | undefined;
  /** Bridge ports, where iptables is asked about what is on a bridge (bridge-nf-call-iptables). */
  readonly bridge?: BridgePorts | undefined;
  /** Absent in the raw table: conntrack has not looked at the packet yet. */
  readonly ct?: PacketCt | undefined;
  readonly decide: Decider;
}

export interface BridgePorts {
  readonly portIn: string;
  /** Absent: the packet goes up to the IP stack, or that is not known yet. */
  readonly portOut?: string | undefined;
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
      return isProtocol(match.protocol, packet) !== (match.negate ?? false);
    case "transport":
      return packet.protocol === match.protocol;
    case "in-interface":
      return isNamed(match.name, context.devIn ?? "") !== (match.negate ?? false);
    case "out-interface":
      return isNamed(match.name, context.devOut ?? "") !== (match.negate ?? false);
    case "dport":
      return (
        packet.protocol === match.protocol &&
        isWithin(match, packet.dport) !== (match.negate ?? false)
      );
    case "sport":
      return (
        packet.protocol === match.protocol &&
        isWithin(match, packet.sport) !== (match.negate ?? false)
      );
    case "mark":
      return ((packet.mark & match.mask) >>> 0 === match.value) !== (match.negate ?? false);
    case "ctstate":
      return hasState(match.states, context.ct) !== (match.negate ?? false);
    case "statistic-random":
      return (
        context.decide.chance(statisticThreshold(match.probability)) !== (match.negate ?? false)
      );
    case "addrtype":
      return matchesAddrtype(match, packet, context.netns, {
        in: context.devIn,
        out: context.devOut,
      });
    case "recent":
      return matchesRecent(match, packet, {
        lists: context.state.recent,
        nowUs: context.nowUs,
        isForwarded: context.devIn !== undefined && context.devOut !== undefined,
      });
    case "comment":
    case "nfacct":
      return true;
    default:
      return matchesRare(match, packet, context);
  }
}

type RareMatch = Exclude<Match, { readonly kind: CommonKind }>;
type CommonKind =
  | "source"
  | "destination"
  | "protocol"
  | "transport"
  | "in-interface"
  | "out-interface"
  | "dport"
  | "sport"
  | "mark"
  | "ctstate"
  | "statistic-random"
  | "addrtype"
  | "recent"
  | "comment"
  | "nfacct";

/** What kube-proxy's rules do without. */
function matchesRare(match: RareMatch, packet: Packet, context: MatchContext): boolean {
  const { ct, state, netns, nowUs } = context;
  switch (match.kind) {
    case "conntrack":
      return matchesConntrack(match, ct, nowUs);
    case "limit":
      return matchesLimit(match, state.buckets, nowUs);
    case "hashlimit":
      return matchesHashlimit(match, packet, state.buckets, nowUs);
    case "set":
      return matchesSet(match, packet, netns, context);
    case "connmark": {
      const tuples = ct?.entry ?? ct?.pending;
      if (!tuples) return false;
      return (((tuples.mark ?? 0) & match.mask) >>> 0 === match.value) !== (match.negate ?? false);
    }
    case "statistic-nth":
      return isNth(match, context) !== (match.negate ?? false);
    case "physdev":
      return matchesPhysdev(match, context.bridge);
    case "sctp-chunks":
      return packet.protocol === "sctp" && carriesChunks(match) !== (match.negate ?? false);
    case "rpfilter":
      return passesReversePath(match, packet, context) !== (match.negate ?? false);
    default:
      return matchesHeader(match, packet, netns) !== (match.negate ?? false);
  }
}

type HeaderMatch = Extract<
  Match,
  {
    readonly kind:
      | "fragment"
      | "tcp-flags"
      | "tcp-option"
      | "icmp-type"
      | "multiport"
      | "iprange"
      | "length"
      | "ttl"
      | "pkttype";
  }
>;

function matchesHeader(match: HeaderMatch, packet: Packet, netns: Netns): boolean {
  switch (match.kind) {
    // Simplified: packets are never fragmented, and TCP carries no options.
    case "fragment":
    case "tcp-option":
      return false;
    case "tcp-flags": {
      const flags = packet.flags === undefined ? 0 : TCP_FLAG_BITS[packet.flags];
      return (flags & match.mask) === match.set;
    }
    case "icmp-type": {
      if (match.type === ANY_ICMP_TYPE) return true;
      const found = packet.echo
        ? { type: packet.echo === "request" ? 8 : 0, code: 0 }
        : packet.icmp && ICMP_TYPES[packet.icmp.error];
      return found?.type === match.type && (match.code === undefined || found.code === match.code);
    }
    case "multiport":
      return match.ports.some(
        (range) =>
          (match.side !== "destination" && isWithin(range, packet.sport)) ||
          (match.side !== "source" && isWithin(range, packet.dport)),
      );
    case "iprange": {
      const ip = match.side === "source" ? packet.src : packet.dst;
      return ip >= match.first && ip <= match.last;
    }
    case "length":
      return isWithin(match, packetBytes(packet));
    case "ttl":
      if (match.compare === "eq") return packet.ttl === match.value;
      return match.compare === "lt" ? packet.ttl < match.value : packet.ttl > match.value;
    case "pkttype":
      return packetType(packet, netns) === match.type;
  }
}

const ANY_ICMP_TYPE = 255;

function isProtocol(protocol: Packet["protocol"] | number, packet: Packet): boolean {
  return typeof protocol === "number"
    ? PROTOCOL_NUMBERS[packet.protocol] === protocol
    : packet.protocol === protocol;
}

function isWithin({ from, to }: PortRange, value: number): boolean {
  return value >= from && value <= to;
}

/** No device has no name; only `+` alone takes that, too. */
function isNamed(pattern: string, name: string): boolean {
  return pattern.endsWith("+") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}

/** Where the counter stands is known while packets run one after another; who asks for every way that a packet could go
 *  is answered both. Source: kernel xt_statistic.c. */
function isNth(
  match: Extract<Match, { kind: "statistic-nth" }>,
  { state, decide }: MatchContext,
): boolean {
  const count = state.nth.get(match) ?? match.every - 1 - match.packet;
  const next = count === match.every - 1 ? 0 : count + 1;
  state.nth.set(match, next);
  return decide.turn(match.every, next === 0);
}

/** Outside a bridge, or with bridge-nf-call-iptables off, there are no ports. Source: kernel xt_physdev.c. */
function matchesPhysdev(
  { test, name = "", negate = false }: Extract<Match, { kind: "physdev" }>,
  ports: BridgePorts | undefined,
): boolean {
  if (!ports) return negate;
  switch (test) {
    case "is-in":
      return !negate;
    case "in":
      return isNamed(name, ports.portIn) !== negate;
    case "is-out":
    case "is-bridged":
      return (ports.portOut !== undefined) !== negate;
    case "out":
      return ports.portOut !== undefined && isNamed(name, ports.portOut) !== negate;
  }
}

/** Simplified: an SCTP packet carries one whole DATA chunk (flags B and E). Source: kernel xt_sctp.c, match_packet. */
function carriesChunks({ mode, chunks }: Extract<Match, { kind: "sctp-chunks" }>): boolean {
  if (chunks === "ALL") return mode !== "all";
  const data = chunks.find(({ type }) => type === "DATA");
  const fits = data !== undefined && !/[beUI]/.test(data.flags);
  return fits && (mode !== "all" || chunks.length === 1);
}

/** Source: kernel ipt_rpfilter.c. */
function passesReversePath(
  { isLoose, acceptLocal, validMark }: Extract<Match, { kind: "rpfilter" }>,
  packet: Packet,
  { netns, devIn }: MatchContext,
): boolean {
  if (devIn === "lo") return true;
  const { src, dst, mark } = packet;
  const back = lookUp(netns, { destination: src, source: dst, ...(validMark && { mark }) });
  if (back?.type === "local")
    return acceptLocal && (isLoose || deviceOf(netns, packet.src)?.name === devIn);
  return back?.type === "unicast" && (isLoose || back.route.dev === devIn);
}

function packetType({ dst }: Packet, { interfaces }: Netns): "unicast" | "broadcast" | "multicast" {
  const isBroadcast =
    dst === 0xffffffff ||
    interfaces.some(({ addresses }) =>
      addresses.some(({ ip, prefix }) => prefix < 31 && broadcast(cidrOf(ip, prefix)) === dst),
    );
  if (isBroadcast) return "broadcast";
  return isGroupAddress(dst) ? "multicast" : "unicast";
}
