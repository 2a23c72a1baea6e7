import { formatIpv4, type Ipv4 } from "../net/ipv4";
import { formatPacket, type Packet } from "../net/packet";
import { findRoute, isLocalAddress, isLoopback } from "./addresses";
import { bridgeReceive, findPort } from "./bridge";
import { ARP_FAILED_US, end, endByHook, withError, withReset } from "./endings";
import type { Egress, Flight, HopDraft, Stage, Step, StepContext } from "./flight";
import { hookHops } from "./hook-hops";
import { hop } from "./hop-draft";
import { hasHooks, runHook } from "./netfilter/hooks";
import type { PacketCt } from "./netfilter/tracking";
import { findInterface, type Netns } from "./netns";
import { formatRoute } from "./print-ip";

/** One machine's network stack is passed in about this time per stage. */
const STAGE_US = 2;
/** Pod to node over a veth pair and back. */
const VETH_US = 10;

type At<S extends Stage["at"]> = Flight & { readonly stage: Extract<Stage, { at: S }> };

/** Advances a packet by one stage of the machine that it is on: place + packet + state → hops + what comes next. */
export function advance(flight: Flight, context: StepContext): Step {
  switch (flight.stage.at) {
    case "output":
      return output(flight as At<"output">, context);
    case "receive":
      return receive(flight as At<"receive">, context);
    case "input":
      return input(flight as At<"input">, context);
    case "forward":
      return forward(flight as At<"forward">, context);
    case "postrouting":
      return postrouting(flight as At<"postrouting">, context);
    case "wire":
    case "internet":
    case "edge":
      throw new Error("between machines: see fabric/wire");
  }
}

/** A local socket, or the kernel itself, sends. */
function output(flight: At<"output">, context: StepContext): Step {
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

/** A frame arrives at a device: bridge or IP stack. */
function receive(flight: At<"receive">, context: StepContext): Step {
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

/** For this machine: filter, then a socket. */
function input(flight: At<"input">, context: StepContext): Step {
  const { stage } = flight;
  const netns = context.plane.get(stage.netns);
  const hops: HopDraft[] = [];
  let { packet } = flight;
  let ct = flight.ct;
  if (hasHooks(context.plane, netns)) {
    const result = runHook("INPUT", {
      ...hookInput(netns, context),
      packet,
      ct,
      devIn: stage.devIn,
    });
    hops.push(...hookHops("INPUT", netns, packet, result, stage.devIn, undefined));
    const stopped = endByHook(flight, netns, "INPUT", result, hops);
    if (stopped) return stopped;
    packet = result.packet;
    ct = result.ct;
  }
  const moved = { ...flight, packet };
  if (context.isClient(netns.id, packet)) {
    hops.push({
      ...hop(netns, "local", "delivered", packet, packet, formatPacket(packet)),
      devIn: stage.devIn,
    });
    return { hops, arrived: { netns: netns.id, packet } };
  }
  if (packet.icmp || packet.flags?.startsWith("R")) {
    const explanation = `no socket on ${netns.label} is waiting for this error`;
    return end(moved, netns, hops, { reason: "NoSocket", explanation, hop: "drop", part: "local" });
  }
  const listener = netns.listeners.find(
    (candidate) =>
      candidate.protocol === packet.protocol &&
      candidate.port === packet.dport &&
      (candidate.ip === undefined || candidate.ip === packet.dst),
  );
  if (listener) {
    const kind = listener.program === "proxy" ? "accept" : "delivered";
    hops.push({
      ...hop(netns, "local", kind, packet, packet, formatPacket(packet)),
      devIn: stage.devIn,
    });
    return { hops, arrived: { netns: netns.id, packet, listener } };
  }
  const explanation = `nothing on ${netns.label} listens on ${packet.protocol} port ${packet.dport}`;
  const tcp = packet.protocol === "tcp";
  const ended = end(moved, netns, hops, {
    reason: "NoSocket",
    explanation,
    hop: tcp ? "reset" : "unreachable",
    part: "local",
  });
  return tcp
    ? withReset(ended, moved, netns)
    : withError(ended, moved, netns, "port-unreachable", ct);
}

/** For another machine: filter, TTL is already counted down. */
function forward(flight: At<"forward">, context: StepContext): Step {
  const { stage, packet } = flight;
  const netns = context.plane.get(stage.netns);
  const hops: HopDraft[] = [];
  let current = packet;
  let ct = flight.ct;
  if (hasHooks(context.plane, netns)) {
    const result = runHook("FORWARD", {
      ...hookInput(netns, context),
      packet,
      ct,
      devIn: stage.devIn,
      devOut: stage.out.dev,
    });
    hops.push(...hookHops("FORWARD", netns, packet, result, stage.devIn, stage.out.dev));
    const stopped = endByHook(flight, netns, "FORWARD", result, hops);
    if (stopped) return stopped;
    current = result.packet;
    ct = result.ct;
  }
  return go(
    hops,
    onward(flight, current, ct, {
      at: "postrouting",
      netns: netns.id,
      devIn: stage.devIn,
      out: stage.out,
      bridged: stage.bridged,
    }),
    STAGE_US,
  );
}

/** On the way out: source NAT, confirmation, then the device. */
function postrouting(flight: At<"postrouting">, context: StepContext): Step {
  const { stage, packet } = flight;
  const netns = context.plane.get(stage.netns);
  const hops: HopDraft[] = [];
  let current = packet;
  let ct = flight.ct;
  const plainBridge = stage.bridged && !netns.sysctls.bridgeNfCallIptables;
  if (hasHooks(context.plane, netns) && !plainBridge) {
    const result = runHook("POSTROUTING", {
      ...hookInput(netns, context),
      packet,
      ct,
      devOut: stage.out.dev,
      nextHop: stage.out.nextHop,
    });
    hops.push(...hookHops("POSTROUTING", netns, packet, result, stage.devIn, stage.out.dev));
    const stopped = endByHook(flight, netns, "POSTROUTING", result, hops);
    if (stopped) return stopped;
    current = result.packet;
    ct = result.ct;
  }
  return transmit(onward(flight, current, ct, stage), netns, stage.out, stage.devIn, hops, context);
}

function transmit(
  flight: Flight,
  netns: Netns,
  out: Egress,
  devIn: string | undefined,
  hops: HopDraft[],
  context: StepContext,
): Step {
  const device = findInterface(netns, out.dev);
  const { packet } = flight;
  if (!device) {
    const explanation = `${netns.label} has no device ${out.dev}`;
    return end(flight, netns, hops, { reason: "IpOutNoRoutes", explanation, hop: "drop" });
  }
  switch (device.kind) {
    case "loopback": {
      const next: Flight = {
        ...flight,
        stage: { at: "receive", netns: netns.id, dev: device.name, nextHop: out.nextHop },
      };
      return go(hops, next, STAGE_US);
    }
    case "bridge": {
      const port = findPort(context.plane, netns, device.name, out.nextHop);
      if (!port?.peer) {
        const explanation = `nobody on ${device.name} of ${netns.label} answers ARP for ${formatIpv4(out.nextHop)}: No route to host`;
        const ended = end(flight, netns, hops, {
          reason: "NeighFailed",
          explanation,
          hop: "unreachable",
          part: "cni0",
        });
        return withError(ended, flight, netns, "host-unreachable", flight.ct, ARP_FAILED_US);
      }
      if (out.inPort === port.name && !port.hairpin) {
        const explanation = `the frame would have to leave ${device.name} by the port it came in on, and hairpin mode is off there`;
        return end(flight, netns, hops, {
          reason: "BridgeNoHairpin",
          explanation,
          hop: "drop",
          part: "cni0",
        });
      }
      const wired = wireCopy(packet);
      hops.push({
        ...hop(
          netns,
          "cni0",
          "bridge",
          wired,
          wired,
          `${device.name} port ${port.name} to ${formatIpv4(out.nextHop)}`,
        ),
        ...(devIn !== undefined && { devIn }),
        devOut: port.name,
      });
      return go(
        hops,
        leave(flight, wired, {
          at: "receive",
          netns: port.peer.netns,
          dev: port.peer.name,
          nextHop: out.nextHop,
        }),
        VETH_US,
      );
    }
    case "veth": {
      const peer = device.peer && context.plane.find(device.peer.netns);
      if (!device.peer || !peer) {
        const explanation = `the other end of ${device.name} is gone`;
        return end(flight, netns, hops, { reason: "MachineDown", explanation, hop: "drop" });
      }
      const peerDevice = findInterface(peer, device.peer.name);
      const bridge = peerDevice?.master;
      const known =
        isLocalAddress(peer, out.nextHop) ||
        bridge === undefined ||
        findPort(context.plane, peer, bridge, out.nextHop);
      if (!known) {
        const explanation = `nobody answers ARP for ${formatIpv4(out.nextHop)} on ${device.name} of ${netns.label}: No route to host`;
        return end(flight, netns, hops, { reason: "NeighFailed", explanation, hop: "unreachable" });
      }
      return go(
        hops,
        leave(flight, wireCopy(packet), {
          at: "receive",
          netns: peer.id,
          dev: device.peer.name,
          nextHop: out.nextHop,
        }),
        VETH_US,
      );
    }
    case "ethernet":
      return go(
        hops,
        leave(flight, wireCopy(packet), { at: "wire", from: netns.id, nextHop: out.nextHop }),
        STAGE_US,
      );
  }
}

/** The mark and what conntrack knows stay on the machine. Source: kernel skb_scrub_packet. */
function wireCopy(packet: Packet): Packet {
  return packet.mark === 0 ? packet : { ...packet, mark: 0 };
}

function leave(flight: Flight, packet: Packet, stage: Stage): Flight {
  const { ct: _stays, ...rest } = flight;
  return { ...rest, packet, stage };
}

function poweredOff(flight: Flight, netns: Netns): Step {
  return end(flight, netns, [], {
    reason: "MachineDown",
    explanation: `${netns.label} is powered off`,
    hop: "drop",
  });
}

function egressTo(netns: Netns, destination: Ipv4): (Egress & { text: string }) | undefined {
  if (isLocalAddress(netns, destination))
    return { dev: "lo", nextHop: destination, text: `local ${formatIpv4(destination)} dev lo` };
  const route = findRoute(netns, destination);
  return route && { dev: route.dev, nextHop: route.via ?? destination, text: formatRoute(route) };
}

function hookInput(netns: Netns, context: StepContext) {
  return {
    plane: context.plane,
    netns,
    nowUs: context.nowUs,
    decide: context.decide,
    naive: context.naive,
  };
}

/** Field by field, as every packet comes through here several times on each machine: spreads are slow. */
function onward(
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

function go(hops: readonly HopDraft[], flight: Flight, delayUs: number): Step {
  const { packet, connection, role, direction, stage, ct } = flight;
  const steps = flight.steps + 1;
  const next: Flight = ct
    ? { packet, connection, role, direction, stage, ct, steps }
    : { packet, connection, role, direction, stage, steps };
  return { hops, next: { flight: next, delayUs } };
}
