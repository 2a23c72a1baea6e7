import { broadcast, cidrOf, contains } from "../net/cidr";
import type { Ipv4 } from "../net/ipv4";
import { isLocalAddress } from "./addresses";
import type { Netns, Route } from "./netns";

/** What the routing tables say of a destination. */
export type FibResult =
  | { readonly type: "local" }
  | { readonly type: "broadcast" }
  | { readonly type: "unicast" | "blackhole" | "unreachable"; readonly route: Route };

/** The local table first, then the most specific route; undefined: there is none (ENETUNREACH). */
export function lookUp(netns: Netns, destination: Ipv4): FibResult | undefined {
  if (isLocalAddress(netns, destination)) return { type: "local" };
  if (isBroadcast(netns, destination)) return { type: "broadcast" };
  const route = findRoute(netns, destination);
  return route && { type: route.type ?? "unicast", route };
}

/** Most specific route covering `destination`; undefined is the kernel's ENETUNREACH.
 *  Simplified: no metrics, no policy routing. */
export function findRoute(netns: Netns, destination: Ipv4): Route | undefined {
  let best: Route | undefined;
  for (const route of netns.routes) {
    if (!contains(route.destination, destination)) continue;
    if (!best || route.destination.prefix > best.destination.prefix) best = route;
  }
  return best;
}

const broadcastAddresses = new WeakMap<Netns, ReadonlySet<Ipv4>>();

/** The last address of an interface's network. Source: kernel fib_frontend.c, fib_add_ifaddr. */
function isBroadcast(netns: Netns, ip: Ipv4): boolean {
  let known = broadcastAddresses.get(netns);
  if (!known) {
    const nets = netns.interfaces
      .flatMap(({ addresses }) => addresses)
      .filter(({ prefix }) => prefix < 31);
    known = new Set(nets.map((address) => broadcast(cidrOf(address.ip, address.prefix))));
    broadcastAddresses.set(netns, known);
  }
  return known.has(ip);
}
