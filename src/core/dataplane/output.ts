import { formatIpv4 } from "../net/ipv4";
import { formatPacket } from "../net/packet";
import { end, endByHook } from "./endings";
import type { Flight, HopDraft, Step, StepContext } from "./flight";
import { hookHops } from "./hook-hops";
import { hop } from "./hop-draft";
import { hasHooks, runHook } from "./netfilter/hooks";
import { type At, egressTo, go, hookInput, onward, poweredOff, STAGE_US } from "./stage";

/** A local socket, or the kernel itself, sends. */
export function output(flight: At<"output">, context: StepContext): Step {
  const netns = context.plane.get(flight.stage.netns);
  const { packet } = flight;
  const hops: HopDraft[] = [];
  if (!netns.up) return poweredOff(flight, netns);
  const firstEgress = egressTo(netns, packet.dst);
  if (!firstEgress) {
    const why = `no route to ${formatIpv4(packet.dst)} on ${netns.label}: Network is unreachable`;
    return end(flight, netns, [], {
      reason: "IpOutNoRoutes",
      explanation: why,
      hop: "unreachable",
    });
  }
  hops.push({
    ...hop(netns, "local", "send", packet, packet, formatPacket(packet)),
    route: firstEgress.text,
    devOut: firstEgress.dev,
  });
  let current = packet;
  let ct = flight.ct;
  let egress = firstEgress;
  if (hasHooks(context.plane, netns)) {
    const result = runHook("OUTPUT", {
      ...hookInput(netns, context),
      packet,
      ct,
      devOut: egress.dev,
      nextHop: egress.nextHop,
    });
    hops.push(...hookHops("OUTPUT", netns, packet, result, undefined, egress.dev));
    const stopped = endByHook(flight, netns, "OUTPUT", result, hops);
    if (stopped) return stopped;
    current = result.packet;
    ct = result.ct;
    if (result.translated && current.dst !== packet.dst) {
      const rerouted = egressTo(netns, current.dst);
      if (!rerouted) {
        const explanation = `no route to ${formatIpv4(current.dst)} after DNAT`;
        return end(flight, netns, hops, {
          reason: "IpOutNoRoutes",
          explanation,
          hop: "unreachable",
        });
      }
      egress = rerouted;
      hops.push({
        ...hop(netns, "route", "route", current, current, egress.text),
        route: egress.text,
        devOut: egress.dev,
      });
    }
  }
  const next: Flight = onward(flight, current, ct, {
    at: "postrouting",
    netns: netns.id,
    out: egress,
    bridged: false,
  });
  return go(hops, next, STAGE_US);
}
