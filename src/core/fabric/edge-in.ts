import { describeChange } from "../dataplane/describe";
import type { Flight, Step, StepContext } from "../dataplane/flight";
import { applyNat } from "../dataplane/netfilter/nat";
import { advanceEntry, confirm, track, translate } from "../dataplane/netfilter/tracking";
import { formatIpv4 } from "../net/ipv4";
import { formatEndpoint, type Packet } from "../net/packet";
import { INTERNET_GATEWAY, NAT_GATEWAY } from "../trace/place";
import { arrive } from "./arrival";
import type { Fabric } from "./fabric";
import { IGW_STATE, NAT_GATEWAY_NETNS, NATGW_STATE } from "./gateways";
import { routeInVpc } from "./vpc";
import { drop, hop } from "./wire-step";

/** Into the VPC: published addresses, answers to what went out through the NAT gateway, nothing else. */
export function edgeIn(flight: Flight, fabric: Fabric, context: StepContext): Step {
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
    return arrive(flight, published.attachment, packet.dst, [seen], context);
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
    const moved = { ...flight, packet: after };
    return arrive(moved, published.attachment, after.dst, [seen], context);
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
  return arrive(flight, machine, packet.dst, [seen], context);
}
