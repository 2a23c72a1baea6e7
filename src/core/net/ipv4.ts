/** An IPv4 address as an unsigned 32-bit integer: 10.0.0.1 is 0x0a000001. */
export type Ipv4 = number;

export const UNSPECIFIED: Ipv4 = 0;

const DOT = 46;
const ZERO = 48;

/** Dotted quad to address; undefined when the text is not one (leading zeros are refused, as in Go). */
export function parseIpv4(text: string): Ipv4 | undefined {
  let value = 0;
  let octets = 0;
  let octet = -1;
  for (let i = 0; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : DOT;
    if (code === DOT) {
      if (octet < 0 || ++octets > 4) return undefined;
      value = value * 256 + octet;
      octet = -1;
      continue;
    }
    const digit = code - ZERO;
    if (digit < 0 || digit > 9 || octet === 0) return undefined;
    octet = octet < 0 ? digit : octet * 10 + digit;
    if (octet > 255) return undefined;
  }
  return octets === 4 ? value : undefined;
}

/** For addresses that people typed and validation has let through: throws when it is not one. */
export function ipv4(text: string): Ipv4 {
  const value = parseIpv4(text);
  if (value === undefined) throw new Error(`not an IPv4 address: ${text}`);
  return value;
}

export function formatIpv4(ip: Ipv4): string {
  return `${ip >>> 24}.${(ip >>> 16) & 255}.${(ip >>> 8) & 255}.${ip & 255}`;
}
