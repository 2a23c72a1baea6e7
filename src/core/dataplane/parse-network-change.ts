import { cidrOf, parseCidr } from "../net/cidr";
import { type Ipv4, parseIpv4 } from "../net/ipv4";
import type { InterfaceAddress } from "./netns";
import { type NetworkChange, type Refused, type RouteVerb, refused } from "./network-change";

/** The routing cache is no more. */
const NOTHING: NetworkChange = { object: "link", dev: "lo" };

export type ParsedChange = { readonly ok: true; readonly change: NetworkChange } | Refused;

/** iproute2 takes every word shortened; of several that fit, the first. */
const OBJECTS = ["address", "link", "neighbour", "neighbor", "route"] as const;
const ROUTE_VERBS = ["add", "append", "change", "delete", "flush", "prepend", "replace"] as const;
const ADDRESS_VERBS = ["add", "change", "replace", "delete", "flush"] as const;
const NEIGHBOUR_VERBS = ["add", "change", "replace", "delete", "flush"] as const;

/** What cannot be read. Source: iproute2 lib/utils.c, invarg, incomplete_command. */
const INCOMPLETE = refused('Command line is not complete. Try option "help"', 255);

/** `route add 10.0.0.0/8 via 10.0.1.1`: a line of `ip -batch` that changes something. */
export function parseNetworkChange(line: string): ParsedChange {
  const [given = "", verb = "", ...words] = line.trim().split(/\s+/);
  const object = find(OBJECTS, given);
  switch (object) {
    case "route":
      return parseRoute(verb, new Words(words));
    case "address":
      return parseAddress(verb, new Words(words));
    case "link":
      return parseLink(verb, new Words(words));
    case "neighbour":
    case "neighbor":
      return parseNeighbour(verb, new Words(words));
    default:
      return refused(`Object "${given}" is unknown, try "ip help".`, 1);
  }
}

/** Whether it is a line that changes something. */
export function isNetworkChange(object: string, verb: string): boolean {
  const name = find(OBJECTS, object);
  if (name === undefined || verb === "") return false;
  if (name === "link") return verb === "set";
  const verbs =
    name === "route" ? ROUTE_VERBS : name === "address" ? ADDRESS_VERBS : NEIGHBOUR_VERBS;
  return find(verbs, verb) !== undefined;
}

class Words {
  readonly #words: readonly string[];
  #at = 0;

  constructor(words: readonly string[]) {
    this.#words = words;
  }

  take(): string | undefined {
    return this.#words[this.#at++];
  }
}

function parseRoute(given: string, words: Words): ParsedChange {
  const found = find(ROUTE_VERBS, given);
  if (!found) return refused(`Command "${given}" is unknown, try "ip route help".`, 255);
  const verb: RouteVerb = found === "delete" ? "del" : found;
  let route: Extract<NetworkChange, { object: "route" }>["route"] = { isRange: true };
  let isEmpty = true;
  for (let word = words.take(); word !== undefined; word = words.take()) {
    isEmpty = false;
    switch (word) {
      case "blackhole":
      case "unreachable":
        route = { ...route, type: word };
        continue;
      case "unicast":
        continue;
      case "onlink":
        route = { ...route, onlink: true };
        continue;
      case "via":
      case "src": {
        const text = words.take();
        if (text === undefined) return INCOMPLETE;
        const ip = parseIpv4(text);
        if (ip === undefined)
          return refused(`Error: inet address is expected rather than "${text}".`, 1);
        route = { ...route, [word]: ip };
        continue;
      }
      case "dev":
      case "oif": {
        const dev = words.take();
        if (dev === undefined) return INCOMPLETE;
        route = { ...route, dev };
        continue;
      }
      case "metric":
      case "preference":
      case "priority": {
        const text = words.take();
        if (text === undefined) return INCOMPLETE;
        if (!/^\d{1,9}$/.test(text))
          return refused(`Error: argument "${text}" is wrong: "metric" value is invalid\n`, 255);
        route = { ...route, metric: Number(text) };
        continue;
      }
      case "proto":
      case "scope":
      case "table": {
        const text = words.take();
        if (text === undefined) return INCOMPLETE;
        if (word === "table" && text !== "main" && text !== "254")
          return refused(`# kubehop: routes of table ${text} cannot be changed here`, 2);
        continue;
      }
    }
    const text = word === "to" ? words.take() : word;
    if (text === undefined) return INCOMPLETE;
    if (route.destination)
      return refused(`Error: either "to" is duplicate, or "${text}" is a garbage.`, 255);
    if (verb === "flush" && text === "cache") return { ok: true, change: NOTHING };
    const range = parseRange(text);
    if (!range) return refused(`Error: any valid prefix is expected rather than "${text}".`, 1);
    route = { ...route, destination: cidrOf(range.ip, range.prefix), isRange: isRange(range) };
  }
  if (isEmpty)
    return verb === "flush" ? refused('"ip route flush" requires arguments.', 1) : refused("", 255);
  if (verb === "flush" && !route.destination && route.dev === undefined)
    return refused("# kubehop: ip route flush takes a range or a device here", 2);
  if (verb !== "flush" && !route.destination) route = { ...route, isRange: false };
  return { ok: true, change: { object: "route", verb, route } };
}

function parseAddress(given: string, words: Words): ParsedChange {
  const found = find(ADDRESS_VERBS, given);
  if (!found) return refused(`Command "${given}" is unknown, try "ip address help".`, 255);
  const verb = found === "delete" ? "del" : found === "change" ? "replace" : found;
  let dev: string | undefined;
  let address: InterfaceAddress | undefined;
  let noBroadcast = true;
  for (let word = words.take(); word !== undefined; word = words.take()) {
    if (/^(?:dev|brd|broadcast|label|scope|metric|valid_lft|preferred_lft)$/.test(word)) {
      const text = words.take();
      if (text === undefined) return INCOMPLETE;
      if (word === "dev") dev = text;
      if (word === "brd" || word === "broadcast") noBroadcast = false;
      continue;
    }
    const text = word === "local" || word === "to" ? words.take() : word;
    if (text === undefined) return INCOMPLETE;
    if (address)
      return refused(`Error: either "local" is duplicate, or "${text}" is a garbage.`, 255);
    address = parseRange(text);
    if (!address) return refused(`Error: any valid prefix is expected rather than "${text}".`, 1);
  }
  if (verb === "flush" && dev === undefined) return refused("Flush requires arguments.", 1);
  if (dev === undefined) return refused('Not enough information: "dev" argument is required.', 1);
  const withAddress = address && { address: { ...address, ...(noBroadcast && { noBroadcast }) } };
  return { ok: true, change: { object: "address", verb, dev, ...withAddress } };
}

function parseLink(given: string, words: Words): ParsedChange {
  if (given !== "set") return refused(`Command "${given}" is unknown, try "ip link help".`, 255);
  let dev: string | undefined;
  let up: boolean | undefined;
  let mtu: number | undefined;
  for (let word = words.take(); word !== undefined; word = words.take()) {
    if (word === "up" || word === "down") up = word === "up";
    else if (word === "dev" || word === "mtu") {
      const text = words.take();
      if (text === undefined) return INCOMPLETE;
      if (word === "dev") dev = text;
      else if (!/^\d{1,6}$/.test(text))
        return refused(`Error: argument "${text}" is wrong: Invalid "mtu" value\n`, 255);
      else mtu = Number(text);
    } else if (
      /^(?:master|nomaster|address|name|netns|alias|txqueuelen|promisc|arp|type)$/.test(word)
    )
      return refused(`# kubehop: ip link set ${word} is not modelled here`, 2);
    else if (dev === undefined) dev = word;
    else return refused(`Error: either "dev" is duplicate, or "${word}" is a garbage.`, 255);
  }
  if (dev === undefined) return refused('Not enough information: "dev" argument is required.', 255);
  if (mtu !== undefined && mtu < 68) return refused("Error: mtu less than device minimum.");
  if (mtu !== undefined && mtu > 65_535) return refused("Error: mtu greater than device maximum.");
  const change = { dev, ...(up !== undefined && { up }), ...(mtu !== undefined && { mtu }) };
  return { ok: true, change: { object: "link", ...change } };
}

function parseNeighbour(given: string, words: Words): ParsedChange {
  const found = find(NEIGHBOUR_VERBS, given);
  if (!found) return refused(`Command "${given}" is unknown, try "ip neigh help".`, 255);
  const verb = found === "delete" ? "del" : found;
  let dev: string | undefined;
  let ip: Ipv4 | undefined;
  let mac: string | undefined;
  for (let word = words.take(); word !== undefined; word = words.take()) {
    if (word === "permanent") continue;
    if (word === "dev" || word === "lladdr" || word === "nud") {
      const text = words.take();
      if (text === undefined) return INCOMPLETE;
      if (word === "dev") dev = text;
      if (word !== "lladdr") continue;
      if (!/^[0-9a-f]{2}(?::[0-9a-f]{2}){5}$/i.test(text))
        return refused(`"${text}" is invalid lladdr.`, 1);
      mac = text.toLowerCase();
      continue;
    }
    const text = word === "to" ? words.take() : word;
    ip = text === undefined ? undefined : parseIpv4(text);
    if (ip === undefined)
      return refused(`Error: any valid address is expected rather than "${text ?? ""}".`, 1);
  }
  if (verb === "flush" && dev === undefined) return refused("Flush requires arguments.", 1);
  if (dev === undefined || (verb !== "flush" && ip === undefined))
    return refused("Device and destination are required arguments.", 255);
  const rest = { ...(ip !== undefined && { ip }), ...(mac !== undefined && { mac }) };
  return { ok: true, change: { object: "neighbour", verb, dev, ...rest } };
}

/** `default`, `10.0.0.0/8`, `10.0.0.1`: with its host bits. */
function parseRange(text: string): InterfaceAddress | undefined {
  if (text === "default" || text === "all") return { ip: 0, prefix: 0 };
  const range = parseCidr(text.includes("/") ? text : `${text}/32`);
  const ip = parseIpv4(text.split("/")[0] ?? "");
  return range && ip !== undefined ? { ip, prefix: range.prefix } : undefined;
}

function isRange({ ip, prefix }: InterfaceAddress): boolean {
  return cidrOf(ip, prefix).network === ip;
}

function find<T extends string>(names: readonly T[], given: string): T | undefined {
  return given === "" ? undefined : names.find((name) => name.startsWith(given));
}
