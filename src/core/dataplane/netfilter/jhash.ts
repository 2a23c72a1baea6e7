import type { Ipv4 } from "../../net/ipv4";

const INITIAL = 0xdeadbeef;
/** The kernel hashes an address in the room of an IPv6 one: four words, of which an IPv4 address fills the first. */
const ADDRESS_BYTES = 16;

/** The kernel's jhash2 of one address, seeded with another, as a little-endian machine computes it (both are read in the
 *  wire's byte order). Source: kernel include/linux/jhash.h. */
export function hashAddress(ip: Ipv4, seed: Ipv4 | undefined): number {
  const start = (INITIAL + ADDRESS_BYTES + (seed === undefined ? 0 : swapped(seed))) | 0;
  return final(...mixed((start + swapped(ip)) | 0, start, start));
}

function swapped(ip: Ipv4): number {
  return ((ip & 0xff) << 24) | ((ip & 0xff00) << 8) | ((ip >>> 8) & 0xff00) | (ip >>> 24);
}

type Words = [a: number, b: number, c: number];

function mixed(...words: Words): Words {
  let [a, b, c] = words;
  a = ((a - c) ^ rotated(c, 4)) | 0;
  c = (c + b) | 0;
  b = ((b - a) ^ rotated(a, 6)) | 0;
  a = (a + c) | 0;
  c = ((c - b) ^ rotated(b, 8)) | 0;
  b = (b + a) | 0;
  a = ((a - c) ^ rotated(c, 16)) | 0;
  c = (c + b) | 0;
  b = ((b - a) ^ rotated(a, 19)) | 0;
  a = (a + c) | 0;
  c = ((c - b) ^ rotated(b, 4)) | 0;
  b = (b + a) | 0;
  return [a, b, c];
}

function final(...words: Words): number {
  let [a, b, c] = words;
  c = ((c ^ b) - rotated(b, 14)) | 0;
  a = ((a ^ c) - rotated(c, 11)) | 0;
  b = ((b ^ a) - rotated(a, 25)) | 0;
  c = ((c ^ b) - rotated(b, 16)) | 0;
  a = ((a ^ c) - rotated(c, 4)) | 0;
  b = ((b ^ a) - rotated(a, 14)) | 0;
  c = ((c ^ b) - rotated(b, 24)) | 0;
  return c >>> 0;
}

function rotated(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits));
}
