import { sha256 } from "@noble/hashes/sha2.js";

/** More than any cluster here has; what is forgotten is computed again. */
const MAX_HASHES = 50_000;
const hashes = new Map<string, string>();

/** The 16 letters that kube-proxy puts behind KUBE-SVC- and its like: base32 of SHA-256, cut. */
export function chainHash(text: string): string {
  const known = hashes.get(text);
  if (known !== undefined) return known;
  const hash = base32(sha256(asciiBytes(text)).subarray(0, 10));
  if (hashes.size >= MAX_HASHES) hashes.clear();
  hashes.set(text, hash);
  return hash;
}

export type ServiceChainPrefix = "KUBE-SVC" | "KUBE-SVL" | "KUBE-EXT" | "KUBE-FW";

/** `label` is `namespace/name:portName`, `protocol` in lower case. */
export function serviceChainName(
  prefix: ServiceChainPrefix,
  label: string,
  protocol: string,
): string {
  return `${prefix}-${chainHash(label + protocol)}`;
}

/** `endpoint` is `ip:port`. */
export function endpointChainName(label: string, protocol: string, endpoint: string): string {
  return `KUBE-SEP-${chainHash(label + protocol + endpoint)}`;
}

/** Names in the API are ASCII, and so are addresses. */
function asciiBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** RFC 4648 base32 of a multiple of five bytes, so never padded. */
function base32(bytes: Uint8Array): string {
  let text = "";
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = (value << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(value >>> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return text;
}
