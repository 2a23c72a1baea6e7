import { cidrOf, netmask, parseCidr } from "../../net/cidr";
import { type Ipv4, parseIpv4 } from "../../net/ipv4";
import type { Packet } from "../../net/packet";
import type { Netns } from "../netns";
import type { SetMatch } from "./match-kinds";

/** Set types that can be looked up. Source: ipset(8). */
export const IP_SET_TYPES = [
  "hash:ip",
  "hash:net",
  "hash:ip,port",
  "hash:net,port",
  "hash:ip,port,ip",
  "hash:ip,port,net",
  "hash:net,net",
  "hash:net,iface",
  "bitmap:port",
  "list:set",
] as const;

export type IpSetType = (typeof IP_SET_TYPES)[number];

/** One `ipset`: data of a network namespace, never changed by packets. */
export interface IpSet {
  readonly name: string;
  readonly type: IpSetType;
  /** As `ipset save` prints what follows the type: `family inet hashsize 1024 maxelem 1048576`. */
  readonly options: string;
  /** As `ipset save` prints them: `10.0.0.1`, `10.0.0.0/24 nomatch`, `10.0.0.1,tcp:80`, `10.0.0.0/24,eth0`. */
  readonly entries: readonly string[];
}

/** Every set of a network namespace, by name. */
export type IpSets = ReadonlyMap<string, IpSet>;

/** The text of `ipset save`; `ipset restore` loads it. */
export function formatIpSets(sets: IpSets): string {
  const lines: string[] = [];
  for (const { name, type, options, entries } of sets.values()) {
    lines.push(`create ${name} ${type}${options ? ` ${options}` : ""}`);
    for (const entry of entries) lines.push(`add ${name} ${entry}`);
  }
  return lines.map((line) => `${line}\n`).join("");
}

/** Is the packet's address (and port, device) in the set? A set that is not there has nobody in it.
 *  Source: kernel xt_set.c, ip_set_core.c. */
export function matchesSet(
  { set, flags, returnNomatch, negate = false }: SetMatch,
  packet: Packet,
  netns: Netns,
  dev: { readonly devIn?: string | undefined; readonly devOut?: string | undefined },
): boolean {
  const found = look(set, netns.sets ?? NO_SETS, flags, packet, dev, 0);
  const isIn = returnNomatch ? found === "nomatch" : found === "match";
  return isIn !== negate;
}

const NO_SETS: IpSets = new Map();
/** Lists of lists are refused by the kernel; a list's members are sets. */
const MAX_DEPTH = 1;

type Found = "match" | "nomatch" | undefined;

function look(
  name: string,
  sets: IpSets,
  flags: SetMatch["flags"],
  packet: Packet,
  dev: { readonly devIn?: string | undefined; readonly devOut?: string | undefined },
  depth: number,
): Found {
  const set = sets.get(name);
  if (!set) return undefined;
  if (set.type === "list:set") {
    if (depth >= MAX_DEPTH) return undefined;
    const results = set.entries.map((entry) => look(entry, sets, flags, packet, dev, depth + 1));
    return results.find((found) => found === "match");
  }
  const dimensions = dimensionsOf(set.type);
  const values = dimensions.map((dimension, index) =>
    partOf(packet, dimension, flags[index] ?? "src", dev),
  );
  return indexOf(set).find(values);
}

function partOf(
  packet: Packet,
  dimension: Dimension,
  side: "src" | "dst",
  dev: { readonly devIn?: string | undefined; readonly devOut?: string | undefined },
): Ipv4 | string {
  switch (dimension) {
    case "ip":
    case "net":
      return packet[side];
    case "port":
      return portText(packet, side);
    case "iface":
      return (side === "src" ? dev.devIn : dev.devOut) ?? "";
  }
}

function portText({ protocol, sport, dport }: Packet, side: "src" | "dst"): string {
  return `${protocol}:${side === "src" ? sport : dport}`;
}

type Dimension = "ip" | "net" | "port" | "iface";

export function dimensionsOf(type: IpSetType): readonly Dimension[] {
  if (type === "list:set") return [];
  return type.slice(type.indexOf(":") + 1).split(",") as readonly Dimension[];
}

const indexes = new WeakMap<IpSet, SetIndex>();

function indexOf(set: IpSet): SetIndex {
  let index = indexes.get(set);
  if (!index) {
    index = new SetIndex(set);
    indexes.set(set, index);
  }
  return index;
}

/** Entries by their parts; those with ranges once for each combination of prefix lengths. The most specific decides. */
class SetIndex {
  readonly #byPrefixes = new Map<
    string,
    { readonly prefixes: number[]; entries: Map<string, Found> }
  >();
  readonly #isBitmap: boolean;

  constructor({ type, entries }: IpSet) {
    this.#isBitmap = type === "bitmap:port";
    for (const entry of entries) {
      const [text = "", ...words] = entry.split(" ");
      const parts = parseEntry(type, text) ?? [];
      const prefixes = parts.map((part) => (typeof part === "string" ? -1 : part.prefix));
      const name = prefixes.join();
      let group = this.#byPrefixes.get(name);
      if (!group) {
        group = { prefixes, entries: new Map() };
        this.#byPrefixes.set(name, group);
      }
      const key = parts.map((part) => (typeof part === "string" ? part : part.network)).join();
      group.entries.set(key, words.includes("nomatch") ? "nomatch" : "match");
    }
    const sorted = [...this.#byPrefixes].sort(
      ([, a], [, b]) => total(b.prefixes) - total(a.prefixes),
    );
    this.#byPrefixes = new Map(sorted);
  }

  find(values: readonly (Ipv4 | string)[]): Found {
    for (const { prefixes, entries } of this.#byPrefixes.values()) {
      const key = values.map((value, index) =>
        typeof value === "number"
          ? (value & netmask(prefixes[index] ?? 32)) >>> 0
          : this.#isBitmap
            ? value.slice(value.indexOf(":") + 1)
            : value,
      );
      const found = entries.get(key.join());
      if (found) return found;
    }
    return undefined;
  }
}

function total(prefixes: readonly number[]): number {
  return prefixes.reduce((sum, prefix) => sum + prefix, 0);
}

/** The parts of an entry; undefined when it is not one of such a set. */
export function parseEntry(
  type: IpSetType,
  text: string,
): readonly (ReturnType<typeof cidrOf> | string)[] | undefined {
  const texts = text.split(",");
  const dimensions = dimensionsOf(type);
  if (type === "list:set") return texts.length === 1 && text !== "" ? [text] : undefined;
  if (texts.length !== dimensions.length) return undefined;
  const parts: (ReturnType<typeof cidrOf> | string)[] = [];
  for (const [index, dimension] of dimensions.entries()) {
    const part = parsePart(dimension, texts[index] ?? "", type === "bitmap:port");
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return parts;
}

function parsePart(dimension: Dimension, text: string, isBare: boolean) {
  switch (dimension) {
    case "ip":
    case "net": {
      const ip = parseIpv4(text);
      if (ip !== undefined) return cidrOf(ip, 32);
      return dimension === "net" ? parseCidr(text) : undefined;
    }
    case "port": {
      const match = /^(?:(tcp|udp|sctp):)?(\d{1,5})$/.exec(text);
      if (!match || Number(match[2]) > 65_535) return undefined;
      return isBare ? String(Number(match[2])) : `${match[1] ?? "tcp"}:${Number(match[2])}`;
    }
    case "iface":
      return /^[^\s/]{1,15}$/.test(text) ? text : undefined;
  }
}
