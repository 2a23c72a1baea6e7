import { formatIpv4 } from "../net/ipv4";
import { isLocalAddress } from "./addresses";
import { bridgePorts, bridgeReceive } from "./bridge";
import { end, endAtDown, endByHook, withError } from "./endings";
import { keyOf } from "./fib";
import type { Flight, HopDraft, Stage, Step, StepContext } from "./flight";
import { hookHops } from "./hook-hops";
import { hop } from "./hop-draft";
import { input } from "./input";
import { findMartianAddress, findMartianSource } from "./martians";
import { hasHooks, runHook } from "./netfilter/hooks";
import type { PacketCt } from "./netfilter/tracking";
import { findInterface, type Netns } from "./netns";
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

/** A frame arrives at a device: bridge or IP stack. */
export function receive(flight: At<"receive">, context: StepContext): Step {
  const { stage, packet } = flight;
  const netns = context.plane.find(stage.netns);
  if (!netns) {
    const explanation = "the network namespace is gone";
    return {
      hops: [],
      ended: { kind: "dropped", reason: "NeighFailed", explanation, place: stage.netns },
    };
  }
  if (!netns.up) return poweredOff(flight, netns);
  const device = findInterface(netns, stage.dev);
  const master = device?.master === undefined ? undefined : findInterface(netns, device.master);
  const closed = device?.down ? device : master?.down ? master : undefined;
  if (closed) return endAtDown(flight, netns, closed, []);
  const hooks = hasHooks(context.plane, netns);
  const hops: HopDraft[] = [];
  let current = packet;
  let ct = flight.ct;
  const devIn = device?.master ?? stage.dev;

  const bridgeHooks = netns.sysctls.bridgeNfCallIptables && hooks;
  context.capture?.({ netns: netns.id, dev: stage.dev, direction: "in", packet });
  const toBridge = device?.master === undefined || isLocalAddress(netns, stage.nextHop);
  const walked =
    hooks && ct === undefined && (device?.master === undefined || toBridge || bridgeHooks);
  const portIn = device?.master !== undefined && bridgeHooks ? stage.dev : undefined;
  if (walked) {
    const bridge = bridgePorts(portIn, undefined);
    const hook = { ...hookInput(netns, context), packet, ct, devIn, bridge };
    const result = runHook("PREROUTING", hook);
    hops.push(...hookHops("PREROUTING", netns, packet, result, devIn, undefined));
    const stopped = endByHook(flight, netns, "PREROUTING", result, hops);
    if (stopped) return stopped;
    current = result.packet;
    ct = result.ct;
  }
  if (device?.master !== undefined) {
    // With bridge-nf-call-iptables the hooks come before the bridge. Source: kernel br_netfilter_hooks.c.
    const seen = bridgeHooks ? current : packet;
    const { id } = netns;
    context.capture?.({ netns: id, dev: devIn, bridge: true, direction: "in", packet: seen });
    const bridged = bridgeReceive(netns, device, stage.nextHop, packet, current, bridgeHooks);
    if (bridged) {
      const stageNext: Stage = bridgeHooks
        ? { at: "forward", netns: id, devIn, ...named(portIn), out: bridged, bridged: true }
        : { at: "postrouting", netns: id, devIn, out: bridged, bridged: true };
      return go(hops, onward(flight, current, ct, stageNext), STAGE_US);
    }
  }

  return route(
    { ...flight, packet: current },
    netns,
    { devIn, ...named(portIn) },
    ct,
    hops,
    context,
  );
}

function named(portIn: string | undefined): { readonly portIn?: string } {
  return portIn === undefined ? {} : { portIn };
}

/** Where the packet came in. */
interface Ingress {
  readonly devIn: string;
  readonly portIn?: string;
}

/** ip_route_input: is the packet for this machine, for another, or for nobody? What comes through lo was routed when it
 *  was sent. */
function route(
  flight: At<"receive">,
  netns: Netns,
  ingress: Ingress,
  ct: PacketCt | undefined,
  hops: HopDraft[],
  context: StepContext,
): Step {
  const { packet } = flight;
  const { devIn } = ingress;
  const outside = flight.stage.dev !== "lo";
  const martian = outside ? findMartianAddress(netns, devIn, packet) : undefined;
  if (martian) return end(flight, netns, hops, { ...martian, hop: "drop" });
  const isOwn = isLocalAddress(netns, packet.dst);
  if (!isOwn && !netns.sysctls.ipForward) {
    const explanation = `${formatIpv4(packet.dst)} is not an address of ${netns.label}, and it does not forward`;
    return end(flight, netns, hops, { reason: "OtherHost", explanation, hop: "drop" });
  }
  const way = isOwn ? undefined : wayTo(netns, keyOf(packet));
  if (way && way.kind !== "way") return noWay(flight, netns, hops, way, ct);
  const source = outside ? findMartianSource(netns, devIn, packet) : undefined;
  if (source) return end(flight, netns, hops, { ...source, hop: "drop" });
  if (!way) {
    const next: Flight = onward(flight, packet, ct, { at: "input", netns: netns.id, ...ingress });
    return hops.length > 0 || hasHooks(context.plane, netns)
      ? go(hops, next, STAGE_US)
      : input(next as At<"input">, context);
  }
  return routeOn(flight, netns, ingress, way, ct, hops);
}

/** For another machine: one hop of its time to live is used up here. */
function routeOn(
  flight: At<"receive">,
  netns: Netns,
  ingress: Ingress,
  { text, dev, nextHop }: Way,
  ct: PacketCt | undefined,
  hops: HopDraft[],
): Step {
  const { packet } = flight;
  const seen = hop(netns, "route", "route", packet, packet, text);
  seen.route = text;
  seen.devIn = ingress.devIn;
  seen.devOut = dev;
  hops.push(seen);
  if (packet.ttl <= 1) {
    const explanation = `the packet's TTL ran out on ${netns.label}`;
    const ended = end(flight, netns, hops, {
      reason: "TtlExceeded",
      explanation,
      hop: "unreachable",
    });
    return withError(ended, flight, netns, "ttl-exceeded", ct);
  }
  const stage: Stage = {
    at: "forward",
    netns: netns.id,
    ...ingress,
    out: { dev, nextHop },
    bridged: false,
  };
  return go(hops, onward(flight, { ...packet, ttl: packet.ttl - 1 }, ct, stage), STAGE_US);
}

/** Source: kernel route.c, ip_error: a blackhole is silent, the others are reported. */
function noWay(
  flight: At<"receive">,
  netns: Netns,
  hops: readonly HopDraft[],
  { kind, explanation }: NoWay,
  ct: PacketCt | undefined,
): Step {
  if (kind === "group")
    return end(flight, netns, hops, { reason: "IpInvalidDest", explanation, hop: "drop" });
  if (kind === "blackhole")
    return end(flight, netns, hops, { reason: "IpInNoRoutes", explanation, hop: "drop" });
  const ended = end(flight, netns, hops, {
    reason: "IpInNoRoutes",
    explanation,
    hop: "unreachable",
  });
  const error = kind === "none" ? "net-unreachable" : "host-unreachable";
  return withError(ended, flight, netns, error, ct);
}
