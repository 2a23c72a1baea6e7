import { formatIpv4, type Ipv4 } from "../net/ipv4";
import type { Packet } from "../net/packet";
import { findRoute, isLocalAddress } from "./addresses";
import { end } from "./endings";
import type { Egress, Flight, HopDraft, Stage, Step, StepContext } from "./flight";
import type { PacketCt } from "./netfilter/tracking";
import type { Netns } from "./netns";
import { formatRoute } from "./print-ip";

/** One machine's network stack is passed in about this time per stage. */
export const STAGE_US = 2;

export type At<S extends Stage["at"]> = Flight & { readonly stage: Extract<Stage, { at: S }> };

export function poweredOff(flight: Flight, netns: Netns): Step {
  return end(flight, netns, [], {
    reason: "MachineDown",
    explanation: `${netns.label} is powered off`,
    hop: "drop",
  });
}

export function egressTo(netns: Netns, destination: Ipv4): (Egress & { text: string }) | undefined {
  if (isLocalAddress(netns, destination))
    return { dev: "lo", nextHop: destination, text: `local ${formatIpv4(destination)} dev lo` };
  const route = findRoute(netns, destination);
  return route && { dev: route.dev, nextHop: route.via ?? destination, text: formatRoute(route) };
}

export function hookInput(netns: Netns, context: StepContext) {
  return {
    plane: context.plane,
    netns,
    nowUs: context.nowUs,
    decide: context.decide,
    naive: context.naive,
  };
}

/** Field by field, as every packet comes through here several times on each machine: spreads are slow. */
export function onward(
  flight: Flight,
  packet: Packet,
  tracked: PacketCt | undefined,
  stage: Stage,
): Flight {
  const { connection, role, direction, steps } = flight;
  const ct = tracked ?? flight.ct;
  return ct
    ? { packet, connection, role, direction, stage, ct, steps }
    : { packet, connection, role, direction, stage, steps };
}

export function go(hops: readonly HopDraft[], flight: Flight, delayUs: number): Step {
  const { packet, connection, role, direction, stage, ct } = flight;
  const steps = flight.steps + 1;
  const next: Flight = ct
    ? { packet, connection, role, direction, stage, ct, steps }
    : { packet, connection, role, direction, stage, steps };
  return { hops, next: { flight: next, delayUs } };
}
