import { type Ipv4, ipv4 } from "../../net/ipv4";
import type { Packet } from "../../net/packet";
import { invert, sameTuple, type Tuple } from "../../net/tuple";
import type { Decider } from "../../sim/decider";
import { selectSource } from "../addresses";
import { findInterface, type Netns } from "../netns";
import type { ConntrackTable } from "./conntrack";
import { hashAddress } from "./jhash";
import type { NatRange, NatTarget } from "./target-kinds";
import { type PacketCt, translate } from "./tracking";

export interface NatContext {
  readonly netns: Netns;
  readonly table: ConntrackTable;
  readonly nowUs: number;
  readonly decide: Decider;
  /** PREROUTING: where the packet came in. Absent: a socket of this machine sent it. */
  readonly devIn?: string | undefined;
  /** POSTROUTING: where the packet leaves, and to whom. */
  readonly devOut?: string | undefined;
  readonly nextHop?: Ipv4 | undefined;
}

interface Translated {
  readonly ct: PacketCt;
  readonly packet: Packet;
}

const LOOPBACK = ipv4("127.0.0.1");

/** Writes a NAT rule's decision into the connection that is being set up, and rewrites the packet by it. */
export function applyNat(
  target: NatTarget,
  ct: PacketCt,
  packet: Packet,
  context: NatContext,
): Translated {
  switch (target.kind) {
    case "DNAT":
      return bind(target, "dst", ct, packet, context);
    case "SNAT":
      return bind(target, "src", ct, packet, context);
    case "REDIRECT": {
      const ip = redirectAddress(context);
      return ip === undefined
        ? { ct, packet }
        : bind({ ...target, ip }, "dst", ct, packet, context);
    }
    case "MASQUERADE": {
      const ip = masqueradeAddress(context);
      return ip === undefined
        ? { ct, packet }
        : bind({ ...target, ip }, "src", ct, packet, context);
    }
  }
}

/** Even a connection that no rule translates gets another source port when its reply could be taken for another's.
 *  Source: kernel nf_nat_core.c, nf_nat_alloc_null_binding. */
export function bindWithoutNat(ct: PacketCt, packet: Packet, context: NatContext): Translated {
  const { pending } = ct;
  if (!pending || pending.snat || !context.table.isTaken(pending.reply, context.nowUs))
    return { ct, packet };
  return bind({ ip: pending.reply.dst }, "src", ct, packet, context);
}

/** Source: kernel nf_nat_core.c, nf_nat_setup_info. */
function bind(
  range: NatRange,
  side: "src" | "dst",
  ct: PacketCt,
  packet: Packet,
  context: NatContext,
): Translated {
  const { pending } = ct;
  if (!pending) return { ct, packet };
  const current = invert(pending.reply);
  const chosen = uniqueTuple(current, range, side, context);
  if (sameTuple(chosen, current)) return { ct, packet };
  const reply = invert(chosen);
  const next: PacketCt = {
    ...ct,
    pending: { ...pending, reply, ...(side === "src" ? { snat: true } : { dnat: true }) },
  };
  return { ct: next, packet: translate(next, packet, side) };
}

/** Source: kernel nf_nat_masquerade.c. */
function masqueradeAddress({ netns, devOut, nextHop }: NatContext): Ipv4 | undefined {
  return devOut === undefined || nextHop === undefined
    ? undefined
    : selectSource(netns, devOut, nextHop);
}

/** Source: kernel nf_nat_redirect.c. */
function redirectAddress({ netns, devIn }: NatContext): Ipv4 | undefined {
  if (devIn === undefined) return LOOPBACK;
  if (devIn === "lo") return LOOPBACK;
  return findInterface(netns, devIn)?.addresses[0]?.ip;
}

/** The tuple as the range asks for it, with a port that makes its reply nobody else's where the range leaves a choice.
 *  Source: kernel nf_nat_core.c, get_unique_tuple. Simplified: a source port that was given to another connection of the
 *  same socket is not looked for (find_appropriate_src). */
function uniqueTuple(
  current: Tuple,
  range: NatRange,
  side: "src" | "dst",
  context: NatContext,
): Tuple {
  const { table, nowUs } = context;
  const isTaken = (tuple: Tuple) => table.isTaken(invert(tuple), nowUs);
  const isRandom = (range.random || range.randomFully) ?? false;
  if (side === "src" && !isRandom && isInRange(current, range) && !isTaken(current)) return current;
  const chosen = withAddress(current, range, side);
  if (!isRandom) {
    if (range.port === undefined) {
      if (!isTaken(chosen)) return chosen;
    } else if (
      range.basePort === undefined &&
      hasPortIn(chosen, range, side) &&
      (range.port === (range.lastPort ?? range.port) || !isTaken(chosen))
    ) {
      return chosen;
    }
  }
  return withFreePort(chosen, range, side, isRandom, isTaken, context.decide);
}

function isInRange(tuple: Tuple, range: NatRange): boolean {
  const { ip, lastIp = ip } = range;
  if (ip !== undefined && (tuple.src < ip || tuple.src > (lastIp ?? ip))) return false;
  return hasPortIn(tuple, range, "src");
}

function hasPortIn(
  tuple: Tuple,
  { port, lastPort = port }: NatRange,
  side: "src" | "dst",
): boolean {
  if (port === undefined) return true;
  const own = side === "src" ? tuple.sport : tuple.dport;
  return own >= port && own <= (lastPort ?? port);
}

/** Of a range of addresses the source's hash picks one, together with the destination's unless --persistent: the same
 *  two always get the same. Source: kernel nf_nat_core.c, find_best_ips_proto. */
function withAddress(tuple: Tuple, range: NatRange, side: "src" | "dst"): Tuple {
  const { ip, lastIp = ip } = range;
  if (ip === undefined) return tuple;
  const size = (lastIp ?? ip) - ip + 1;
  const hash = size === 1 ? 0 : hashAddress(tuple.src, range.persistent ? undefined : tuple.dst);
  const chosen = ip + Math.floor((hash * size) / 2 ** 32);
  return side === "src" ? { ...tuple, src: chosen } : { ...tuple, dst: chosen };
}

const MAX_ATTEMPTS = 128;
const MIN_ATTEMPTS = 16;

/** Tries ports one after another. When none is free the last one stays: the connection will fail to be confirmed.
 *  Source: kernel nf_nat_core.c, nf_nat_l4proto_unique_tuple. */
function withFreePort(
  tuple: Tuple,
  range: NatRange,
  side: "src" | "dst",
  isRandom: boolean,
  isTaken: (tuple: Tuple) => boolean,
  decide: Decider,
): Tuple {
  const ports = portsOf(tuple, range, side);
  if (!ports || tuple.protocol === "icmp") return tuple;
  const { from, size } = ports;
  const randomOffset = () =>
    side === "dst" ? decide.choose(size) : decide.anyPort(from, from + size - 1) - from;
  let offset = 0;
  if (range.basePort !== undefined) offset = tuple.dport - range.basePort;
  else if (isRandom || side === "src") offset = randomOffset();
  let chosen = tuple;
  for (let attempts = Math.min(size, MAX_ATTEMPTS); ; attempts = attempts >> 1) {
    for (let i = 0; i < attempts; i++) {
      const port = from + ((((offset + i) % size) + size) % size);
      chosen = side === "src" ? { ...tuple, sport: port } : { ...tuple, dport: port };
      if (!isTaken(chosen)) return chosen;
    }
    if (attempts >= size || attempts < MIN_ATTEMPTS) return chosen;
    offset = randomOffset();
  }
}

/** Undefined: the port stays. Privileged source ports stay privileged. */
function portsOf(
  { sport }: Tuple,
  { port, lastPort = port }: NatRange,
  side: "src" | "dst",
): { readonly from: number; readonly size: number } | undefined {
  if (port !== undefined) return { from: port, size: (lastPort ?? port) - port + 1 };
  if (side === "dst") return undefined;
  if (sport < 512) return { from: 1, size: 511 };
  return sport < 1024 ? { from: 600, size: 424 } : { from: 1024, size: 64_512 };
}
