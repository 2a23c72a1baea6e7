import type { Ipv4 } from "../net/ipv4";
import { isLocalAddress } from "./addresses";
import { findRoute } from "./fib";
import type { Netns, NetworkInterface } from "./netns";

/** Does a machine answer ARP for an address on one of its interfaces? For its own addresses on all of them, and for those
 *  that it would route on through another interface where proxy_arp is on. Source: kernel arp.c, arp_process. */
export function answersArp(netns: Netns, device: NetworkInterface, ip: Ipv4): boolean {
  if (!netns.up || device.down) return false;
  if (isLocalAddress(netns, ip)) return true;
  if (!device.conf?.proxyArp || !netns.sysctls.ipForward) return false;
  const route = findRoute(netns, { destination: ip });
  return route !== undefined && route.type === undefined && route.dev !== device.name;
}
