import { describeChange } from "../dataplane/describe";
import type { Flight, HopDraft, Step, StepContext } from "../dataplane/flight";
import { applyNat } from "../dataplane/netfilter/nat";
import { advanceEntry, confirm, track, translate } from "../dataplane/netfilter/tracking";
import { go } from "../dataplane/stage";
import { formatIpv4 } from "../net/ipv4";
import type { Packet } from "../net/packet";
import { INTERNET_GATEWAY, NAT_GATEWAY, VPC_ROUTER } from "../trace/place";
import type { Fabric } from "./fabric";
import { IGW_STATE, NAT_GATEWAY_NETNS, NATGW_STATE } from "./gateways";
import { drop, hop, VPC_US } from "./wire-step";

/** Out of the VPC: back the way an inbound connection came, through the NAT gateway, or as it is. */
export function edgeOut(
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
