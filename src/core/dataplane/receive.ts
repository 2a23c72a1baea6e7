import { formatIpv4 } from "../net/ipv4";
import { isLocalAddress, isLoopback } from "./addresses";
import { bridgeReceive } from "./bridge";
import { end, endByHook, withError } from "./endings";
import type { Flight, HopDraft, Stage, Step, StepContext } from "./flight";
import { hookHops } from "./hook-hops";
import { hop } from "./hop-draft";
import { input } from "./input";
import { hasHooks, runHook } from "./netfilter/hooks";
import { findInterface } from "./netns";
import { type At, egressTo, go, hookInput, onward, poweredOff, STAGE_US } from "./stage";

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
  const hooks = hasHooks(context.plane, netns);
  const hops: HopDraft[] = [];
  let current = packet;
  let ct = flight.ct;
  const devIn = device?.master ?? stage.dev;

  const bridgeHooks = netns.sysctls.bridgeNfCallIptables && hooks;
  const toBridge = device?.master === undefined || isLocalAddress(netns, stage.nextHop);
  const walked =
    hooks && ct === undefined && (device?.master === undefined || toBridge || bridgeHooks);
  if (walked) {
    const result = runHook("PREROUTING", { ...hookInput(netns, context), packet, ct, devIn });
    hops.push(...hookHops("PREROUTING", netns, packet, result, devIn, undefined));
    const stopped = endByHook(flight, netns, "PREROUTING", result, hops);
    if (stopped) return stopped;
    current = result.packet;
    ct = result.ct;
  }
  if (device?.master !== undefined) {
    const bridged = bridgeReceive(netns, device, stage.nextHop, packet, current, bridgeHooks);
    if (bridged) {
      const stageNext: Stage = bridgeHooks
        ? { at: "forward", netns: netns.id, devIn, out: bridged, bridged: true }
        : { at: "postrouting", netns: netns.id, devIn, out: bridged, bridged: true };
      return go(hops, onward(flight, current, ct, stageNext), STAGE_US);
    }
  }

  const moved = { ...flight, packet: current };
  if (stage.dev !== "lo") {
    if (isLocalAddress(netns, current.src)) {
      const explanation = `the packet comes from outside but carries an address of ${netns.label} itself as its source`;
      return end(moved, netns, hops, { reason: "IpLocalSource", explanation, hop: "drop" });
    }
    if (isLoopback(current.dst) && !netns.sysctls.routeLocalnet) {
      const explanation = "a loopback address came from outside (martian destination)";
      return end(moved, netns, hops, { reason: "IpInNoRoutes", explanation, hop: "drop" });
    }
  }
  if (isLocalAddress(netns, current.dst)) {
    const next: Flight = onward(flight, current, ct, { at: "input", netns: netns.id, devIn });
    return hops.length > 0 || hooks
      ? go(hops, next, STAGE_US)
      : input(next as At<"input">, context);
  }
  if (!netns.sysctls.ipForward) {
    const explanation = `${formatIpv4(current.dst)} is not an address of ${netns.label}, and it does not forward`;
    return end(moved, netns, hops, { reason: "OtherHost", explanation, hop: "drop" });
  }
  const egress = egressTo(netns, current.dst);
  if (!egress) {
    const explanation = `no route to ${formatIpv4(current.dst)} on ${netns.label}`;
    const ended = end(moved, netns, hops, {
      reason: "IpInNoRoutes",
      explanation,
      hop: "unreachable",
    });
    return withError(ended, moved, netns, "net-unreachable", ct);
  }
  hops.push({
    ...hop(netns, "route", "route", current, current, egress.text),
    route: egress.text,
    devIn,
    devOut: egress.dev,
  });
  if (current.ttl <= 1) {
    const explanation = `the packet's TTL ran out on ${netns.label}`;
    const ended = end(moved, netns, hops, {
      reason: "TtlExceeded",
      explanation,
      hop: "unreachable",
    });
    return withError(ended, moved, netns, "ttl-exceeded", ct);
  }
  const forwarded = { ...current, ttl: current.ttl - 1 };
  return go(
    hops,
    onward(flight, forwarded, ct, {
      at: "forward",
      netns: netns.id,
      devIn,
      out: egress,
      bridged: false,
    }),
    STAGE_US,
  );
}
