import { describeChange } from "../dataplane/describe";
import { ARP_FAILED_US, end, withError } from "../dataplane/endings";
import type { Flight, HopDraft, Stage, Step, StepContext } from "../dataplane/flight";
import { applyNat } from "../dataplane/netfilter/nat";
import { advanceEntry, confirm, track, translate } from "../dataplane/netfilter/tracking";
import { HOST_SYSCTLS, type Netns } from "../dataplane/netns";
import { contains, formatCidr } from "../net/cidr";
import { formatIpv4, type Ipv4 } from "../net/ipv4";
import { formatEndpoint, type Packet } from "../net/packet";
import { INTERNET, INTERNET_GATEWAY, NAT_GATEWAY, VPC_ROUTER } from "../trace/place";
import type { Reason } from "../trace/verdict";
import { type Attachment, type Fabric, findVpcRoute } from "./fabric";

/** Machine to machine inside the VPC. */
const VPC_US = 250;
/** Across the internet, one way. */
const INTERNET_US = 10_000;

/** The gateways keep translations in a conntrack table of their own, by these names. */
const IGW_STATE = "fabric/igw";
const NATGW_STATE = "fabric/natgw";

/** Takes a packet on from where a machine sent it: VPC router, gateways, internet. */
export function advanceWire(flight: Flight, fabric: Fabric, context: StepContext): Step {
  switch (flight.stage.at) {
    case "wire": {
      const from = fabric.attachments.get(flight.stage.from);
      if (!from) return drop(flight, VPC_ROUTER, "MachineDown", "the machine has no link");
      return from.zone === "internet"
        ? internet(flight, fabric)
        : vpc(flight, fabric, from, flight.stage.nextHop, context);
    }
    case "internet":
      return internet(flight, fabric);
    case "edge":
      return edgeIn(flight, fabric, context);
    default:
      throw new Error(`on a machine: ${flight.stage.at}`);
  }
}

function vpc(
  flight: Flight,
  fabric: Fabric,
  from: Attachment,
  nextHop: Ipv4,
  context: StepContext,
): Step {
  const { packet } = flight;
  const neighbour = fabric.vpc.get(nextHop);
  if (neighbour)
    return deliver(
      flight,
      neighbour,
      nextHop,
      `to ${neighbour.label} (${formatIpv4(nextHop)})`,
      [],
    );
  if (!isVpcRouter(nextHop)) return unanswered(flight, context.plane.get(from.netns), nextHop);
  return routeInVpc(flight, fabric, packet, [], context);
}

function routeInVpc(
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
    );
  }
  if (contains(fabric.vpcCidr, packet.dst)) return nobody(moved, packet.dst, hops);
  return edgeOut(moved, fabric, hops, context);
}

/** Out of the VPC: back the way an inbound connection came, through the NAT gateway, or as it is. */
function edgeOut(
  flight: Flight,
  fabric: Fabric,
  hops: readonly HopDraft[],
  context: StepContext,
): Step {
  const { packet } = flight;
  const router = hop(
    "vpc",
    VPC_ROUTER,
    "route",
    packet,
    packet,
    `0.0.0.0/0 to the ${fabric.natGateway === undefined ? "internet" : "NAT or internet"} gateway`,
  );
  const onward = (after: Packet, last: HopDraft): Step =>
    go([...hops, router, last], { ...flight, packet: after, stage: { at: "internet" } }, VPC_US);

  const igw = context.plane.mutableState(IGW_STATE).conntrack;
  const inbound = track(igw, packet, context.nowUs);
  if (inbound.entry) {
    const ct = advanceEntry(igw, inbound, packet, context.nowUs);
    const after = translate(ct, packet, "src");
    return onward(
      after,
      hop(
        "igw",
        INTERNET_GATEWAY,
        "NAT",
        packet,
        after,
        `1:1 ${describeChange(packet, after, "src")}`,
      ),
    );
  }
  if (fabric.published.has(packet.src)) {
    return onward(
      packet,
      hop(
        "igw",
        INTERNET_GATEWAY,
        "forward",
        packet,
        packet,
        `${formatIpv4(packet.src)} is public: forwarded as it is`,
      ),
    );
  }
  if (fabric.natGateway === undefined) {
    return onward(
      packet,
      hop("igw", INTERNET_GATEWAY, "forward", packet, packet, "forwarded as it is, no NAT"),
    );
  }
  const table = context.plane.mutableState(NATGW_STATE).conntrack;
  let ct = advanceEntry(table, track(table, packet, context.nowUs), packet, context.nowUs);
  let after = packet;
  if (ct.state === "INVALID")
    return drop(
      flight,
      NAT_GATEWAY,
      "NoNatMapping",
      "the NAT gateway knows no connection that this packet belongs to",
      hops,
    );
  if (ct.pending) {
    ({ ct, packet: after } = applyNat({ kind: "SNAT", ip: fabric.natGateway }, ct, packet, {
      netns: NAT_GATEWAY_NETNS,
      table,
      nowUs: context.nowUs,
      decide: context.decide,
    }));
    confirm(table, ct, after, context.nowUs);
  } else {
    after = translate(ct, packet, "src");
  }
  return onward(
    after,
    hop("natgw", NAT_GATEWAY, "NAT", packet, after, `SNAT ${describeChange(packet, after, "src")}`),
  );
}

function internet(flight: Flight, fabric: Fabric): Step {
  const { packet } = flight;
  const destination = formatIpv4(packet.dst);
  const host = fabric.internet.get(packet.dst);
  if (host) {
    const seen = hop(
      "internet",
      INTERNET,
      "route",
      packet,
      packet,
      `${destination} to ${host.label}`,
    );
    return go([seen], arriving(flight, host, packet.dst), INTERNET_US);
  }
  const toVpc =
    fabric.published.has(packet.dst) ||
    packet.dst === fabric.natGateway ||
    (fabric.natGateway === undefined && fabric.vpc.has(packet.dst));
  if (!toVpc) {
    const why = `the internet has no route to ${destination}`;
    return drop(flight, INTERNET, "IpInNoRoutes", why);
  }
  const seen = hop("internet", INTERNET, "route", packet, packet, `${destination} to the VPC`);
  return go([seen], { ...flight, stage: { at: "edge" } }, INTERNET_US);
}

/** Into the VPC: published addresses, answers to what went out through the NAT gateway, nothing else. */
function edgeIn(flight: Flight, fabric: Fabric, context: StepContext): Step {
  const { packet } = flight;
  const published = fabric.published.get(packet.dst);
  if (published && published.natTo === undefined) {
    const seen = hop(
      "igw",
      INTERNET_GATEWAY,
      "forward",
      packet,
      packet,
      `${formatIpv4(packet.dst)} to ${published.attachment.label}`,
    );
    return go([seen], arriving(flight, published.attachment, packet.dst), VPC_US);
  }
  if (published?.natTo !== undefined) {
    const table = context.plane.mutableState(IGW_STATE).conntrack;
    let ct = advanceEntry(table, track(table, packet, context.nowUs), packet, context.nowUs);
    let after: Packet;
    if (ct.pending) {
      ({ ct, packet: after } = applyNat({ kind: "DNAT", ip: published.natTo }, ct, packet, {
        netns: NAT_GATEWAY_NETNS,
        table,
        nowUs: context.nowUs,
        decide: context.decide,
      }));
      confirm(table, ct, after, context.nowUs);
    } else {
      after = ct.entry ? translate(ct, packet, "dst") : { ...packet, dst: published.natTo };
    }
    const seen = hop(
      "igw",
      INTERNET_GATEWAY,
      "NAT",
      packet,
      after,
      `1:1 ${describeChange(packet, after, "dst")}`,
    );
    return go(
      [seen],
      arriving({ ...flight, packet: after }, published.attachment, after.dst),
      VPC_US,
    );
  }
  if (packet.dst === fabric.natGateway) {
    const table = context.plane.mutableState(NATGW_STATE).conntrack;
    const ct = advanceEntry(table, track(table, packet, context.nowUs), packet, context.nowUs);
    if (!ct.entry) {
      return drop(
        flight,
        NAT_GATEWAY,
        "NoNatMapping",
        `nothing inside asked for this: the NAT gateway has no mapping for ${formatEndpoint(packet.dst, packet.dport)}`,
      );
    }
    const after = translate(ct, packet, "dst");
    const seen = hop(
      "natgw",
      NAT_GATEWAY,
      "NAT",
      packet,
      after,
      `un-SNAT ${describeChange(packet, after, "dst")}`,
    );
    return routeInVpc(flight, fabric, after, [seen], context);
  }
  const machine = fabric.vpc.get(packet.dst);
  if (!machine)
    return drop(
      flight,
      INTERNET_GATEWAY,
      "IpInNoRoutes",
      `no machine in the VPC has ${formatIpv4(packet.dst)}`,
    );
  const seen = hop(
    "igw",
    INTERNET_GATEWAY,
    "forward",
    packet,
    packet,
    `${formatIpv4(packet.dst)} to ${machine.label}, no NAT`,
  );
  return go([seen], arriving(flight, machine, packet.dst), VPC_US);
}

function deliver(
  flight: Flight,
  to: Attachment,
  nextHop: Ipv4,
  detail: string,
  hops: readonly HopDraft[],
): Step {
  const seen = hop("vpc", VPC_ROUTER, "forward", flight.packet, flight.packet, detail);
  return go([...hops, seen], arriving(flight, to, nextHop), VPC_US);
}

function arriving(flight: Flight, to: Attachment, nextHop: Ipv4): Flight {
  const stage: Stage = { at: "receive", netns: to.netns, dev: "eth0", nextHop };
  return { ...flight, stage };
}

/** The VPC router has the first address of every subnet. */
function isVpcRouter(ip: Ipv4): boolean {
  return (ip & 0xff) === 1;
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

function drop(
  flight: Flight,
  place: string,
  reason: Reason,
  explanation: string,
  hops: readonly HopDraft[] = [],
): Step {
  const ended = { kind: "dropped", reason, explanation, place } as const;
  const last: HopDraft = {
    ...hop(place, place, "drop", flight.packet, flight.packet, `${reason}: ${explanation}`),
    verdict: ended,
  };
  return { hops: [...hops, last], ended };
}

function go(hops: readonly HopDraft[], flight: Flight, delayUs: number): Step {
  return { hops, next: { flight: { ...flight, steps: flight.steps + 1 }, delayUs } };
}

function hop(
  node: string,
  place: string,
  kind: HopDraft["kind"],
  before: Packet,
  after: Packet,
  detail: string,
): HopDraft {
  return { node, place, kind, before, after, detail };
}

/** The gateways translate; they have no interfaces of their own to choose addresses from. */
const NAT_GATEWAY_NETNS: Netns = {
  id: NATGW_STATE,
  machine: "natgw",
  label: "natgw",
  interfaces: [],
  routes: [],
  listeners: [],
  sysctls: HOST_SYSCTLS,
  up: true,
};
