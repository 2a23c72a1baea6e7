import { formatPacket, type Packet } from "../net/packet";
import { bridgePorts } from "./bridge";
import { end, endByHook, withError, withReset } from "./endings";
import type { HopDraft, Step, StepContext } from "./flight";
import { hookHops } from "./hook-hops";
import { hop } from "./hop-draft";
import { hasHooks, runHook } from "./netfilter/hooks";
import type { Listener, Netns } from "./netns";
import { type At, hookInput } from "./stage";
import { decapsulate, findTunnel } from "./vxlan";

/** Every kernel answers pings by itself. Source: kernel icmp.c, icmp_echo. */
function echoOf(owner: string): Listener {
  return { protocol: "icmp", port: 0, owner, program: "echo" };
}

/** For this machine: filter, then a socket. */
export function input(flight: At<"input">, context: StepContext): Step {
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
      bridge: bridgePorts(stage.portIn, undefined),
    });
    hops.push(...hookHops("INPUT", netns, packet, result, stage.devIn, undefined));
    const stopped = endByHook(flight, netns, "INPUT", result, hops);
    if (stopped) return stopped;
    packet = result.packet;
    ct = result.ct;
  }
  const moved = { ...flight, packet };
  const tunnel = findTunnel(netns, packet);
  if (tunnel) return decapsulate(moved, netns, tunnel, hops, stage.devIn);
  if (context.isClient(netns.id, packet)) {
    hops.push(atSocket("delivered", netns, packet, stage.devIn));
    return { hops, arrived: { netns: netns.id, packet } };
  }
  if (packet.echo === "request") {
    hops.push(atSocket("delivered", netns, packet, stage.devIn));
    return { hops, arrived: { netns: netns.id, packet, listener: echoOf(netns.id) } };
  }
  if (packet.icmp || packet.echo || packet.flags?.startsWith("R")) {
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
    hops.push(atSocket(kind, netns, packet, stage.devIn));
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

function atSocket(
  kind: "delivered" | "accept",
  netns: Netns,
  packet: Packet,
  devIn: string,
): HopDraft {
  const seen = hop(netns, "local", kind, packet, packet, formatPacket(packet));
  seen.devIn = devIn;
  return seen;
}
