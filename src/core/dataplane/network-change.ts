import { type Cidr, cidrOf } from "../net/cidr";
import type { Ipv4 } from "../net/ipv4";
import { isLocalAddress } from "./addresses";
import { findRoute } from "./fib";
import {
  findInterface,
  type InterfaceAddress,
  type Netns,
  type NetworkInterface,
  type Route,
} from "./netns";

/** What somebody asks of a machine's network with `ip`. */
export type NetworkChange =
  | { readonly object: "route"; readonly verb: RouteVerb; readonly route: RouteWords }
  | {
      readonly object: "address";
      readonly verb: "add" | "replace" | "del" | "flush";
      readonly dev: string;
      readonly address?: InterfaceAddress;
    }
  | {
      readonly object: "link";
      readonly dev: string;
      readonly up?: boolean;
      readonly mtu?: number;
    }
  | {
      readonly object: "neighbour";
      readonly verb: "add" | "replace" | "change" | "del" | "flush";
      readonly dev: string;
      readonly ip?: Ipv4;
      readonly mac?: string;
    };

export type RouteVerb = "add" | "append" | "prepend" | "replace" | "change" | "del" | "flush";

/** A route as it was typed: what is left out the kernel finds out, or does not care about. */
export interface RouteWords {
  readonly destination?: Cidr;
  /** Host bits were set: no range. */
  readonly isRange: boolean;
  readonly type?: NonNullable<Route["type"]>;
  readonly via?: Ipv4;
  readonly dev?: string;
  readonly src?: Ipv4;
  readonly metric?: number;
  readonly onlink?: boolean;
}

export interface Refused {
  readonly ok: false;
  /** As iproute2 prints it. */
  readonly error: string;
  readonly exitCode: number;
}

export type Changed = { readonly ok: true; readonly netns: Netns } | Refused;

const KERNEL_EXIT = 2;

export function refused(error: string, exitCode = KERNEL_EXIT): Refused {
  return { ok: false, error, exitCode };
}

/** The network after the change. Refused in the words of iproute2 and the kernel's extack. */
export function changeNetwork(netns: Netns, change: NetworkChange): Changed {
  const { dev } = change.object === "route" ? change.route : change;
  if (dev !== undefined && !findInterface(netns, dev))
    return refused(`Cannot find device "${dev}"`, 1);
  switch (change.object) {
    case "route":
      return changeRoutes(netns, change.verb, change.route);
    case "address":
      return changeAddresses(netns, change);
    case "link":
      return changeLink(netns, change);
    case "neighbour":
      return changeNeighbours(netns, change);
  }
}

function changeRoutes(netns: Netns, verb: RouteVerb, words: RouteWords): Changed {
  const { destination } = words;
  if (verb === "flush") return done(netns, { routes: netns.routes.filter(not(fits(words))) });
  if (!words.isRange || !destination)
    return refused("Error: Invalid prefix for given prefix length.");
  if (verb === "del") {
    const found = netns.routes.find(fits(words));
    if (!found) return refused("RTNETLINK answers: No such process");
    return done(netns, { routes: netns.routes.filter((one) => one !== found) });
  }
  const made = completeRoute(netns, words, destination);
  if (!("destination" in made)) return made;
  const same = netns.routes.find(
    (one) => sameRange(one.destination, destination) && (one.metric ?? 0) === (words.metric ?? 0),
  );
  if (verb === "change" && !same) return refused("RTNETLINK answers: No such file or directory");
  if (verb === "add" && same) return refused("RTNETLINK answers: File exists");
  if (same && (verb === "replace" || verb === "change"))
    return done(netns, { routes: netns.routes.map((one) => (one === same ? made : one)) });
  const routes = verb === "prepend" ? [made, ...netns.routes] : [...netns.routes, made];
  return done(netns, { routes: inOrder(routes) });
}

/** A route needs a gateway on a link of its own, or a device. Source: kernel fib_semantics.c, fib_check_nh. */
function completeRoute(netns: Netns, words: RouteWords, destination: Cidr): Route | Refused {
  const { type, via, src, metric, onlink } = words;
  const made = {
    destination,
    byHand: true,
    ...(metric !== undefined && { metric }),
  } as const;
  if (type !== undefined) return { ...made, type, dev: "" };
  if (src !== undefined && !isLocalAddress(netns, src))
    return refused("Error: Invalid prefsrc address.");
  const given = words.dev === undefined ? undefined : findInterface(netns, words.dev);
  if (given?.down) return refused("Error: Device for nexthop is not up.");
  const ending = { ...(src !== undefined && { src }), ...(onlink && { onlink }) };
  if (via === undefined)
    return given
      ? { ...made, dev: given.name, ...ending }
      : refused("RTNETLINK answers: No such device");
  if (onlink && given) return { ...made, via, dev: given.name, ...ending };
  const way = findRoute(netns, { destination: via });
  const isNear = way && way.type === undefined && way.via === undefined;
  if (!isNear || (given && way.dev !== given.name))
    return refused("Error: Nexthop has invalid gateway.");
  return { ...made, via, dev: way.dev, ...ending };
}

/** Of what was typed, nothing contradicts the route. */
function fits({ destination, type, via, dev, src, metric }: RouteWords) {
  return (route: Route): boolean =>
    (destination === undefined || sameRange(route.destination, destination)) &&
    (type === undefined || route.type === type) &&
    (via === undefined || route.via === via) &&
    (dev === undefined || route.dev === dev) &&
    (src === undefined || route.src === src) &&
    (metric === undefined || (route.metric ?? 0) === metric);
}

function changeAddresses(
  netns: Netns,
  { verb, dev, address }: Extract<NetworkChange, { object: "address" }>,
): Changed {
  const device = findInterface(netns, dev);
  if (!device) return refused(`Cannot find device "${dev}"`, 1);
  const isSame = (one: InterfaceAddress) =>
    address === undefined || (one.ip === address.ip && one.prefix === address.prefix);
  const has = device.addresses.some(isSame);
  if (verb === "flush") return done(netns, withAddresses(netns, device, []));
  if (address === undefined) return refused("RTNETLINK answers: Invalid argument");
  if (verb === "del") {
    if (!has) return refused("Error: ipv4: Address not found.");
    const left = device.addresses.filter((one) => !isSame(one));
    return done(netns, withAddresses(netns, device, left));
  }
  if (has)
    return verb === "replace" ? done(netns, {}) : refused("Error: ipv4: Address already assigned.");
  return done(netns, withAddresses(netns, device, [...device.addresses, address]));
}

/** An address brings the route to its network, and takes it along; with a device's last one all its routes go.
 *  Source: kernel fib_frontend.c, fib_add_ifaddr, fib_del_ifaddr.
 *  Simplified: a network's second address takes over from its first, as with promote_secondaries. */
function withAddresses(
  netns: Netns,
  device: NetworkInterface,
  addresses: readonly InterfaceAddress[],
): Partial<Netns> {
  const changed: NetworkInterface = { ...device, addresses };
  const gone = new Set(
    device.addresses.filter((one) => !addresses.includes(one)).map(({ ip }) => ip),
  );
  const kept = netns.routes.filter(
    ({ dev, src }) =>
      (dev !== device.name || addresses.length > 0) && (src === undefined || !gone.has(src)),
  );
  return { interfaces: replaced(netns, changed), routes: withConnected(kept, changed) };
}

function withConnected(routes: readonly Route[], device: NetworkInterface): readonly Route[] {
  const all = [...routes];
  if (device.down || device.kind === "loopback") return all;
  for (const { ip, prefix } of device.addresses) {
    const destination = cidrOf(ip, prefix);
    const isThere = all.some(
      (one) => one.dev === device.name && one.kernel && sameRange(one.destination, destination),
    );
    if (prefix < 32 && !isThere)
      all.push({ destination, dev: device.name, src: ip, kernel: true, byHand: true });
  }
  return inOrder(all);
}

/** Routes go with a device that is set down; of those only the ones to its own networks come back.
 *  Source: kernel fib_frontend.c, fib_disable_ip; devinet.c, inetdev_event. */
function changeLink(
  netns: Netns,
  { dev, up, mtu }: Extract<NetworkChange, { object: "link" }>,
): Changed {
  const device = findInterface(netns, dev);
  if (!device) return refused(`Cannot find device "${dev}"`, 1);
  const { down: wasDown, ...rest } = device;
  const isDown = up === undefined ? wasDown === true : !up;
  const changed: NetworkInterface = {
    ...rest,
    ...(mtu !== undefined && { mtu }),
    ...(isDown && { down: true }),
  };
  const interfaces = replaced(netns, changed);
  if (isDown === (wasDown === true)) return done(netns, { interfaces });
  const routes = isDown
    ? netns.routes.filter((route) => route.dev !== dev)
    : withConnected(netns.routes, changed);
  return done(netns, { interfaces, routes });
}

function changeNeighbours(
  netns: Netns,
  { verb, dev, ip, mac }: Extract<NetworkChange, { object: "neighbour" }>,
): Changed {
  const rows = netns.neighbours ?? [];
  const same = rows.find((one) => one.dev === dev && one.ip === ip);
  const others = rows.filter((one) => one !== same);
  if (verb === "flush") return done(netns, {});
  if (ip === undefined) return refused("Device and destination are required arguments.", 255);
  if (verb === "del")
    return same
      ? done(netns, { neighbours: others })
      : refused("RTNETLINK answers: No such file or directory");
  if (mac === undefined) return refused("Error: No link layer address given.");
  if (verb === "add" && same) return refused("RTNETLINK answers: File exists");
  if (verb === "change" && !same) return refused("RTNETLINK answers: No such file or directory");
  return done(netns, { neighbours: [...others, { ip, dev, mac }] });
}

/** Whether a route that a daemon would write can be: over a device that is up, and from an address that is there. */
export function isPossible(netns: Pick<Netns, "interfaces">, { dev, src, type }: Route): boolean {
  if (type !== undefined) return true;
  const device = netns.interfaces.find(({ name }) => name === dev);
  if (!device) return true;
  if (device.down) return false;
  if (device.kind === "ethernet" && device.addresses.length === 0) return false;
  return (
    src === undefined ||
    device.addresses.some(({ ip }) => ip === src) ||
    device.addresses.length === 0
  );
}

export function sameRange(a: Cidr, b: Cidr): boolean {
  return a.prefix === b.prefix && a.network === b.network;
}

/** As the kernel lists them. Equal ones keep their order: the first of them counts. */
export function inOrder(routes: readonly Route[]): readonly Route[] {
  return [...routes].sort(
    (a, b) =>
      a.destination.network - b.destination.network || a.destination.prefix - b.destination.prefix,
  );
}

function replaced(netns: Netns, device: NetworkInterface): readonly NetworkInterface[] {
  return netns.interfaces.map((one) => (one.name === device.name ? device : one));
}

function done(netns: Netns, change: Partial<Netns>): Changed {
  return { ok: true, netns: { ...netns, ...change } };
}

function not<T>(test: (value: T) => boolean) {
  return (value: T): boolean => !test(value);
}

/** What was changed between two moments is put back; what others changed since stays. */
export function putBack(now: Netns, before: Netns, after: Netns): Netns {
  const key = (value: unknown) => JSON.stringify(value);
  const minus = <T>(some: readonly T[], others: readonly T[]): readonly T[] => {
    const taken = new Set(others.map(key));
    return some.filter((one) => !taken.has(key(one)));
  };
  const routes = [
    ...minus(now.routes, minus(after.routes, before.routes)),
    ...minus(minus(before.routes, after.routes), now.routes),
  ];
  const rows = (one: Netns) => one.neighbours ?? [];
  const neighbours = [
    ...minus(rows(now), minus(rows(after), rows(before))),
    ...minus(minus(rows(before), rows(after)), rows(now)),
  ];
  const interfaces = now.interfaces.map((one) => {
    const old = findInterface(before, one.name);
    const changed = findInterface(after, one.name);
    if (!old || !changed || key(old) === key(changed)) return one;
    const { down: _, ...rest } = one;
    const { addresses, mtu, down } = old;
    return { ...rest, addresses, mtu, ...(down && { down }) };
  });
  const { neighbours: _, ...rest } = now;
  return {
    ...rest,
    interfaces,
    routes: inOrder(routes),
    ...(neighbours.length > 0 && { neighbours }),
  };
}
