import type { World } from "../../../src/core/cluster/world";
import { advance } from "../../../src/core/dataplane/advance";
import type { Flight, Stage, Step, StepContext } from "../../../src/core/dataplane/flight";
import { advanceWire } from "../../../src/core/fabric/wire";
import { formatIpv4, ipv4, parseIpv4 } from "../../../src/core/net/ipv4";
import { ICMP_TYPES, type Packet } from "../../../src/core/net/packet";
import type { FrameDraft } from "../../../src/core/trace/frame";
import type { Probe } from "./probes";

/** A packet that runs in circles has run long enough. */
const MOST_STEPS = 200;

/** Every frame that captures on all interfaces would show of a probe and of the error that reports it, and why it
 *  ended: what the simulation says. */
export function followProbe(world: World, probe: Probe): Frames {
  const frames = new Set<string>();
  const reasons: string[] = [];
  const plane = world.plane.fork();
  const context: StepContext = {
    plane,
    nowUs: world.nowUs,
    decide: NO_CHANCE,
    isClient: () => false,
    capture: (frame) => {
      if (!isSending(frame, probe)) frames.add(frameLine(frame));
    },
  };
  const open: Flight[] = [flightOf(world, probe)];
  for (let flight = open.pop(), steps = 0; flight && steps < MOST_STEPS; steps++) {
    const { next, answer, ended }: Step = isBetween(flight)
      ? advanceWire(flight, world.fabric, context)
      : advance(flight, context);
    if (ended) reasons.push(ended.reason ?? ended.kind);
    if (answer) open.push(answer.flight);
    flight = next?.flight ?? open.pop();
  }
  return { frames, reasons };
}

export interface Frames {
  readonly frames: ReadonlySet<string>;
  readonly reasons: readonly string[];
}

function flightOf({ plane }: World, probe: Probe): Flight {
  const { netns, dev, mac } = probe.into;
  const spoken = plane.get(netns).interfaces.find((device) => device.mac === mac);
  const nextHop = spoken?.addresses[0]?.ip ?? 0;
  const stage: Stage = probe.from.startsWith("host/")
    ? { at: "wire", from: probe.from, dev: "eth0", nextHop }
    : { at: "receive", netns, dev, nextHop };
  return {
    packet: packetOf(probe),
    connection: 1,
    role: "datagram",
    direction: "original",
    stage,
    steps: 0,
  };
}

function packetOf({ src, dst, sport, dport, ttl }: Probe): Packet {
  return {
    protocol: "udp",
    src: parseIpv4(src) ?? 0,
    sport,
    dst: ipv4(dst),
    dport,
    ttl,
    mark: 0,
    seq: 0,
    ack: 0,
    payloadBytes: 40,
  };
}

function isBetween({ stage }: Flight): boolean {
  return ["wire", "vpc", "internet", "edge"].includes(stage.at);
}

/** The frame that puts the probe onto the wire. */
function isSending({ netns, direction, packet }: FrameDraft, probe: Probe): boolean {
  return netns === probe.from && direction === "out" && packet.protocol === "udp";
}

/** `node/node-1 eth0 in 10.0.9.20 > 10.244.1.2 udp ttl 64`, as probes.py writes it. */
function frameLine({ netns, dev, direction, packet }: FrameDraft): string {
  const { src, dst, ttl, protocol, icmp } = packet;
  const error = icmp && ICMP_TYPES[icmp.error];
  const what = error ? `icmp ${error.type}/${error.code}` : protocol;
  return `${netns} ${dev} ${direction} ${formatIpv4(src)} > ${formatIpv4(dst)} ${what} ttl ${ttl}`;
}

/** No rule that draws lots is to stand in a probe's way. */
const NO_CHANCE: StepContext["decide"] = {
  chance: () => {
    throw new Error("a probe met a rule that draws lots");
  },
  choose: () => 0,
  turn: (_, isDue) => isDue,
  anyPort: (from) => from,
};
