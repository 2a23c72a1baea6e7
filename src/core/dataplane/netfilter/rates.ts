import { netmask } from "../../net/cidr";
import type { Packet } from "../../net/packet";
import type { CowMap } from "../../sim/cow-map";
import { MS } from "../../sim/time";
import type { HashlimitMatch, LimitMatch } from "./match-kinds";

/** A token bucket: what it holds is counted in microseconds of the rate's time. */
export interface Bucket {
  readonly creditUs: number;
  readonly atUs: number;
}

/** Buckets of a network namespace: of a limit by the match itself, of a hashlimit by its name and the packet's part. */
export type Buckets = CowMap<LimitMatch | string, Bucket>;

const LIMIT_UNIT_US = 100;

/** Source: kernel xt_limit.c; its clock ticks in jiffies, ours in microseconds. */
export function matchesLimit(match: LimitMatch, buckets: Buckets, nowUs: number): boolean {
  const costUs = match.average * LIMIT_UNIT_US;
  return takeToken(buckets, match, buckets.get(match), costUs, match.burst, nowUs);
}

/** Source: kernel xt_hashlimit.c. */
export function matchesHashlimit(
  match: HashlimitMatch,
  packet: Packet,
  buckets: Buckets,
  nowUs: number,
): boolean {
  const key = `${match.name} ${match.by.map((part) => partOf(packet, part, match)).join(" ")}`;
  const known = buckets.get(key);
  const isExpired = known !== undefined && nowUs - known.atUs >= match.expireMs * MS;
  const bucket = isExpired ? undefined : known;
  return takeToken(buckets, key, bucket, match.average, match.burst, nowUs) !== match.isAbove;
}

/** A bucket that nobody has asked yet is full. */
function takeToken(
  buckets: Buckets,
  key: LimitMatch | string,
  bucket: Bucket | undefined,
  costUs: number,
  burst: number,
  nowUs: number,
): boolean {
  const capUs = costUs * burst;
  const creditUs = bucket ? Math.min(capUs, bucket.creditUs + nowUs - bucket.atUs) : capUs;
  const taken = creditUs >= costUs;
  buckets.set(key, { creditUs: taken ? creditUs - costUs : creditUs, atUs: nowUs });
  return taken;
}

function partOf(
  packet: Packet,
  part: HashlimitMatch["by"][number],
  { srcPrefix, dstPrefix }: HashlimitMatch,
): number {
  switch (part) {
    case "srcip":
      return (packet.src & netmask(srcPrefix)) >>> 0;
    case "dstip":
      return (packet.dst & netmask(dstPrefix)) >>> 0;
    case "srcport":
      return packet.sport;
    case "dstport":
      return packet.dport;
  }
}
