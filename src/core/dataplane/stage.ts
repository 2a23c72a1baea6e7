import { formatIpv4 } from "../net/ipv4";
import type { Packet } from "../net/packet";
import { end } from "./endings";
import { type FlowKey, lookUp } from "./fib";
import type { Egress, Flight, HopDraft, Stage, Step, StepContext } from "./flight";
import { isGroupAddress } from "./martians";
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

/** The way to a destination. */
export interface Way extends Egress {
  readonly kind: "way";
  /** The route as `ip route` prints it. */
  readonly text: string;
}

/** There is none, and what the kernel says instead. */
export interface NoWay {
  readonly kind: "none" | "blackhole" | "unreachable" | "group";
  readonly explanation: string;
}

export function wayTo(netns: Netns, key: FlowKey): Way | NoWay {
  const { destination } = key;
  const to = formatIpv4(destination);
  const found = lookUp(netns, key);
  if (!found) return { kind: "none", explanation: `no route to ${to} on ${netns.label}` };
  if (found.type === "local")
    return { kind: "way", dev: "lo", nextHop: destination, text: `local ${to} dev lo` };
  if (found.type === "broadcast" || isGroupAddress(destination))
    return { kind: "group", explanation: `${to} stands for many machines, not for one` };
  const { route } = found;
  const text = formatRoute(route);
  if (found.type !== "unicast")
    return { kind: found.type, explanation: `the route for ${to} on ${netns.label} is ${text}` };
  return { kind: "way", dev: route.dev, nextHop: route.via ?? destination, text };
}

export function hookInput(netns: Netns, context: StepContext) {
  return {
    plane: context.plane,
    netns,
    nowUs: context.nowUs,
    decide: context.decide,
    naive: context.naive,
    origin: context.origin,
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
