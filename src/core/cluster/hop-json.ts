import { formatRule } from "../dataplane/netfilter/print";
import type { Rule } from "../dataplane/netfilter/rules";
import { formatIpv4 } from "../net/ipv4";
import type { Packet } from "../net/packet";
import { formatHop } from "../trace/format";
import type { Hop } from "../trace/hop";

/** A packet for people and programs outside: addresses as dotted quads. */
export interface PacketJson {
  readonly protocol: string;
  readonly src: string;
  readonly sport: number;
  readonly dst: string;
  readonly dport: number;
  readonly ttl: number;
  readonly mark: string;
  readonly flags?: string;
  readonly payload?: string;
}

export interface RuleJson {
  readonly table: string;
  readonly chain: string;
  /** 1-based. */
  readonly position: number;
  readonly rule: string;
}

/** A hop as `trace --json` and `paths --json` print it. */
export interface HopJson {
  readonly atUs: number;
  readonly node: string;
  readonly place: string;
  readonly what: string;
  readonly before: PacketJson;
  readonly after: PacketJson;
  /** The rules that matched, in order. */
  readonly rules: readonly RuleJson[];
  readonly text: string;
}

export function packetJson(packet: Packet): PacketJson {
  return {
    protocol: packet.protocol,
    src: formatIpv4(packet.src),
    sport: packet.sport,
    dst: formatIpv4(packet.dst),
    dport: packet.dport,
    ttl: packet.ttl,
    mark: `0x${packet.mark.toString(16)}`,
    ...(packet.flags && { flags: packet.flags }),
    ...(packet.payload && { payload: packet.payload }),
  };
}

export function hopJson(hop: Hop): HopJson {
  const rules: RuleJson[] = [];
  for (const { table, chain, to, matched } of hop.walks) {
    if (matched)
      rules.push({
        table,
        chain: chain.name,
        position: to + 1,
        rule: formatRule(chain.name, matched as Rule),
      });
  }
  return {
    atUs: hop.atUs,
    node: hop.node,
    place: hop.place,
    what: hop.kind,
    before: packetJson(hop.before),
    after: packetJson(hop.after),
    rules,
    text: formatHop(hop),
  };
}
