import { ARP_FAILED_US, end, errorReport, withError } from "../dataplane/endings";
import type { Flight, HopDraft, Step, StepContext } from "../dataplane/flight";
import type { Netns } from "../dataplane/netns";
import { contains, formatCidr } from "../net/cidr";
import { formatIpv4, type Ipv4 } from "../net/ipv4";
import type { Packet } from "../net/packet";
import { VPC_ROUTER } from "../trace/place";
import { isVpcRouter } from "./arp";
import { deliver } from "./arrival";
import { edgeOut } from "./edge-out";
import { type Attachment, type Fabric, findVpcRoute } from "./fabric";
import { handBack } from "./nlb";
import { passGroups } from "./security-groups";
import { checked, drop, isOwnOf, VPC_US } from "./wire-step";

/** From a machine of the VPC: to a neighbour, or to the VPC router. */
export function vpc(
  flight: Flight,
  fabric: Fabric,
  from: Attachment,
  nextHop: Ipv4,
  context: StepContext,
): Step {
  const { packet } = flight;
  const dev = flight.stage.at === "wire" ? flight.stage.dev : "eth0";
  if (from.sourceDestCheck && !isOwnOf(from, dev, packet.src))
    return checked(flight, from, "source");
  const passed = passGroups(flight, from, "egress", [], context);
  if ("step" in passed) return passed.step;
  const answer = handBack(flight, fabric, context);
  if (answer) return answer;
  const neighbour = fabric.vpc.get(nextHop);
  // The VPC does not answer a card's question about the card's own addresses.
  if (neighbour === from) return unanswered(flight, context.plane.get(from.netns), nextHop);
  if (neighbour)
    return deliver(
      flight,
      neighbour,
      nextHop,
      `to ${neighbour.label} (${formatIpv4(nextHop)})`,
      [],
      context,
    );
  if (!isVpcRouter(nextHop)) return unanswered(flight, context.plane.get(from.netns), nextHop);
  if (packet.ttl <= 1) return timeExceeded(flight, nextHop);
  const routed = { ...packet, ttl: packet.ttl - 1 };
  return routeInVpc(flight, fabric, routed, [], context);
}

/** The router tells the sender, from the address that faces it.
 *  Simplified: an ordinary router; the one of AWS neither counts a packet's hops nor shows itself to traceroute. */
function timeExceeded(flight: Flight, router: Ipv4): Step {
  const { packet } = flight;
  const step = drop(
    flight,
    VPC_ROUTER,
    "TtlExceeded",
    "the packet's TTL ran out at the VPC router",
  );
  const report = errorReport("ttl-exceeded", packet, router);
  if (!report) return step;
  const answer: Flight = {
    packet: report,
    connection: flight.connection,
    role: "ICMP",
    direction: flight.direction === "original" ? "reply" : "original",
    stage: { at: "vpc" },
    steps: flight.steps + 1,
  };
  return { ...step, answer: { flight: answer, delayUs: VPC_US } };
}

export function routeInVpc(
  flight: Flight,
  fabric: Fabric,
  packet: Packet,
  hops: readonly HopDraft[],
  context: StepContext,
): Step {
  const moved = { ...flight, packet };
  const local = fabric.vpc.get(packet.dst);
  if (local)
    return deliver(
      moved,
      local,
      packet.dst,
      `local: to ${local.label} (${formatIpv4(packet.dst)})`,
      hops,
      context,
    );
  const row = findVpcRoute(fabric, packet.dst);
  const target = row && fabric.attachments.get(row.target);
  if (row && target) {
    const address = target.addresses[0] ?? packet.dst;
    return deliver(
      moved,
      target,
      address,
      `${formatCidr(row.destination)} to ${target.label}`,
      hops,
      context,
    );
  }
  if (contains(fabric.vpcCidr, packet.dst)) return nobody(moved, packet.dst, hops);
  return edgeOut(moved, fabric, hops, context);
}

/** Nobody on the sender's own link has the address. */
function unanswered(flight: Flight, sender: Netns, nextHop: Ipv4): Step {
  const explanation = `nobody answers ARP for ${formatIpv4(nextHop)} on eth0 of ${sender.label}: No route to host`;
  const ended = end(flight, sender, [], { reason: "NeighFailed", explanation, hop: "unreachable" });
  return withError(ended, flight, sender, "host-unreachable", undefined, ARP_FAILED_US);
}

function nobody(flight: Flight, ip: Ipv4, hops: readonly HopDraft[] = []): Step {
  return drop(
    flight,
    VPC_ROUTER,
    "NeighFailed",
    `no machine in the VPC has ${formatIpv4(ip)}; the VPC says nothing`,
    hops,
  );
}
