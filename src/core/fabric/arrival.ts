import type { Flight, HopDraft, Step, StepContext } from "../dataplane/flight";
import { go } from "../dataplane/stage";
import type { Ipv4 } from "../net/ipv4";
import { VPC_ROUTER } from "../trace/place";
import type { Attachment } from "./fabric";
import { findForwarded, handOn } from "./nlb";
import { passGroups } from "./security-groups";
import { arriving, checked, hop, mayGet, VPC_US } from "./wire-step";

/** The VPC router hands the packet to a machine. */
export function deliver(
  flight: Flight,
  to: Attachment,
  nextHop: Ipv4,
  detail: string,
  hops: readonly HopDraft[],
  context: StepContext,
): Step {
  if (to.sourceDestCheck && !mayGet(to, nextHop, flight.packet.dst))
    return checked(flight, to, "destination", hops);
  const seen = hop("vpc", VPC_ROUTER, "forward", flight.packet, flight.packet, detail);
  return arrive(flight, to, nextHop, [...hops, seen], context);
}

/** The packet is at a machine's network card, which security groups may have closed to it. A load balancer of layer 4
 *  hands it on, all others take it in. */
export function arrive(
  flight: Flight,
  to: Attachment,
  nextHop: Ipv4,
  hops: readonly HopDraft[],
  context: StepContext,
): Step {
  const passed = passGroups(flight, to, "ingress", hops, context);
  if ("step" in passed) return passed.step;
  const forwarded = findForwarded(to, flight.packet);
  if (forwarded) return handOn(flight, to, forwarded, passed.hops, context);
  return go(passed.hops, arriving(flight, to, nextHop), VPC_US);
}
