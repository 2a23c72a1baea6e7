import { type Cidr, cidrOf } from "../../../net/cidr";
import { type Ipv4, parseIpv4 } from "../../../net/ipv4";
import type { PortRange } from "../match-kinds";
import { RuleError } from "./rule-error";

/** Names of the ports that rules name. Source: /etc/services. */
const SERVICES: Readonly<Record<string, number>> = {
  "ftp-data": 20,
  ftp: 21,
  ssh: 22,
  telnet: 23,
  smtp: 25,
  domain: 53,
  bootps: 67,
  bootpc: 68,
  tftp: 69,
  http: 80,
  kerberos: 88,
  pop3: 110,
  sunrpc: 111,
  ntp: 123,
  "netbios-ns": 137,
  "netbios-dgm": 138,
  "netbios-ssn": 139,
  imap2: 143,
  snmp: 161,
  bgp: 179,
  ldap: 389,
  https: 443,
  "microsoft-ds": 445,
  syslog: 514,
  ldaps: 636,
  imaps: 993,
  pop3s: 995,
  mysql: 3306,
  postgresql: 5432,
};

export function parsePort(text: string): number {
  const port = findPortNumber(text);
  if (port === undefined) throw new RuleError(`invalid port/service \`${text}' specified`);
  return port;
}

export function findPortNumber(text: string): number | undefined {
  if (Object.hasOwn(SERVICES, text)) return SERVICES[text];
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return port <= 65_535 ? port : undefined;
}

/** `80`, `80:90`, `:1023`, `1024:`. */
export function parsePortRange(text: string): PortRange {
  const colon = text.indexOf(":");
  if (colon < 0) {
    const port = parsePort(text);
    return { from: port, to: port };
  }
  const [first, last] = [text.slice(0, colon), text.slice(colon + 1)];
  const range = {
    from: first === "" ? 0 : parsePort(first),
    to: last === "" ? 65_535 : parsePort(last),
  };
  if (range.from > range.to) throw new RuleError("invalid portrange (min > max)");
  return range;
}

/** `10:20`, `10:`, `:20`, `10`. */
export function parseNumberRange(text: string, max: number, option: string): PortRange {
  const match = /^(\d{0,10})(:?)(\d{0,10})$/.exec(text);
  const [, first = "", colon, last = ""] = match ?? [];
  const from = first === "" ? 0 : Number(first);
  const to = colon === "" ? from : last === "" ? max : Number(last);
  if (!match || text === "" || from > to || to > max)
    throw new RuleError(`${option}: bad value for option "--${option}", or out of range`);
  return { from, to };
}

/** `10.0.0.1`, `10.0.0.0/8`, `10.0.0.0/255.0.0.0`, `10/8`. */
export function parseNetwork(text: string): Cidr {
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  const missing = 4 - address.split(".").length;
  const ip = parseIpv4(missing > 0 ? address + ".0".repeat(missing) : address);
  if (ip === undefined) throw new RuleError(`host/network \`${address}' not found`);
  return cidrOf(ip, slash < 0 ? 32 : parsePrefix(text.slice(slash + 1)));
}

function parsePrefix(text: string): number {
  if (/^\d{1,2}$/.test(text) && Number(text) <= 32) return Number(text);
  const mask = parseIpv4(text);
  if (mask === undefined) throw new RuleError(`invalid mask \`${text}' specified`);
  return prefixOf(mask, text);
}

/** Prefix length of a mask. */
export function prefixOf(mask: Ipv4, text: string): number {
  const prefix = Math.clz32(~mask);
  if (mask >>> 0 !== (prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0))
    throw new RuleError(`the mask ${text} has holes: not modelled`);
  return prefix;
}

export function parseAddress(text: string): Ipv4 {
  const ip = parseIpv4(text);
  if (ip === undefined) throw new RuleError(`Bad IP address "${text}"`);
  return ip;
}

const MAX_UINT32 = 0xffffffff;

/** `0x4000/0x4000`, `16`; the mask is all ones where none is given. Numbers are decimal, 0x hexadecimal or 0 octal. */
export function parseMasked(
  text: string,
  module: string,
  option: string,
): { readonly value: number; readonly mask: number } {
  const [first = "", second, ...rest] = text.split("/");
  const value = parseUint32(first);
  const mask = second === undefined ? MAX_UINT32 : parseUint32(second);
  if (value === undefined || mask === undefined || rest.length > 0)
    throw new RuleError(`${module}: bad integer value for option "--${option}", or out of range.`);
  return { value, mask };
}

function parseUint32(text: string): number | undefined {
  if (/^0[0-7]+$/.test(text) && text.length <= 12) return inRange(Number.parseInt(text, 8));
  return /^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(text) ? inRange(Number(text)) : undefined;
}

function inRange(value: number): number | undefined {
  return value <= MAX_UINT32 ? value : undefined;
}

/** Words of a list separated by commas, each of them one of `names` whatever its case. */
export function parseNames<T extends string>(
  text: string,
  names: readonly T[],
  refusal: (word: string) => string,
): readonly T[] {
  return text.split(",").map((word) => {
    const found = names.find((name) => name === word.toUpperCase());
    if (found === undefined) throw new RuleError(refusal(word));
    return found;
  });
}

const UNITS = [
  { name: "second", seconds: 1 },
  { name: "minute", seconds: 60 },
  { name: "hour", seconds: 3_600 },
  { name: "day", seconds: 86_400 },
] as const;

/** `3/min`: one in so many parts of a second, of which there are `perSecond`. Source: iptables libxt_limit.c, parse_rate. */
export function parseRate(
  text: string,
  perSecond: number,
): { readonly average: number; readonly unitS: number } {
  const match = /^(\d{1,10})(?:\/([a-z]+))?$/.exec(text);
  const unit = UNITS.find(({ name }) => name.startsWith(match?.[2] ?? "s"));
  const rate = Number(match?.[1] ?? 0);
  if (!unit || rate === 0) throw new RuleError(`bad rate "${text}"`);
  const average = Math.floor((perSecond * unit.seconds) / rate);
  if (average === 0) throw new RuleError(`Rate too fast "${text}"`);
  return { average, unitS: unit.seconds };
}
