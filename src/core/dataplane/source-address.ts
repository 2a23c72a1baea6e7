import type { Ipv4 } from "../net/ipv4";
import { isLocalAddress, selectSource } from "./addresses";
import { findRoute } from "./fib";
import type { Netns } from "./netns";

/** Source address that an unbound socket gets when it connects to `destination`; undefined without a route. */
export function sourceFor(netns: Netns, destination: Ipv4): Ipv4 | undefined {
  if (isLocalAddress(netns, destination)) return destination;
  const route = findRoute(netns, { destination });
  return route && (route.src ?? selectSource(netns, route.dev, route.via ?? destination));
}
