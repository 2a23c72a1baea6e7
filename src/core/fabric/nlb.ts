import { describeChange } from "../dataplane/describe";
import type { Flight, HopDraft, Step, StepContext } from "../dataplane/flight";
import { applyNat } from "../dataplane/netfilter/nat";
import { advanceEntry, confirm, track, translate } from "../dataplane/netfilter/tracking";
import { go } from "../dataplane/stage";
import { formatEndpoint, type Packet } from "../net/packet";
import type { Attachment, Fabric, ForwardedPort } from "./fabric";
import { NLB_NETNS, NLB_STATE } from "./gateways";
import { drop, hop, VPC_US } from "./wire-step";

/** The port of a load balancer of layer 4 that a packet, or the error about one of its packets, is for. */
export function findForwarded(
  { forwards, publicAddresses = [] }: Attachment,
  packet: Packet,
): ForwardedPort | undefined {
  if (!forwards || !publicAddresses.some(({ ip }) => ip === packet.dst)) return undefined;
  const protocol = packet.icmp?.quoted.protocol ?? packet.protocol;
  const port = packet.icmp ? packet.icmp.quoted.sport : packet.dport;
  return forwards.find((one) => one.protocol === protocol && one.port === port);
}

/** A new flow goes to one of the targets, the rest of it to the same: only the destination is rewritten, and the client's
 *  address stays. Source: Network Load Balancers, "Client IP preservation".
 *  Simplified: flows end as conntrack's entries do, not after 350 s (TCP) and 120 s (UDP) of silence. */
export function handOn(
  flight: Flight,
  balancer: Attachment,
  { targets, targetPort }: ForwardedPort,
  hops: readonly HopDraft[],
  context: StepContext,
): Step {
  const { packet } = flight;
  const { nowUs, decide } = context;
  const table = context.plane.mutableState(NLB_STATE).conntrack;
  const ct = advanceEntry(table, track(table, packet, nowUs), packet, nowUs);
  const at = [balancer.label, balancer.netns] as const;
  if (ct.state === "INVALID") {
    const why = "the load balancer knows no flow that this packet belongs to";
    return drop(flight, balancer.netns, "NoNatMapping", why, hops, balancer.label);
  }
  if (!ct.pending) {
    const after = translate(ct, packet, "dst");
    const detail = `DNAT ${describeChange(packet, after, "dst")}, as the flow's first packet`;
    return handedOn(flight, [...hops, hop(...at, "NAT", packet, after, detail)], after);
  }
  const target = targets.length > 0 ? targets[decide.choose(targets.length)] : undefined;
  if (!target) {
    const why = "the load balancer has no target: it says nothing";
    return drop(flight, balancer.netns, "NoHealthyTargets", why, hops, balancer.label);
  }
  const bound = applyNat({ kind: "DNAT", ip: target.ip, port: targetPort }, ct, packet, {
    netns: NLB_NETNS,
    table,
    nowUs,
    decide,
  });
  if (!confirm(table, bound.ct, bound.packet, nowUs)) {
    const to = formatEndpoint(target.ip, targetPort);
    const why = `the client has another connection from this port to ${to}: their answers could not be told apart`;
    return drop(flight, balancer.netns, "NoNatMapping", why, hops, balancer.label);
  }
  const { length } = targets;
  const detail = `${target.label} ${formatEndpoint(target.ip, targetPort)}, 1 of ${length} target${length === 1 ? "" : "s"}: DNAT, source kept`;
  const seen = { ...hop(...at, "NAT", packet, bound.packet, detail), probability: 1 / length };
  return handedOn(flight, [...hops, seen], bound.packet);
}

function handedOn(flight: Flight, hops: readonly HopDraft[], packet: Packet): Step {
  return go(hops, { ...flight, packet, stage: { at: "vpc" } }, VPC_US);
}

/** What a target sends to the client of such a flow goes back through the load balancer, whose address it gets as source. */
export function handBack(flight: Flight, fabric: Fabric, context: StepContext): Step | undefined {
  if (!fabric.hasForwarders || !context.plane.state(NLB_STATE)) return undefined;
  const { packet } = flight;
  const { nowUs } = context;
  const table = context.plane.mutableState(NLB_STATE).conntrack;
  const found = track(table, packet, nowUs);
  const balancer = found.entry && fabric.published.get(found.entry.original.dst)?.attachment;
  if (!balancer?.forwards || found.direction !== "reply") return undefined;
  const after = translate(advanceEntry(table, found, packet, nowUs), packet, "src");
  const detail = `un-DNAT ${describeChange(packet, after, "src")}`;
  const seen = hop(balancer.label, balancer.netns, "NAT", packet, after, detail);
  return handedOn(flight, [seen], after);
}
