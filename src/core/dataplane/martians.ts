import { formatIpv4, type Ipv4 } from "../net/ipv4";
import type { Packet } from "../net/packet";
import type { Reason } from "../trace/verdict";
import { deviceOf, isLoopback } from "./addresses";
import { lookUp } from "./fib";
import { findInterface, type Netns, type NetworkInterface, type RpFilter } from "./netns";
import { formatRoute } from "./print-ip";

/** Why the kernel will not take in a packet because of its addresses; it is dropped in silence. */
export interface Martian {
  readonly reason: Reason;
  readonly explanation: string;
}

/** Addresses that no packet from outside may carry, asked before any route is; of 0.0.0.0/8 only the first.
 *  Source: kernel route.c, ip_route_input_slow; in.h, ipv4_is_zeronet. */
export function findMartianAddress(netns: Netns, dev: string, packet: Packet): Martian | undefined {
  const { src, dst } = packet;
  const at = `came in on ${dev} of ${netns.label}`;
  if (isMulticast(src) || isLimitedBroadcast(src)) {
    return {
      reason: "IpInvalidSource",
      explanation: `martian source: ${formatIpv4(src)} is a group of machines, not a sender, and ${at}`,
    };
  }
  if (src === 0) {
    return {
      reason: "IpInvalidSource",
      explanation: `martian source: ${formatIpv4(src)} means "no address yet", and ${at}`,
    };
  }
  if (dst === 0) {
    return {
      reason: "IpInvalidDest",
      explanation: `martian destination: ${formatIpv4(dst)} means "no address yet", and ${at}`,
    };
  }
  const loopback = isLoopback(dst) ? dst : isLoopback(src) ? src : undefined;
  if (loopback !== undefined && !routesLocalnet(netns, dev)) {
    const which = loopback === dst ? "destination" : "source";
    return {
      reason: "IpLocalnet",
      explanation: `martian ${which}: the loopback address ${formatIpv4(loopback)} ${at}, and route_localnet is off there`,
    };
  }
  return undefined;
}

/** Is the source one that this interface may hear from? Without filter and `ip rule`s, of 127/8 only lo's own address
 *  is known. Source: kernel fib_frontend.c, fib_validate_source. */
export function findMartianSource(
  netns: Netns,
  dev: string,
  { src, dst }: Packet,
): Martian | undefined {
  const device = findInterface(netns, dev);
  const mode = rpFilterOf(netns, device);
  const asksRoutes = mode !== 0 || (netns.rules ?? []).length > 0;
  const back = asksRoutes ? lookUp(netns, { destination: src, source: dst }) : undefined;
  if (deviceOf(netns, src) || back?.type === "local") {
    return {
      reason: "IpLocalSource",
      explanation: `martian source: the packet comes from outside but carries an address of ${netns.label} itself, ${formatIpv4(src)}`,
    };
  }
  const route = back?.type === "unicast" ? back.route : undefined;
  if (route?.dev === dev) return undefined;
  if (back?.type === "broadcast") {
    return {
      reason: "IpInvalidSource",
      explanation: `martian source: ${formatIpv4(src)} is a broadcast address, and came in on ${dev} of ${netns.label}`,
    };
  }
  if (mode === 0) return undefined;
  const found = route
    ? `the way back to ${formatIpv4(src)} is ${formatRoute(route)}`
    : `there is no way back to ${formatIpv4(src)}`;
  const unnumbered = (device?.addresses.length ?? 0) === 0;
  // Loose mode asks for any way back, yet an interface without addresses must be the way itself.
  if (mode === 2 && route && !unnumbered) return undefined;
  return {
    reason: "IpRpFilter",
    explanation: `reverse-path filter (rp_filter=${mode}) on ${dev} of ${netns.label}: ${found}, not through ${dev}`,
  };
}

/** The greater of net.ipv4.conf.all.rp_filter and the interface's own. Source: kernel inetdevice.h, IN_DEV_RPFILTER. */
export function rpFilterOf(netns: Netns, device: NetworkInterface | undefined): RpFilter {
  const own = device?.conf?.rpFilter ?? 0;
  return own > netns.sysctls.rpFilter ? own : netns.sysctls.rpFilter;
}

/** Source: kernel inetdevice.h, IN_DEV_ROUTE_LOCALNET. */
function routesLocalnet(netns: Netns, dev: string): boolean {
  return netns.sysctls.routeLocalnet || (findInterface(netns, dev)?.conf?.routeLocalnet ?? false);
}

/** Can a socket open a connection to it, or a router pass a packet on to it? */
export function isGroupAddress(ip: Ipv4): boolean {
  return isMulticast(ip) || isLimitedBroadcast(ip);
}

function isMulticast(ip: Ipv4): boolean {
  return ip >>> 28 === 0xe;
}

function isLimitedBroadcast(ip: Ipv4): boolean {
  return ip === 0xffffffff;
}
