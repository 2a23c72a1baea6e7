import { IPv4CidrRange } from "ip-num";
import { formatIpv4, type Ipv4, parseIpv4 } from "./ipv4";

/** An address range; `network` has its host bits cleared. */
export interface Cidr {
  readonly network: Ipv4;
  /** 0–32. */
  readonly prefix: number;
}

export function netmask(prefix: number): Ipv4 {
  return prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0;
}

export function cidrOf(ip: Ipv4, prefix: number): Cidr {
  return { network: (ip & netmask(prefix)) >>> 0, prefix };
}

/** `10.0.0.0/8`, host bits cleared as iptables does; undefined when the text is not a CIDR. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf("/");
  if (slash < 0) return undefined;
  const ip = parseIpv4(text.slice(0, slash));
  const prefixText = text.slice(slash + 1);
  if (ip === undefined || !/^(0|[1-9]\d?)$/.test(prefixText)) return undefined;
  const prefix = Number(prefixText);
  return prefix > 32 ? undefined : cidrOf(ip, prefix);
}

export function cidr(text: string): Cidr {
  const value = parseCidr(text);
  if (!value) throw new Error(`not an IPv4 CIDR: ${text}`);
  return value;
}

export function formatCidr(range: Cidr): string {
  return `${formatIpv4(range.network)}/${range.prefix}`;
}

export function contains(range: Cidr, ip: Ipv4): boolean {
  return (ip & netmask(range.prefix)) >>> 0 === range.network;
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return contains(a, b.network) || contains(b, a.network);
}

export function size(range: Cidr): number {
  return 2 ** (32 - range.prefix);
}

/** Last address of the range. */
export function broadcast(range: Cidr): Ipv4 {
  return (range.network | ~netmask(range.prefix)) >>> 0;
}

/** The `index`-th block of `prefix` bits inside `range` (node pod CIDRs); undefined past the end. */
export function subnet(range: Cidr, prefix: number, index: number): Cidr | undefined {
  if (prefix < range.prefix || index < 0 || index >= 2 ** (prefix - range.prefix)) return undefined;
  const network = range.network + index * 2 ** (32 - prefix);
  return cidrOf(network >>> 0, prefix);
}

/** The library's value, where people type ranges and ranges are split and merged. */
export function toIpNumRange(range: Cidr): IPv4CidrRange {
  return IPv4CidrRange.fromCidr(formatCidr(range));
}
