import { type Cidr, cidr, contains, size } from "../../net/cidr";
import { parseIpv4 } from "../../net/ipv4";
import { NODE_PORT_RANGE } from "../cluster-config";
import { RangeAllocator } from "./range-allocator";

/** min(max(16, size/16), 256). Source: ipallocator.calculateRangeOffset. */
function clusterIpBand(count: number): number {
  return count <= 16 ? 0 : Math.min(Math.max(16, Math.floor(count / 16)), 256);
}

/** min(max(16, size/32), 128). Source: portallocator.calculateRangeOffset. */
function nodePortBand(count: number): number {
  return count <= 16 ? 0 : Math.min(Math.max(16, Math.floor(count / 32)), 128);
}

/** Every address of the range but the first and the last. */
export function clusterIpAllocator(serviceCIDR: string): RangeAllocator {
  const count = Math.max(0, size(cidr(serviceCIDR)) - 2);
  return new RangeAllocator(count, clusterIpBand(count));
}

export function nodePortAllocator(): RangeAllocator {
  const count = NODE_PORT_RANGE.to - NODE_PORT_RANGE.from + 1;
  return new RangeAllocator(count, nodePortBand(count));
}

/** The allocator's number of an address; undefined outside the range. */
export function clusterIpIndex(range: Cidr, text: string): number | undefined {
  const ip = parseIpv4(text);
  if (ip === undefined || !contains(range, ip)) return undefined;
  const index = ip - range.network - 1;
  return index >= 0 && index < size(range) - 2 ? index : undefined;
}

export function nodePortIndex(port: number): number | undefined {
  const { from, to } = NODE_PORT_RANGE;
  return port >= from && port <= to ? port - from : undefined;
}
