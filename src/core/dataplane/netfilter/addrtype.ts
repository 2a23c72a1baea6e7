import { broadcast, cidrOf } from "../../net/cidr";
import type { Ipv4 } from "../../net/ipv4";
import { isLocalAddress, isLoopback } from "../addresses";
import { isGroupAddress } from "../martians";
import type { Netns } from "../netns";
import type { AddrType, AddrtypeMatch } from "./match-kinds";

/** Source: kernel xt_addrtype.c. */
export function matchesAddrtype(
  match: AddrtypeMatch,
  { src, dst }: { readonly src: Ipv4; readonly dst: Ipv4 },
  netns: Netns,
  dev: { readonly in?: string | undefined; readonly out?: string | undefined },
): boolean {
  const { srcTypes, dstTypes, limitIface } = match;
  const only = limitIface && dev[limitIface];
  const has = (types: readonly AddrType[] | undefined, ip: Ipv4, negate = false) =>
    types === undefined || hasType(types, ip, netns, only) !== negate;
  return has(srcTypes, src, match.negateSrc) && has(dstTypes, dst, match.negateDst);
}

function hasType(
  types: readonly AddrType[],
  ip: Ipv4,
  netns: Netns,
  dev: string | undefined,
): boolean {
  if (dev === undefined && types.length === 1 && types[0] === "LOCAL")
    return isLocalAddress(netns, ip);
  return types.includes(typeOf(ip, netns, dev));
}

/** What the local table says of an address, or what one device's part of it does.
 *  Source: kernel fib_frontend.c, __inet_dev_addr_type. */
function typeOf(ip: Ipv4, netns: Netns, dev: string | undefined): AddrType {
  if (ip >>> 24 === 0 || ip === 0xffffffff) return "BROADCAST";
  if (isGroupAddress(ip)) return "MULTICAST";
  if (isLoopback(ip)) return dev === undefined || dev === "lo" ? "LOCAL" : "UNICAST";
  for (const { name, addresses } of netns.interfaces) {
    if (dev !== undefined && name !== dev) continue;
    for (const own of addresses) {
      if (own.ip === ip) return "LOCAL";
      if (own.prefix < 31 && broadcast(cidrOf(own.ip, own.prefix)) === ip) return "BROADCAST";
    }
  }
  return "UNICAST";
}
