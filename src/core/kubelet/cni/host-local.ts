import { broadcast, type Cidr } from "../../net/cidr";
import { formatIpv4, type Ipv4 } from "../../net/ipv4";

/** The files of /var/lib/cni/networks/NET on one node. */
export interface NodeIpam {
  /** last_reserved_ip.0 */
  readonly lastReserved?: Ipv4;
  readonly used: ReadonlySet<Ipv4>;
  /** aws-vpc: the node's network cards, in order. */
  readonly enis?: readonly Eni[];
}

/** An elastic network interface: its own address, then those for pods. */
export interface Eni {
  readonly dev: string;
  readonly addresses: readonly Ipv4[];
}

export const EMPTY_IPAM: NodeIpam = { used: new Set() };

export type Allocation =
  | { readonly ok: true; readonly ip: Ipv4; readonly ipam: NodeIpam }
  | { readonly ok: false; readonly message: string };

/** The bridge's address: the first of the range. */
export function gatewayOf(range: Cidr): Ipv4 {
  return range.network + 1;
}

/** Addresses to hand out, both ends among them, save for the gateway's. */
export interface IpRange {
  readonly first: Ipv4;
  readonly last: Ipv4;
  readonly gateway: Ipv4;
}

export function wholeRange(range: Cidr): IpRange {
  return { first: range.network + 1, last: broadcast(range) - 1, gateway: gatewayOf(range) };
}

export function allocateIp(ipam: NodeIpam, range: Cidr | undefined): Allocation {
  if (!range) return { ok: false, message: "no pod CIDR is assigned to this node" };
  return allocateFrom(ipam, wholeRange(range));
}

/** Round-robin from the last reserved address + 1; the gateway is skipped, so a fresh node starts at .2.
 *  Source: containernetworking/plugins, ipam/host-local. */
export function allocateFrom(ipam: NodeIpam, { first, last, gateway }: IpRange): Allocation {
  const count = Math.max(0, last - first + 1);
  const { lastReserved } = ipam;
  const inRange = lastReserved !== undefined && lastReserved >= first && lastReserved < last;
  let ip = inRange ? lastReserved + 1 : first;
  for (let i = 0; i < count; i++) {
    if (ip !== gateway && !ipam.used.has(ip)) {
      return {
        ok: true,
        ip,
        ipam: { ...ipam, lastReserved: ip, used: new Set(ipam.used).add(ip) },
      };
    }
    ip = ip === last ? first : ip + 1;
  }
  const set = `${formatIpv4(first)}-${formatIpv4(last)}`;
  const message = `failed to allocate for range 0: no IP addresses available in range set: ${set}`;
  return { ok: false, message };
}

/** An address that a pod came with; the round-robin cursor stays where it is. */
export function reserveIp(ipam: NodeIpam, ip: Ipv4): NodeIpam {
  return { ...ipam, used: new Set(ipam.used).add(ip) };
}

export function releaseIp(ipam: NodeIpam, ip: Ipv4): NodeIpam {
  const used = new Set(ipam.used);
  used.delete(ip);
  return { ...ipam, used };
}
