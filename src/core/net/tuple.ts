import type { Ipv4 } from "./ipv4";
import type { Packet, Protocol, QuotedHeader } from "./packet";

/** What conntrack knows a direction of a connection by. Shape-compatible with a packet's headers. */
export interface Tuple {
  readonly protocol: Protocol;
  readonly src: Ipv4;
  readonly sport: number;
  readonly dst: Ipv4;
  readonly dport: number;
}

export function tupleOf(header: Packet | QuotedHeader | Tuple): Tuple {
  const { protocol, src, sport, dst, dport } = header;
  return { protocol, src, sport, dst, dport };
}

export function invert(tuple: Tuple): Tuple {
  const { protocol, src, sport, dst, dport } = tuple;
  return { protocol, src: dst, sport: dport, dst: src, dport: sport };
}

/** A tuple as a map key. */
export function tupleKey(tuple: Tuple): string {
  return `${tuple.protocol} ${tuple.src}:${tuple.sport}>${tuple.dst}:${tuple.dport}`;
}

export function sameTuple(a: Tuple, b: Tuple): boolean {
  return (
    a.protocol === b.protocol &&
    a.src === b.src &&
    a.sport === b.sport &&
    a.dst === b.dst &&
    a.dport === b.dport
  );
}
