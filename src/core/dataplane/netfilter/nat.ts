import type { Ipv4 } from "../../net/ipv4";
import type { Packet } from "../../net/packet";
import type { Tuple } from "../../net/tuple";
import type { Decider } from "../../sim/decider";
import { selectSource } from "../addresses";
import type { Netns } from "../netns";
import type { ConntrackTable } from "./conntrack";
import type { NatTarget } from "./evaluate";
import { type PacketCt, translate } from "./tracking";

export interface NatContext {
  readonly netns: Netns;
  readonly table: ConntrackTable;
  readonly nowUs: number;
  readonly decide: Decider;
  /** POSTROUTING: where the packet leaves, and to whom. */
  readonly devOut?: string;
  readonly nextHop?: Ipv4;
}

/** Writes a NAT rule's decision into the connection that is being set up, and rewrites the packet by it. */
export function applyNat(
  target: NatTarget,
  ct: PacketCt,
  packet: Packet,
  context: NatContext,
): { ct: PacketCt; packet: Packet } {
  const { pending } = ct;
  if (!pending) return { ct, packet };
  if (target.kind === "DNAT") {
    const reply = { ...pending.reply, src: target.ip, sport: target.port ?? pending.reply.sport };
    const next = { ...ct, pending: { ...pending, reply, dnat: true } };
    return { ct: next, packet: translate(next, packet, "dst") };
  }
  const ip = target.kind === "SNAT" ? target.ip : masqueradeAddress(context);
  if (ip === undefined) return { ct, packet };
  const random = target.kind === "MASQUERADE" && (target.randomFully ?? false);
  const wanted = target.kind === "SNAT" && target.port !== undefined ? target.port : packet.sport;
  const dport = freePort({ ...pending.reply, dst: ip, dport: wanted }, random, context);
  const next = {
    ...ct,
    pending: { ...pending, reply: { ...pending.reply, dst: ip, dport }, snat: true },
  };
  return { ct: next, packet: translate(next, packet, "src") };
}

/** Even a connection that no rule translates gets another source port when its reply could be taken for another's.
 *  Source: kernel nf_nat_alloc_null_binding. */
export function bindWithoutNat(
  ct: PacketCt,
  packet: Packet,
  context: NatContext,
): { ct: PacketCt; packet: Packet } {
  const { pending } = ct;
  if (!pending || pending.snat || !context.table.isTaken(pending.reply, context.nowUs))
    return { ct, packet };
  const dport = freePort(pending.reply, false, context);
  const next = { ...ct, pending: { ...pending, reply: { ...pending.reply, dport }, snat: true } };
  return { ct: next, packet: translate(next, packet, "src") };
}

function masqueradeAddress({ netns, devOut, nextHop }: NatContext): Ipv4 | undefined {
  return devOut === undefined || nextHop === undefined
    ? undefined
    : selectSource(netns, devOut, nextHop);
}

const MAX_TRIES = 128;

/** A source port with which the reply is nobody else's: the one it has, unless it is taken or `random` (--random-fully).
 *  Source: kernel nf_nat_l4proto_unique_tuple. */
function freePort(reply: Tuple, random: boolean, { table, nowUs, decide }: NatContext): number {
  if (!random && !table.isTaken(reply, nowUs)) return reply.dport;
  const [from, to] = portRange(reply.dport);
  let port = reply.dport;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    port = decide.anyPort(from, to);
    if (!table.isTaken({ ...reply, dport: port }, nowUs)) return port;
  }
  return port;
}

/** Privileged ports stay privileged. */
function portRange(port: number): [number, number] {
  if (port < 512) return [1, 511];
  return port < 1024 ? [600, 1023] : [1024, 65_535];
}
