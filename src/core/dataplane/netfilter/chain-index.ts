import type { Ipv4 } from "../../net/ipv4";
import type { Packet, Protocol } from "../../net/packet";
import type { Chain, Match, Rule } from "./rules";

/** Below this a plain walk is as fast. */
const MIN_INDEXED_RULES = 8;

/** Finds the rules of a long chain that may match a packet without testing the others one by one. Rules that name a
 *  destination port (and a single destination) are filed under them; the rest are candidates for every packet. */
export class ChainIndex {
  readonly #byPort: Record<Protocol, Map<number, number[]>> = {
    tcp: new Map(),
    udp: new Map(),
    sctp: new Map(),
    icmp: new Map(),
  };
  readonly #always: number[] = [];

  constructor(rules: readonly Rule[]) {
    rules.forEach((rule, position) => {
      const key = keyOf(rule);
      if (!key) {
        this.#always.push(position);
        return;
      }
      const ports = this.#byPort[key.protocol];
      const positions = ports.get(key.key);
      if (positions) positions.push(position);
      else ports.set(key.key, [position]);
    });
  }

  /** First position at or after `from` whose rule may match; the chain's length when there is none. */
  next(packet: Packet, from: number, length: number): number {
    const ports = this.#byPort[packet.protocol];
    let next = firstFrom(this.#always, from, length);
    if (ports.size > 0) {
      next = Math.min(next, firstFrom(ports.get(packed(packet.dst, packet.dport)), from, length));
      next = Math.min(next, firstFrom(ports.get(-1 - packet.dport), from, length));
    }
    return next;
  }
}

/** Matches that remember or draw when they are asked. */
const HAS_EFFECT: ReadonlySet<Match["kind"]> = new Set([
  "statistic-random",
  "statistic-nth",
  "recent",
  "limit",
  "hashlimit",
]);

const indexes = new WeakMap<Chain, ChainIndex>();

export function indexOf(chain: Chain): ChainIndex | undefined {
  if (chain.rules.length < MIN_INDEXED_RULES) return undefined;
  let index = indexes.get(chain);
  if (!index) {
    index = new ChainIndex(chain.rules);
    indexes.set(chain, index);
  }
  return index;
}

function packed(ip: Ipv4, port: number): number {
  return ip * 65_536 + port;
}

function keyOf(rule: Rule): { protocol: Protocol; key: number } | undefined {
  let destination: Ipv4 | undefined;
  let port: { protocol: Protocol; port: number } | undefined;
  for (const match of rule.matches) {
    // What comes behind these is tested after they have left their mark.
    if (HAS_EFFECT.has(match.kind)) break;
    if (match.kind === "destination" && !match.negate && match.range.prefix === 32)
      destination = match.range.network;
    if (match.kind === "dport" && !match.negate && match.from === match.to)
      port = { protocol: match.protocol, port: match.from };
  }
  if (!port) return undefined;
  return {
    protocol: port.protocol,
    key: destination === undefined ? -1 - port.port : packed(destination, port.port),
  };
}

function firstFrom(positions: readonly number[] | undefined, from: number, none: number): number {
  if (!positions) return none;
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((positions[middle] as number) < from) low = middle + 1;
    else high = middle;
  }
  return positions[low] ?? none;
}
