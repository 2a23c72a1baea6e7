import type { Ipv4 } from "../net/ipv4";
import type { Packet } from "../net/packet";
import { isLocalAddress } from "./addresses";
import { findRoute, keyOf } from "./fib";
import type { Egress } from "./flight";
import type { BridgePorts } from "./netfilter/match";
import { findInterface, type Netns, type NetworkInterface } from "./netns";
import type { Plane } from "./plane";

/** The port of a bridge behind which an address lives: what ARP and the forwarding database find out. */
export function findPort(
  plane: Plane,
  netns: Netns,
  bridge: string,
  ip: Ipv4,
): NetworkInterface | undefined {
  return netns.interfaces.find((port) => {
    if (port.master !== bridge || port.down || !port.peer) return false;
    const peer = plane.find(port.peer.netns);
    if (!peer?.up || !isLocalAddress(peer, ip)) return false;
    return !findInterface(peer, port.peer.name)?.down;
  });
}

/** What `-m physdev` may see of a packet that came in on this bridge port.
 *  Source: kernel br_netfilter_hooks.c: the port that it leaves by is known when the bridge itself forwards it. */
export function bridgePorts(
  portIn: string | undefined,
  portOut: string | undefined,
): BridgePorts | undefined {
  return portIn === undefined ? undefined : { portIn, portOut };
}

/** The ports of a packet that is being sent on. */
export function portsOf(
  netns: Netns,
  { portIn, out, bridged }: { readonly portIn?: string; out: Egress; bridged: boolean },
  plane: Plane,
): BridgePorts | undefined {
  if (portIn === undefined) return undefined;
  return bridgePorts(
    portIn,
    bridged ? findPort(plane, netns, out.dev, out.nextHop)?.name : undefined,
  );
}

/** A frame came in on a bridge port: does it stay on the bridge? Undefined: it goes up to the IP stack.
 *
 *  With bridge-nf-call-iptables the iptables hooks run on the bridge, and a packet whose new destination (DNAT) lives
 *  on the same bridge is sent there without being routed. Without, only the address it was sent to counts.
 *  Source: kernel br_netfilter_hooks.c, br_nf_pre_routing_finish. */
export function bridgeReceive(
  netns: Netns,
  port: NetworkInterface,
  nextHop: Ipv4,
  arrived: Packet,
  current: Packet,
  bridgeHooks: boolean,
): Egress | undefined {
  const bridge = port.master;
  if (bridge === undefined) return undefined;
  const rewritten = bridgeHooks && current.dst !== arrived.dst;
  if (rewritten) {
    if (isLocalAddress(netns, current.dst)) return undefined;
    const route = findRoute(netns, keyOf(current));
    return route?.dev === bridge
      ? { dev: bridge, nextHop: route.via ?? current.dst, inPort: port.name }
      : undefined;
  }
  return isLocalAddress(netns, nextHop) ? undefined : { dev: bridge, nextHop, inPort: port.name };
}
