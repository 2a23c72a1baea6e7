import { formatPacket, type Packet } from "../net/packet";
import { end, endByHook } from "./endings";
import { keyOf } from "./fib";
import type { Flight, HopDraft, Step, StepContext } from "./flight";
import { hookHops } from "./hook-hops";
import { hop } from "./hop-draft";
import { hasHooks, runHook } from "./netfilter/hooks";
import type { Netns } from "./netns";
import {
  type At,
  go,
  hookInput,
  type NoWay,
  onward,
  poweredOff,
  STAGE_US,
  type Way,
  wayTo,
} from "./stage";

/** A local socket, or the kernel itself, sends. */
export function output(flight: At<"output">, context: StepContext): Step {
  const netns = context.plane.get(flight.stage.netns);
  const { packet } = flight;
  const hops: HopDraft[] = [];
  if (!netns.up) return poweredOff(flight, netns);
  const first = wayTo(netns, keyOf(packet));
  if (first.kind !== "way") return nowhere(flight, netns, [], first);
  if (flight.stage.isTunnel) hops.push(routed(netns, packet, first));
  else hops.push(sent(netns, packet, first));
  let current = packet;
  let ct = flight.ct;
  let egress = first;
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
    // Source: kernel iptable_mangle.c, nf_nat_proto.c: another mark or destination may have another way.
    const isElsewhere = current.dst !== packet.dst;
    if (isElsewhere || (result.isRemarked && netns.rules !== undefined)) {
      const rerouted = wayTo(netns, keyOf(current));
      if (rerouted.kind !== "way") return nowhere(flight, netns, hops, rerouted);
      if (isElsewhere || rerouted.text !== egress.text) hops.push(routed(netns, current, rerouted));
      egress = rerouted;
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

function sent(netns: Netns, packet: Packet, { text, dev }: Way): HopDraft {
  const seen = hop(netns, "local", "send", packet, packet, formatPacket(packet));
  seen.route = text;
  seen.devOut = dev;
  return seen;
}

function routed(netns: Netns, packet: Packet, { text, dev }: Way): HopDraft {
  const seen = hop(netns, "route", "route", packet, packet, text);
  seen.route = text;
  seen.devOut = dev;
  return seen;
}

/** What connect() or send() answers its caller. Source: kernel route.c, ip_route_output_key; fib_semantics.c, fib_props. */
const ERRNO: Record<NoWay["kind"], string> = {
  none: "Network is unreachable",
  blackhole: "Invalid argument",
  unreachable: "No route to host",
  group: "Network is unreachable",
};

function nowhere(flight: Flight, netns: Netns, hops: readonly HopDraft[], way: NoWay): Step {
  return end(flight, netns, hops, {
    reason: way.kind === "group" ? "IpInvalidDest" : "IpOutNoRoutes",
    explanation: `${way.explanation}: ${ERRNO[way.kind]}`,
    hop: "unreachable",
  });
}
