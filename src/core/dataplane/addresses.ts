import { cidrOf, contains } from "../net/cidr";
import type { Ipv4 } from "../net/ipv4";
import type { Netns, NetworkInterface } from "./netns";

const LOOPBACK_FIRST_OCTET = 127;

const localAddresses = new WeakMap<Netns, Set<Ipv4>>();

/** Is the address one of this namespace's own (the kernel's local table)? */
export function isLocalAddress(netns: Netns, ip: Ipv4): boolean {
  if (ip >>> 24 === LOOPBACK_FIRST_OCTET) return true;
  let addresses = localAddresses.get(netns);
  if (!addresses) {
    addresses = new Set(netns.interfaces.flatMap((device) => device.addresses.map(({ ip }) => ip)));
    localAddresses.set(netns, addresses);
  }
  return addresses.has(ip);
}

export function isLoopback(ip: Ipv4): boolean {
  return ip >>> 24 === LOOPBACK_FIRST_OCTET;
}

/** The address that masquerade and unbound sockets take on this device: the one in the next hop's subnet, else its
 *  first, else (lo) the first address of any other device in order. Source: kernel inet_select_addr. */
export function selectSource(netns: Netns, dev: string, nextHop: Ipv4): Ipv4 | undefined {
  const device = netns.interfaces.find((candidate) => candidate.name === dev);
  const own = device && device.kind !== "loopback" ? device.addresses : [];
  const near = own.find(({ ip, prefix }) => contains(cidrOf(ip, prefix), nextHop));
  if (near) return near.ip;
  if (own[0]) return own[0].ip;
  for (const other of netns.interfaces) {
    if (other.kind !== "loopback" && other.addresses[0]) return other.addresses[0].ip;
  }
  return undefined;
}

/** The device that holds an address. */
export function deviceOf(netns: Netns, ip: Ipv4): NetworkInterface | undefined {
  return netns.interfaces.find((device) => device.addresses.some((address) => address.ip === ip));
}
