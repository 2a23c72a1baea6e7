import { formatIpv4, type Ipv4 } from "../net/ipv4";
import { formatPacket, type IcmpError, type Packet, reversed } from "../net/packet";
import { tupleOf } from "../net/tuple";
import { nodePlace } from "../trace/place";
import type { Reason, Verdict } from "../trace/verdict";
import { findRoute, isLocalAddress, isLoopback, selectSource } from "./addresses";
import { bridgeReceive, findPort } from "./bridge";
import { chainsWalked, describeChange, describeMark, formatConntrack, formatTuple, shortChain } from "./describe";
import type { Egress, Flight, HopDraft, Stage, Step, StepContext } from "./flight";
import { hasHooks, type HookResult, runHook } from "./netfilter/hooks";
import type { RejectKind } from "./netfilter/rules";
import type { PacketCt } from "./netfilter/tracking";
import { findInterface, type Netns } from "./netns";
import { formatRoute } from "./print-ip";

/** One machine's network stack is passed in about this time per stage. */
const STAGE_US = 2;
/** Pod to node over a veth pair and back. */
const VETH_US = 10;
/** ARP is asked three times, a second apart, before the neighbour counts as unreachable. Source: arp(7), mcast_solicit. */
const ARP_FAILED_US = 3_000_000;

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
  if (!netns.up) return end(flight, netns, [], "MachineDown", `${netns.label} is powered off`);
  const firstEgress = egressTo(netns, packet.dst);
  if (!firstEgress) {
    const why = `no route to ${formatIpv4(packet.dst)} on ${netns.label}: Network is unreachable`;
    return { ...end(flight, netns, [], "IpOutNoRoutes", why, "refused") };
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
    const result = runHook("OUTPUT", { ...hookInput(netns, context), packet, ct, devOut: egress.dev, nextHop: egress.nextHop });
    hops.push(...hookHops("OUTPUT", netns, packet, result, undefined, egress.dev));
    const stopped = stop(flight, netns, "OUTPUT", result, hops, undefined, context);
    if (stopped) return stopped;
    current = result.packet;
    ct = result.ct;
    if (result.translated && current.dst !== packet.dst) {
      const rerouted = egressTo(netns, current.dst);
      if (!rerouted) return end(flight, netns, hops, "IpOutNoRoutes", `no route to ${formatIpv4(current.dst)} after DNAT`, "refused");
      egress = rerouted;
      hops.push({ ...hop(netns, "route", "route", current, current, egress.text), route: egress.text, devOut: egress.dev });
    }
  }
  const next: Flight = {
    ...flight,
    packet: current,
    ...withCt(ct),
    stage: { at: "postrouting", netns: netns.id, out: egress, bridged: false },
  };
  return go(hops, next, STAGE_US);
}

/** A frame arrives at a device: bridge or IP stack. */
function receive(flight: At<"receive">, context: StepContext): Step {
  const { stage, packet } = flight;
  const netns = context.plane.find(stage.netns);
  if (!netns) return { hops: [], ended: verdict("dropped", "NeighFailed", "the network namespace is gone", stage.netns) };
  if (!netns.up) return end(flight, netns, [], "MachineDown", `${netns.label} is powered off`);
  const device = findInterface(netns, stage.dev);
  const hooks = hasHooks(context.plane, netns);
  const hops: HopDraft[] = [];
  let current = packet;
  let ct = flight.ct;
  const devIn = device?.master ?? stage.dev;

  const bridgeHooks = netns.sysctls.bridgeNfCallIptables && hooks;
  const toBridge = device?.master === undefined || isLocalAddress(netns, stage.nextHop);
  const walked = hooks && ct === undefined && (device?.master === undefined || toBridge || bridgeHooks);
  if (walked) {
    const result = runHook("PREROUTING", { ...hookInput(netns, context), packet, ct, devIn });
    hops.push(...hookHops("PREROUTING", netns, packet, result, devIn, undefined));
    const stopped = stop(flight, netns, "PREROUTING", result, hops, devIn, context);
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
      return go(hops, { ...flight, packet: current, ...withCt(ct), stage: stageNext }, STAGE_US);
    }
  }

  if (stage.dev !== "lo") {
    if (isLocalAddress(netns, current.src)) {
      return end({ ...flight, packet: current }, netns, hops, "IpLocalSource", `the packet comes from outside but carries an address of ${netns.label} itself as its source`);
    }
    if (isLoopback(current.dst) && !netns.sysctls.routeLocalnet) {
      return end({ ...flight, packet: current }, netns, hops, "IpInNoRoutes", "a loopback address came from outside (martian destination)");
    }
  }
  if (isLocalAddress(netns, current.dst)) {
    const next: Flight = { ...flight, packet: current, ...withCt(ct), stage: { at: "input", netns: netns.id, devIn } };
    return hops.length > 0 || hooks ? go(hops, next, STAGE_US) : input(next as At<"input">, context);
  }
  if (!netns.sysctls.ipForward) {
    return end({ ...flight, packet: current }, netns, hops, "OtherHost", `${formatIpv4(current.dst)} is not an address of ${netns.label}, and it does not forward`);
  }
  const egress = egressTo(netns, current.dst);
  if (!egress) {
    const why = `no route to ${formatIpv4(current.dst)} on ${netns.label}`;
    return withError(end({ ...flight, packet: current }, netns, hops, "IpInNoRoutes", why, "refused"), flight, current, ct, netns, "net-unreachable", devIn, STAGE_US);
  }
  hops.push({ ...hop(netns, "route", "route", current, current, egress.text), route: egress.text, devIn, devOut: egress.dev });
  if (current.ttl <= 1) {
    const why = `the packet's TTL ran out on ${netns.label}`;
    return withError(end({ ...flight, packet: current }, netns, hops, "TtlExceeded", why, "refused"), flight, current, ct, netns, "ttl-exceeded", devIn, STAGE_US);
  }
  const forwarded = { ...current, ttl: current.ttl - 1 };
  return go(hops, { ...flight, packet: forwarded, ...withCt(ct), stage: { at: "forward", netns: netns.id, devIn, out: egress, bridged: false } }, STAGE_US);
}

/** For this machine: filter, then a socket. */
function input(flight: At<"input">, context: StepContext): Step {
  const { stage } = flight;
  const netns = context.plane.get(stage.netns);
  const hops: HopDraft[] = [];
  let { packet } = flight;
  let ct = flight.ct;
  if (hasHooks(context.plane, netns)) {
    const result = runHook("INPUT", { ...hookInput(netns, context), packet, ct, devIn: stage.devIn });
    hops.push(...hookHops("INPUT", netns, packet, result, stage.devIn, undefined));
    const stopped = stop(flight, netns, "INPUT", result, hops, stage.devIn, context);
    if (stopped) return stopped;
    packet = result.packet;
    ct = result.ct;
  }
  if (context.isClient(netns.id, packet)) {
    hops.push({ ...hop(netns, "local", "delivered", packet, packet, formatPacket(packet)), devIn: stage.devIn });
    return { hops, arrived: { netns: netns.id, packet } };
  }
  if (packet.icmp || packet.flags?.startsWith("R")) {
    return end({ ...flight, packet }, netns, hops, "NoSocket", `no socket on ${netns.label} is waiting for this error`);
  }
  const listener = netns.listeners.find(
    (candidate) =>
      candidate.protocol === packet.protocol &&
      candidate.port === packet.dport &&
      (candidate.ip === undefined || candidate.ip === packet.dst),
  );
  if (listener) {
    const kind = listener.program === "proxy" ? "accept" : "delivered";
    hops.push({ ...hop(netns, "local", kind, packet, packet, formatPacket(packet)), devIn: stage.devIn });
    return { hops, arrived: { netns: netns.id, packet, listener } };
  }
  const why = `nothing on ${netns.label} listens on ${packet.protocol} port ${packet.dport}`;
  const ended = end({ ...flight, packet }, netns, hops, "NoSocket", why, "refused", "reset");
  if (packet.protocol !== "tcp") return withError(ended, flight, packet, ct, netns, "port-unreachable", stage.devIn, STAGE_US);
  return { ...ended, answer: { flight: answerFlight(flight, netns, resetFor(packet), "RST"), delayUs: STAGE_US } };
}

/** For another machine: filter, TTL is already counted down. */
function forward(flight: At<"forward">, context: StepContext): Step {
  const { stage, packet } = flight;
  const netns = context.plane.get(stage.netns);
  const hops: HopDraft[] = [];
  let current = packet;
  let ct = flight.ct;
  if (hasHooks(context.plane, netns)) {
    const result = runHook("FORWARD", { ...hookInput(netns, context), packet, ct, devIn: stage.devIn, devOut: stage.out.dev });
    hops.push(...hookHops("FORWARD", netns, packet, result, stage.devIn, stage.out.dev));
    const stopped = stop(flight, netns, "FORWARD", result, hops, stage.devIn, context);
    if (stopped) return stopped;
    current = result.packet;
    ct = result.ct;
  }
  return go(
    hops,
    { ...flight, packet: current, ...withCt(ct), stage: { at: "postrouting", netns: netns.id, devIn: stage.devIn, out: stage.out, bridged: stage.bridged } },
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
    const result = runHook("POSTROUTING", { ...hookInput(netns, context), packet, ct, devOut: stage.out.dev, nextHop: stage.out.nextHop });
    hops.push(...hookHops("POSTROUTING", netns, packet, result, stage.devIn, stage.out.dev));
    const stopped = stop(flight, netns, "POSTROUTING", result, hops, stage.devIn, context);
    if (stopped) return stopped;
    current = result.packet;
    ct = result.ct;
  }
  return transmit({ ...flight, packet: current, ...withCt(ct) }, netns, stage.out, stage.devIn, hops, context);
}

function transmit(flight: Flight, netns: Netns, out: Egress, devIn: string | undefined, hops: HopDraft[], context: StepContext): Step {
  const device = findInterface(netns, out.dev);
  const { packet } = flight;
  if (!device) return end(flight, netns, hops, "IpOutNoRoutes", `${netns.label} has no device ${out.dev}`);
  switch (device.kind) {
    case "loopback": {
      const next: Flight = { ...flight, stage: { at: "receive", netns: netns.id, dev: device.name, nextHop: out.nextHop } };
      return go(hops, next, STAGE_US);
    }
    case "bridge": {
      const port = findPort(context.plane, netns, device.name, out.nextHop);
      if (!port?.peer) {
        const why = `nobody on ${device.name} of ${netns.label} answers ARP for ${formatIpv4(out.nextHop)}: No route to host`;
        const ended = end(flight, netns, hops, "NeighFailed", why, "refused", "unreachable", "cni0");
        return withError(ended, flight, packet, flight.ct, netns, "host-unreachable", devIn, ARP_FAILED_US);
      }
      if (out.inPort === port.name && !port.hairpin) {
        return end(flight, netns, hops, "BridgeNoHairpin", `the frame would have to leave ${device.name} by the port it came in on, and hairpin mode is off there`, "dropped", "drop", "cni0");
      }
      const wired = wireCopy(packet);
      hops.push({ ...hop(netns, "cni0", "bridge", wired, wired, `${device.name} port ${port.name} to ${formatIpv4(out.nextHop)}`), ...(devIn !== undefined && { devIn }), devOut: port.name });
      return go(hops, leave(flight, wired, { at: "receive", netns: port.peer.netns, dev: port.peer.name, nextHop: out.nextHop }), VETH_US);
    }
    case "veth": {
      const peer = device.peer && context.plane.find(device.peer.netns);
      if (!device.peer || !peer) return end(flight, netns, hops, "MachineDown", `the other end of ${device.name} is gone`);
      const peerDevice = findInterface(peer, device.peer.name);
      const bridge = peerDevice?.master;
      const known = isLocalAddress(peer, out.nextHop) || bridge === undefined || findPort(context.plane, peer, bridge, out.nextHop);
      if (!known) {
        const why = `nobody answers ARP for ${formatIpv4(out.nextHop)} on ${device.name} of ${netns.label}: No route to host`;
        return end(flight, netns, hops, "NeighFailed", why, "refused", "unreachable");
      }
      return go(hops, leave(flight, wireCopy(packet), { at: "receive", netns: peer.id, dev: device.peer.name, nextHop: out.nextHop }), VETH_US);
    }
    case "ethernet":
      return go(hops, leave(flight, wireCopy(packet), { at: "wire", from: netns.id, nextHop: out.nextHop }), STAGE_US);
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

function egressTo(netns: Netns, destination: Ipv4): (Egress & { text: string }) | undefined {
  if (isLocalAddress(netns, destination)) return { dev: "lo", nextHop: destination, text: `local ${formatIpv4(destination)} dev lo` };
  const route = findRoute(netns, destination);
  return route && { dev: route.dev, nextHop: route.via ?? destination, text: formatRoute(route) };
}

/** Source address that an unbound socket gets when it connects to `destination`; undefined without a route. */
export function sourceFor(netns: Netns, destination: Ipv4): Ipv4 | undefined {
  if (isLocalAddress(netns, destination)) return destination;
  const route = findRoute(netns, destination);
  return route && (route.src ?? selectSource(netns, route.dev, route.via ?? destination));
}

function hookInput(netns: Netns, context: StepContext) {
  return { plane: context.plane, netns, nowUs: context.nowUs, decide: context.decide, naive: context.naive };
}

type HookName = "PREROUTING" | "INPUT" | "FORWARD" | "OUTPUT" | "POSTROUTING";

/** The hops that a hook is told by: the chains walked, then the translation, each where there is something to tell. */
function hookHops(name: HookName, netns: Netns, before: Packet, result: HookResult, devIn: string | undefined, devOut: string | undefined): HopDraft[] {
  const hops: HopDraft[] = [];
  const devices = { ...(devIn !== undefined && { devIn }), ...(devOut !== undefined && { devOut }) };
  const unchanged = { ...before, mark: result.packet.mark };
  const side = name === "PREROUTING" || name === "OUTPUT" ? "dst" : "src";
  const known = result.ct?.entry ?? result.ct?.pending;
  const conntrack = known && { conntrack: formatConntrack({ seenReply: false, assured: false, ...known }) };
  const place = nodePlaceOf(netns, "iptables");
  const base = { node: netns.label, place, ...devices };

  if (name === "PREROUTING" && result.ct && !result.ct.pending) {
    const entry = result.ct.entry;
    const text = entry
      ? `${result.ct.state === "RELATED" ? "error about" : result.ct.direction === "reply" ? "reply of" : "packet of"} ${formatTuple(entry.original)}`
      : "INVALID: belongs to no known connection";
    const rewrite = result.translated ? `, un-SNAT ${describeChange(before, result.packet, "dst")}` : "";
    const forward = result.translated && result.ct.direction === "original" ? `, DNAT ${describeChange(before, result.packet, "dst")}` : rewrite;
    hops.push({ ...base, kind: "conntrack", before, after: result.packet, detail: text + forward, walks: result.walks, ...conntrack });
    return hops;
  }
  const natKind = result.natRule ? (side === "dst" ? "DNAT" : result.natRule.target?.kind === "SNAT" ? "SNAT" : "MASQUERADE") : undefined;
  if (natKind && side === "src") {
    hops.push({ ...base, kind: natKind, before, after: result.packet, detail: describeChange(before, result.packet, "src"), walks: result.walks, ...conntrack });
    return hops;
  }
  if (result.walks.length > 0 || result.translated) {
    const words = [chainsWalked(result.walks), verdictWords(name, result), describeMark(result.packet)].filter((word) => word !== "");
    if (!natKind && result.translated) {
      const reply = result.ct?.direction === "reply";
      const word = side === "src" ? (reply ? "un-DNAT" : "SNAT") : reply ? "un-SNAT" : "DNAT";
      words.push(`${word} ${describeChange(before, result.packet, side)}`);
    }
    hops.push({
      ...base,
      kind: name,
      before,
      after: natKind ? unchanged : result.packet,
      detail: words.join(", "),
      walks: result.walks,
      ...(!natKind && conntrack),
    });
  }
  if (natKind) {
    hops.push({ ...base, kind: natKind, before: unchanged, after: result.packet, detail: describeChange(before, result.packet, "dst"), ...conntrack });
  }
  return hops;
}

function verdictWords(name: HookName, result: HookResult): string {
  if (result.verdict !== "ACCEPT") return result.verdict;
  if (name === "PREROUTING" || name === "POSTROUTING") {
    const consulted = result.walks.some(({ table }) => table === "nat");
    return consulted && !result.natRule ? `no ${name === "PREROUTING" ? "DNAT" : "SNAT"}` : "";
  }
  if (name === "OUTPUT") return "";
  const last = result.walks.at(-1);
  if (last?.matched) return `accept by ${shortChain(last.chain.name)}`;
  return "policy ACCEPT";
}

/** The packet's end, when a hook dropped or rejected it. */
function stop(flight: Flight, netns: Netns, name: HookName, result: HookResult, hops: HopDraft[], devIn: string | undefined, context: StepContext): Step | undefined {
  if (result.verdict === "ACCEPT") return undefined;
  const chain = result.walks.at(-1)?.chain.name ?? name;
  const comment = result.rule?.comment ? ` "${result.rule.comment}"` : "";
  const by = result.rule ? `the rule${comment} in ${shortChain(chain)}` : `the policy of ${chain}`;
  const packet = result.packet;
  if (result.verdict === "DROP") {
    return end({ ...flight, packet }, netns, hops, "NetfilterDrop", `dropped on ${netns.label} by ${by}`, "dropped", "drop", "iptables");
  }
  const ended = end({ ...flight, packet }, netns, hops, "NetfilterReject", `rejected on ${netns.label} by ${by}`, "refused", "reject", "iptables");
  if (result.rejectWith === "tcp-reset") {
    return { ...ended, answer: { flight: answerFlight(flight, netns, resetFor(packet), "RST", related(result.ct)), delayUs: STAGE_US } };
  }
  void context;
  return withError(ended, flight, packet, result.ct, netns, ICMP_OF[result.rejectWith ?? "icmp-port-unreachable"], devIn, STAGE_US);
}

const ICMP_OF: Record<Exclude<RejectKind, "tcp-reset">, IcmpError> = {
  "icmp-port-unreachable": "port-unreachable",
  "icmp-host-unreachable": "host-unreachable",
  "icmp-net-unreachable": "net-unreachable",
  "icmp-admin-prohibited": "admin-prohibited",
};

/** Adds the ICMP error that goes back to the packet's sender; nobody sends one about an ICMP error. */
function withError(step: Step, flight: Flight, packet: Packet, ct: PacketCt | undefined, netns: Netns, error: IcmpError, devIn: string | undefined, delayUs: number): Step {
  if (packet.icmp) return step;
  const src = isLocalAddress(netns, packet.dst) ? packet.dst : sourceFor(netns, packet.src);
  if (src === undefined) return step;
  void devIn;
  const report: Packet = {
    protocol: "icmp",
    src,
    dst: packet.src,
    sport: 0,
    dport: 0,
    ttl: 64,
    mark: 0,
    seq: 0,
    ack: 0,
    payloadBytes: 0,
    icmp: { error, quoted: tupleOf(packet) },
  };
  return { ...step, answer: { flight: answerFlight(flight, netns, report, "ICMP", related(ct)), delayUs } };
}

/** An error about a connection belongs to it, even before the connection is confirmed. Source: kernel nf_ct_attach. */
function related(ct: PacketCt | undefined): PacketCt | undefined {
  if (!ct || ct.state === "INVALID") return undefined;
  return { ...ct, state: "RELATED", direction: ct.direction === "original" ? "reply" : "original" };
}

function resetFor(packet: Packet): Packet {
  return { ...reversed(packet), ttl: 64, mark: 0, flags: "R.", seq: packet.ack, ack: packet.seq + 1, payloadBytes: 0, payload: "" };
}

function answerFlight(flight: Flight, netns: Netns, packet: Packet, role: "RST" | "ICMP", ct?: PacketCt): Flight {
  return {
    packet,
    connection: flight.connection,
    role,
    direction: flight.direction === "original" ? "reply" : "original",
    stage: { at: "output", netns: netns.id },
    ...withCt(ct),
    steps: flight.steps + 1,
  };
}

function withCt(ct: PacketCt | undefined): { ct?: PacketCt } {
  return ct ? { ct } : {};
}

function go(hops: readonly HopDraft[], flight: Flight, delayUs: number): Step {
  return { hops, next: { flight: { ...flight, steps: flight.steps + 1 }, delayUs } };
}

function nodePlaceOf(netns: Netns, part: "iptables" | "route" | "cni0" | "local"): string {
  return netns.id.startsWith("node/") ? nodePlace(netns.machine, part) : netns.id;
}

function hop(netns: Netns, part: "iptables" | "route" | "cni0" | "local", kind: HopDraft["kind"], before: Packet, after: Packet, detail: string): HopDraft {
  return { node: netns.label, place: nodePlaceOf(netns, part), kind, before, after, detail };
}

function verdict(kind: Verdict["kind"], reason: Reason, explanation: string, place: string): Verdict {
  return { kind, reason, explanation, place };
}

function end(
  flight: Flight,
  netns: Netns,
  hops: readonly HopDraft[],
  reason: Reason,
  explanation: string,
  kind: "dropped" | "refused" = "dropped",
  hopKind: HopDraft["kind"] = kind === "refused" ? "unreachable" : "drop",
  part: "iptables" | "route" | "cni0" | "local" = "route",
): Step {
  const place = nodePlaceOf(netns, hopKind === "reset" ? "local" : part);
  const ended = verdict(kind, reason, explanation, place);
  const last: HopDraft = { node: netns.label, place, kind: hopKind, before: flight.packet, after: flight.packet, detail: `${reason}: ${explanation}`, verdict: ended };
  return { hops: [...hops, last], ended };
}
