import type { World } from "../../core/cluster/world";
import { findRoute } from "../../core/dataplane/fib";
import { macOf } from "../../core/dataplane/mac";
import type { Netns } from "../../core/dataplane/netns";
import { formatIpv4, type Ipv4 } from "../../core/net/ipv4";
import { SECOND } from "../../core/sim/time";

/** Source: kernel neighbour.c, base_reachable_time. */
const REACHABLE_US = 30 * SECOND;

interface Neighbour {
  readonly ip: Ipv4;
  readonly dev: string;
  readonly mac: string;
  readonly heardAtUs: number;
}

/** `ip neigh`: what is permanent, and whom this machine has sent to, as far as the run remembers its requests.
 *  Simplified: nothing is kept of those that did not answer. */
export function neighbourLines(world: World, netns: Netns, dev?: string): readonly string[] {
  const lines = neighboursOf(world, netns)
    .filter((one) => dev === undefined || one.dev === dev)
    .map(({ ip, dev: device, mac, isPermanent, heardAtUs }) => {
      const isFresh = world.nowUs - heardAtUs < REACHABLE_US;
      const state = isPermanent ? "PERMANENT" : isFresh ? "REACHABLE" : "STALE";
      return `${formatIpv4(ip)} dev ${device} lladdr ${mac} ${state} `;
    });
  // Which one was asked for need not be said.
  return dev === undefined ? lines : lines.map((line) => line.replace(` dev ${dev}`, ""));
}

/** The permanent ones first. */
export function neighboursOf(
  world: World,
  netns: Netns,
): readonly (Neighbour & { readonly isPermanent: boolean })[] {
  const fixed = (netns.neighbours ?? []).map((one) => ({
    ...one,
    isPermanent: true,
    heardAtUs: 0,
  }));
  const learnt = learntNeighbours(world, netns).map((one) => ({ ...one, isPermanent: false }));
  return [...fixed, ...learnt];
}

function learntNeighbours(world: World, netns: Netns): readonly Neighbour[] {
  const found = new Map<string, Neighbour>();
  const fixed = new Set((netns.neighbours ?? []).map(({ ip }) => ip));
  for (const { frames } of world.journeys())
    for (const frame of frames) {
      if (frame.netns !== netns.id || frame.direction !== "out") continue;
      const route = findRoute(netns, { destination: frame.packet.dst });
      if (!route || route.dev !== frame.dev) continue;
      const ip = route.via ?? frame.packet.dst;
      const mac = fixed.has(ip) ? undefined : macAt(world, ip);
      if (mac === undefined) continue;
      found.set(`${frame.dev} ${ip}`, { ip, dev: frame.dev, mac, heardAtUs: frame.atUs });
    }
  return [...found.values()];
}

function macAt(world: World, ip: Ipv4): string | undefined {
  for (const { interfaces } of world.plane.all())
    for (const { kind, mac, addresses } of interfaces)
      if (kind !== "loopback" && addresses.some((own) => own.ip === ip)) return mac;
  return (ip & 0xff) === 1 ? macOf(`vpc/${ip}`) : undefined;
}
