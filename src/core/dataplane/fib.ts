import { broadcast, cidrOf, contains } from "../net/cidr";
import type { Ipv4 } from "../net/ipv4";
import type { Packet } from "../net/packet";
import { isLocalAddress } from "./addresses";
import { MAIN_TABLE, type Netns, type PolicyRule, type Route } from "./netns";

/** What a packet is looked up by. */
export interface FlowKey {
  readonly destination: Ipv4;
  /** Absent while a socket has none yet. */
  readonly source?: Ipv4;
  readonly mark?: number;
}

export function keyOf({ src, dst, mark }: Packet): FlowKey {
  return { destination: dst, source: src, mark };
}

/** What the routing tables say of a destination. */
export type FibResult =
  | { readonly type: "local" }
  | { readonly type: "broadcast" }
  | { readonly type: "unicast" | "blackhole" | "unreachable"; readonly route: Route };

/** The local table first, then the tables that the rules name; undefined: no route (ENETUNREACH). */
export function lookUp(netns: Netns, key: FlowKey): FibResult | undefined {
  const { destination } = key;
  if (isLocalAddress(netns, destination)) return { type: "local" };
  if (isBroadcast(netns, destination)) return { type: "broadcast" };
  const route = findRoute(netns, key);
  return route && { type: route.type ?? "unicast", route };
}

/** Most specific route covering the destination, in the first table that has one.
 *  Simplified: no multipath. */
export function findRoute(netns: Netns, key: FlowKey): Route | undefined {
  for (const rule of netns.rules ?? []) {
    if (!applies(rule, key)) continue;
    const found = longestPrefix(tableOf(netns, rule.table), key.destination);
    if (found) return found;
  }
  return longestPrefix(netns.routes, key.destination);
}

function applies({ from, to, mark }: PolicyRule, key: FlowKey): boolean {
  if (to && !contains(to, key.destination)) return false;
  if (from && (key.source === undefined || !contains(from, key.source))) return false;
  return !mark || ((key.mark ?? 0) & mark.mask) >>> 0 === mark.value;
}

function tableOf(netns: Netns, table: number): readonly Route[] {
  return table === MAIN_TABLE ? netns.routes : (netns.tables?.get(table) ?? []);
}

function longestPrefix(routes: readonly Route[], destination: Ipv4): Route | undefined {
  let best: Route | undefined;
  for (const route of routes) {
    if (!contains(route.destination, destination)) continue;
    if (!best || isBetter(route, best)) best = route;
  }
  return best;
}

function isBetter({ destination, metric = 0 }: Route, than: Route): boolean {
  const longer = destination.prefix - than.destination.prefix;
  return longer > 0 || (longer === 0 && metric < (than.metric ?? 0));
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
