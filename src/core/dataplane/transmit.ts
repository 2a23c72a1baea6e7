import { formatIpv4 } from "../net/ipv4";
import type { Packet } from "../net/packet";
import { isLocalAddress } from "./addresses";
import { findPort } from "./bridge";
import { ARP_FAILED_US, end, withError } from "./endings";
import type { Egress, Flight, HopDraft, Stage, Step, StepContext } from "./flight";
import { hop } from "./hop-draft";
import { findInterface, type Netns } from "./netns";
import { go, STAGE_US } from "./stage";

/** Pod to node over a veth pair and back. */
const VETH_US = 10;

/** A device sends: the bridge to one of its ports, a veth to its peer, a network card onto the wire. */
export function transmit(
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
      const sent = { netns: netns.id, direction: "out", packet: wired } as const;
      if (out.inPort === undefined) context.capture?.({ ...sent, dev: device.name, bridge: true });
      context.capture?.({ ...sent, dev: port.name });
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
      const wired = wireCopy(packet);
      context.capture?.({ netns: netns.id, dev: device.name, direction: "out", packet: wired });
      return go(
        hops,
        leave(flight, wired, {
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
