import { formatIpv4, type Ipv4 } from "../net/ipv4";
import { formatEndpoint, type IcmpError, type Packet, reversed } from "../net/packet";
import type { Reason, Verdict } from "../trace/verdict";
import { isLocalAddress } from "./addresses";
import { shortChain } from "./describe";
import type { Flight, HopDraft, Step } from "./flight";
import { type MachinePart, placeOf } from "./hop-draft";
import type { HookResult } from "./netfilter/hooks";
import { formatRule } from "./netfilter/print";
import type { Hook, RejectKind, Rule } from "./netfilter/rules";
import type { PacketCt } from "./netfilter/tracking";
import type { Netns, NetworkInterface } from "./netns";
import { sourceFor } from "./source-address";

/** The kernel answers at once. */
const ANSWER_US = 2;
/** ARP is asked three times, a second apart, before the neighbour counts as unreachable. Source: arp(7), mcast_solicit. */
export const ARP_FAILED_US = 3_000_000;

/** How a packet ends on a machine. */
export interface Ending {
  readonly reason: Reason;
  readonly explanation: string;
  /** Which hop shows it; a packet that is dropped is answered by nothing. */
  readonly hop: "drop" | "reject" | "reset" | "unreachable";
  readonly part?: MachinePart;
}

/** The packet ends here. */
export function end(flight: Flight, netns: Netns, hops: readonly HopDraft[], ending: Ending): Step {
  const { reason, explanation, part = "route" } = ending;
  const place = placeOf(netns, part);
  const ended: Verdict = {
    kind: ending.hop === "drop" ? "dropped" : "refused",
    reason,
    explanation,
    place,
  };
  const last: HopDraft = {
    node: netns.label,
    place,
    kind: ending.hop,
    before: flight.packet,
    after: flight.packet,
    detail: `${reason}: ${explanation}`,
    verdict: ended,
  };
  return { hops: [...hops, last], ended };
}

/** The packet's end at an interface that somebody set down. */
export function endAtDown(
  flight: Flight,
  netns: Netns,
  { name }: Pick<NetworkInterface, "name">,
  hops: readonly HopDraft[],
): Step {
  const explanation = `${name} of ${netns.label} is down`;
  return end(flight, netns, hops, { reason: "DevReady", explanation, hop: "drop" });
}

/** The packet's end, when a hook dropped or rejected it. */
export function endByHook(
  flight: Flight,
  netns: Netns,
  hook: Hook,
  result: HookResult,
  hops: readonly HopDraft[],
): Step | undefined {
  if (result.verdict === "ACCEPT") return undefined;
  const chain = result.walks.at(-1)?.chain.name ?? hook;
  const by = result.rule ? ruleWords(chain, result.rule) : `the policy of ${chain}`;
  const stopped = { ...flight, packet: result.packet };
  if (result.insertFailed) return endByClash(stopped, netns, hops);
  if (result.verdict === "DROP") {
    const explanation = `dropped on ${netns.label} by ${by}`;
    return end(stopped, netns, hops, {
      reason: "NetfilterDrop",
      explanation,
      hop: "drop",
      part: "iptables",
    });
  }
  const explanation = `rejected on ${netns.label} by ${by}`;
  const step = end(stopped, netns, hops, {
    reason: "NetfilterReject",
    explanation,
    hop: "reject",
    part: "iptables",
  });
  if (result.rejectWith === "tcp-reset") return withReset(step, stopped, netns, result.ct);
  return withError(
    step,
    stopped,
    netns,
    ICMP_OF[result.rejectWith ?? "icmp-port-unreachable"],
    result.ct,
  );
}

/** By its comment, or as it is written. */
function ruleWords(chain: string, rule: Rule): string {
  const { comment, ...rest } = rule;
  if (comment) return `the rule "${comment}" in ${shortChain(chain)}`;
  const written = formatRule(chain, rest).slice(`-A ${chain} `.length);
  return `the rule ${written} in ${shortChain(chain)}`;
}

/** Two connections whose replies could not be told apart: every port that the rule allows is taken. */
function endByClash(flight: Flight, netns: Netns, hops: readonly HopDraft[]): Step {
  const { src, dst, dport } = flight.packet;
  const explanation = `conntrack on ${netns.label} cannot keep this connection (insert_failed): every source port that ${formatIpv4(src)} may have towards ${formatEndpoint(dst, dport)} is taken`;
  return end(flight, netns, hops, {
    reason: "NetfilterDrop",
    explanation,
    hop: "drop",
    part: "iptables",
  });
}

const ICMP_OF: Record<Exclude<RejectKind, "tcp-reset">, IcmpError> = {
  "icmp-port-unreachable": "port-unreachable",
  "icmp-host-unreachable": "host-unreachable",
  "icmp-net-unreachable": "net-unreachable",
  "icmp-proto-unreachable": "proto-unreachable",
  "icmp-net-prohibited": "net-prohibited",
  "icmp-host-prohibited": "host-prohibited",
  "icmp-admin-prohibited": "admin-prohibited",
};

/** Adds the reset that the kernel sends back. */
export function withReset(step: Step, flight: Flight, netns: Netns, ct?: PacketCt): Step {
  const { packet } = flight;
  const reset: Packet = {
    ...reversed(packet),
    ttl: 64,
    mark: 0,
    flags: "R.",
    seq: packet.ack,
    ack: packet.seq + 1,
    payloadBytes: 0,
    payload: "",
  };
  return {
    ...step,
    answer: { flight: answerTo(flight, netns, reset, "RST", ct), delayUs: ANSWER_US },
  };
}

/** Adds the ICMP error that goes back to the packet's sender. */
export function withError(
  step: Step,
  flight: Flight,
  netns: Netns,
  error: IcmpError,
  ct?: PacketCt,
  delayUs = ANSWER_US,
): Step {
  const { packet } = flight;
  const src = isLocalAddress(netns, packet.dst) ? packet.dst : sourceFor(netns, packet.src);
  const report = src === undefined ? undefined : errorReport(error, packet, src);
  return report
    ? { ...step, answer: { flight: answerTo(flight, netns, report, "ICMP", ct), delayUs } }
    : step;
}

/** An ICMP error about a packet; nobody reports one about another ICMP error. */
export function errorReport(error: IcmpError, packet: Packet, src: Ipv4): Packet | undefined {
  // Simplified: nobody is told of what becomes of a tunnel's packet.
  if (packet.icmp || packet.vxlan) return undefined;
  const { mark: _local, ...quoted } = packet;
  return {
    protocol: "icmp",
    src,
    dst: packet.src,
    sport: 0,
    dport: 0,
    ttl: 64,
    mark: 0,
    seq: 0,
    ack: 0,
    payloadBytes: 0,
    icmp: { error, quoted },
  };
}

function answerTo(
  flight: Flight,
  netns: Netns,
  packet: Packet,
  role: "RST" | "ICMP",
  ct?: PacketCt,
): Flight {
  const about = related(ct);
  return {
    packet,
    connection: flight.connection,
    role,
    direction: flight.direction === "original" ? "reply" : "original",
    stage: { at: "output", netns: netns.id },
    ...(about && { ct: about }),
    steps: flight.steps + 1,
  };
}

/** An error about a connection belongs to it, even before the connection is confirmed. Source: kernel nf_ct_attach. */
function related(ct: PacketCt | undefined): PacketCt | undefined {
  if (!ct || ct.state === "INVALID") return undefined;
  return { ...ct, state: "RELATED", direction: ct.direction === "original" ? "reply" : "original" };
}
