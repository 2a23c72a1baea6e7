import { formatIpv4 } from "../net/ipv4";
import { formatPacket, type Packet, packetBytes, VXLAN_FRAME_BYTES } from "../net/packet";
import { tupleKey, tupleOf } from "../net/tuple";
import { hash32 } from "../sim/random";
import { ARP_FAILED_US, end, withError } from "./endings";
import type { Egress, Flight, HopDraft, Step, StepContext } from "./flight";
import { hop } from "./hop-draft";
import type { Netns, NetworkInterface, Vxlan } from "./netns";
import { go, STAGE_US } from "./stage";

/** A VXLAN device with its settings. */
export interface Tunnel extends NetworkInterface {
  readonly vxlan: Vxlan;
}

/** Source ports of tunnels: Linux's ip_local_port_range. Source: kernel udp_tunnel.h, udp_flow_src_port. */
const SOURCE_PORTS = { from: 32_768, to: 60_999 } as const;

/** The packet becomes the payload of a UDP datagram to the machine behind which its next hop is; that datagram starts
 *  anew as one that the machine itself sends. Source: kernel vxlan_core.c, vxlan_xmit_one. */
export function encapsulate(
  flight: Flight,
  netns: Netns,
  tunnel: Tunnel,
  { nextHop }: Egress,
  hops: readonly HopDraft[],
  context: StepContext,
): Step {
  const { packet } = flight;
  const { name, mac, vxlan } = tunnel;
  const neighbour = netns.neighbours?.find(({ ip, dev }) => ip === nextHop && dev === name);
  if (!neighbour) {
    const explanation = `${netns.label} has no neighbour entry for ${formatIpv4(nextHop)} on ${name}, and nobody answers ARP there: No route to host`;
    const ended = end(flight, netns, hops, {
      reason: "NeighFailed",
      explanation,
      hop: "unreachable",
      part: "flannel.1",
    });
    return withError(ended, flight, netns, "host-unreachable", flight.ct, ARP_FAILED_US);
  }
  const remote = netns.fdb?.find((entry) => entry.mac === neighbour.mac && entry.dev === name);
  if (!remote) {
    const explanation = `the forwarding database of ${name} on ${netns.label} does not say behind which machine ${neighbour.mac} is`;
    return end(flight, netns, hops, {
      reason: "VxlanNoRemote",
      explanation,
      hop: "drop",
      part: "flannel.1",
    });
  }
  context.capture?.({ netns: netns.id, dev: name, direction: "out", packet });
  const { mark, ...unmarked } = packet;
  const inner: Packet = { ...unmarked, mark: 0 };
  const outer: Packet = {
    protocol: "udp",
    src: vxlan.local,
    sport: sourcePort(packet),
    dst: remote.remote,
    dport: vxlan.port,
    ttl: 64,
    mark,
    seq: 0,
    ack: 0,
    payloadBytes: packetBytes(packet) + VXLAN_FRAME_BYTES,
    vxlan: { vni: vxlan.vni, srcMac: mac, dstMac: neighbour.mac, packet: inner },
  };
  const wrapped = hop(netns, "flannel.1", "encapsulate", packet, outer, formatPacket(outer));
  const { ct: _inner, ...rest } = flight;
  const next: Flight = {
    ...rest,
    packet: outer,
    stage: { at: "output", netns: netns.id, isTunnel: true },
  };
  return go([...hops, { ...wrapped, devOut: name }], next, STAGE_US);
}

/** One port for each flow, so that switches spread flows over their links. */
function sourcePort(packet: Packet): number {
  const { from, to } = SOURCE_PORTS;
  return from + (hash32(`vxlan ${tupleKey(tupleOf(packet))}`) % (to - from + 1));
}

/** The VXLAN device whose socket a datagram is for. */
export function findTunnel(netns: Netns, packet: Packet): Tunnel | undefined {
  const { vxlan: frame, dport } = packet;
  if (!frame) return undefined;
  return netns.interfaces
    .filter(isTunnel)
    .find(({ vxlan }) => vxlan.port === dport && vxlan.vni === frame.vni);
}

export function isTunnel(device: NetworkInterface): device is Tunnel {
  return device.vxlan !== undefined;
}

/** The packet inside goes on as one that came in by the tunnel. Source: kernel vxlan_core.c, vxlan_rcv. */
export function decapsulate(
  flight: Flight,
  netns: Netns,
  tunnel: Tunnel,
  hops: readonly HopDraft[],
  devIn: string,
): Step {
  const { packet: outer } = flight;
  if (!outer.vxlan) throw new Error("nothing inside");
  const { packet: inner, dstMac } = outer.vxlan;
  if (dstMac !== tunnel.mac) {
    const explanation = `the frame inside is for ${dstMac}, and ${tunnel.name} of ${netns.label} is ${tunnel.mac}`;
    return end(flight, netns, hops, {
      reason: "OtherHost",
      explanation,
      hop: "drop",
      part: "flannel.1",
    });
  }
  const packet = { ...inner, mark: outer.mark };
  const unwrapped = hop(netns, "flannel.1", "decapsulate", outer, packet, formatPacket(packet));
  const { ct: _outer, ...rest } = flight;
  const nextHop = tunnel.addresses[0]?.ip ?? inner.dst;
  const next: Flight = {
    ...rest,
    packet,
    stage: { at: "receive", netns: netns.id, dev: tunnel.name, nextHop },
  };
  return go([...hops, { ...unwrapped, devIn }], next, STAGE_US);
}
