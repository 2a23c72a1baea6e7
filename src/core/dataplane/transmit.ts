import { formatIpv4 } from "../net/ipv4";
import type { Packet } from "../net/packet";
import { isLocalAddress } from "./addresses";
import { answersArp } from "./arp";
import { findPort } from "./bridge";
import { ARP_FAILED_US, end, endAtDown, withError } from "./endings";
import type { Egress, Flight, HopDraft, Stage, Step, StepContext } from "./flight";
import { hop, type MachinePart } from "./hop-draft";
import { findInterface, type Netns, type NetworkInterface } from "./netns";
import { go, STAGE_US } from "./stage";
import { encapsulate, isTunnel } from "./vxlan";

/** Pod to node over a veth pair and back. */
const VETH_US = 10;

/** A packet leaves its machine's stack by a device. */
interface Transmission {
  readonly flight: Flight;
  readonly netns: Netns;
  readonly device: NetworkInterface;
  readonly out: Egress;
  readonly hops: HopDraft[];
  readonly context: StepContext;
}

/** A device sends: the bridge to one of its ports, a veth to its peer, a tunnel through another device, a network card
 *  onto the wire. */
export function transmit(
  flight: Flight,
  netns: Netns,
  out: Egress,
  devIn: string | undefined,
  hops: HopDraft[],
  context: StepContext,
): Step {
  const device = findInterface(netns, out.dev);
  if (!device) {
    const explanation = `${netns.label} has no device ${out.dev}`;
    return end(flight, netns, hops, { reason: "IpOutNoRoutes", explanation, hop: "drop" });
  }
  if (device.down) return endAtDown(flight, netns, device, hops);
  const sending = { flight, netns, device, out, hops, context };
  switch (device.kind) {
    case "loopback": {
      const stage: Stage = {
        at: "receive",
        netns: netns.id,
        dev: device.name,
        nextHop: out.nextHop,
      };
      return go(hops, { ...flight, stage }, STAGE_US);
    }
    case "bridge":
      return toPort(sending, devIn);
    case "veth":
      return toPeer(sending);
    case "vxlan":
      if (!isTunnel(device)) throw new Error(`${device.name} has no VXLAN settings`);
      return encapsulate(flight, netns, device, out, hops, context);
    case "ethernet": {
      const { name: dev } = device;
      const stage: Stage = { at: "wire", from: netns.id, dev, nextHop: out.nextHop };
      return go(hops, leave(flight, wireCopy(flight.packet), stage), STAGE_US);
    }
  }
}

/** Over a bridge to the port behind which the next hop lives. */
function toPort(sending: Transmission, devIn: string | undefined): Step {
  const { flight, netns, device, out, hops, context } = sending;
  const port = findPort(context.plane, netns, device.name, out.nextHop);
  if (!port?.peer) return unanswered(sending, device.name);
  if (out.inPort === port.name && !port.hairpin) {
    const explanation = `the frame would have to leave ${device.name} by the port it came in on, and hairpin mode is off there`;
    return end(flight, netns, hops, {
      reason: "BridgeNoHairpin",
      explanation,
      hop: "drop",
      part: device.name,
    });
  }
  const wired = wireCopy(flight.packet);
  const sent = { netns: netns.id, direction: "out", packet: wired } as const;
  if (out.inPort === undefined) context.capture?.({ ...sent, dev: device.name, bridge: true });
  context.capture?.({ ...sent, dev: port.name });
  const detail = `${device.name} port ${port.name} to ${formatIpv4(out.nextHop)}`;
  const seen = hop(netns, device.name, "bridge", wired, wired, detail);
  if (devIn !== undefined) seen.devIn = devIn;
  seen.devOut = port.name;
  hops.push(seen);
  return arrive(sending, wired, port.peer);
}

/** Through a veth pair: to whoever is at its other end, or to a bridge that the other end is a port of. */
function toPeer(sending: Transmission): Step {
  const { flight, netns, device, out, hops, context } = sending;
  const peer = device.peer && context.plane.find(device.peer.netns);
  const end1 = peer && device.peer && findInterface(peer, device.peer.name);
  if (!device.peer || !peer || !end1) {
    const explanation = `the other end of ${device.name} is gone`;
    return end(flight, netns, hops, { reason: "MachineDown", explanation, hop: "drop" });
  }
  const given = netns.neighbours?.find(({ ip, dev }) => ip === out.nextHop && dev === device.name);
  const isKnown = given
    ? given.mac === end1.mac
    : answersArp(peer, end1, out.nextHop) ||
      (end1.master !== undefined &&
        !end1.down &&
        findPort(context.plane, peer, end1.master, out.nextHop) !== undefined);
  if (!isKnown) return unanswered(sending, "route");
  const wired = wireCopy(flight.packet);
  context.capture?.({ netns: netns.id, dev: device.name, direction: "out", packet: wired });
  return arrive(sending, wired, device.peer);
}

function arrive(
  { flight, out, hops }: Transmission,
  wired: Packet,
  peer: NonNullable<NetworkInterface["peer"]>,
): Step {
  const { netns, name: dev } = peer;
  const stage: Stage = { at: "receive", netns, dev, nextHop: out.nextHop };
  return go(hops, leave(flight, wired, stage), VETH_US);
}

/** Nobody at the other end has the address. */
function unanswered({ flight, netns, device, out, hops }: Transmission, part: MachinePart): Step {
  const explanation = `nobody on ${device.name} of ${netns.label} answers ARP for ${formatIpv4(out.nextHop)}: No route to host`;
  const ended = end(flight, netns, hops, {
    reason: "NeighFailed",
    explanation,
    hop: "unreachable",
    part,
  });
  // A pod's own socket hears of it without a packet.
  const isOwn = part === "route" && isLocalAddress(netns, flight.packet.src);
  return isOwn
    ? ended
    : withError(ended, flight, netns, "host-unreachable", flight.ct, ARP_FAILED_US);
}

/** The mark and what conntrack knows stay on the machine. Source: kernel skb_scrub_packet. */
function wireCopy(packet: Packet): Packet {
  return packet.mark === 0 ? packet : { ...packet, mark: 0 };
}

function leave(flight: Flight, packet: Packet, stage: Stage): Flight {
  const { connection, role, direction, steps } = flight;
  return { packet, connection, role, direction, stage, steps };
}
