import { netmask } from "../../net/cidr";
import type { Ipv4 } from "../../net/ipv4";
import type { Packet } from "../../net/packet";
import type { CowMap } from "../../sim/cow-map";
import { SECOND } from "../../sim/time";
import type { RecentMatch } from "./match-kinds";

/** When an address was seen, the latest last. */
interface RecentEntry {
  readonly stampsUs: readonly number[];
  readonly ttl: number;
}

/** The addresses of one list; whoever was seen last stands last. */
export type RecentList = ReadonlyMap<Ipv4, RecentEntry>;

/** Every list of a network namespace, by name. */
export type RecentLists = CowMap<string, RecentList>;

/** Addresses that a list remembers: the one that was not seen for longest makes room. Source: kernel xt_recent.c, ip_list_tot. */
const MAX_ADDRESSES = 100;
/** Sightings of one address that are remembered. A rule cannot ask for more. */
export const MAX_STAMPS = 255;

const NOBODY: RecentList = new Map();

/** Source: kernel xt_recent.c, recent_mt. */
export function matchesRecent(
  match: RecentMatch,
  packet: Packet,
  { lists, nowUs, isForwarded }: { lists: RecentLists; nowUs: number; isForwarded: boolean },
): boolean {
  const address = match.isDestination ? packet.dst : packet.src;
  const key = (address & netmask(match.prefix ?? 32)) >>> 0;
  // As it was before this machine counted it down.
  const ttl = packet.ttl + (isForwarded ? 1 : 0);
  const list = lists.get(match.list) ?? NOBODY;
  const known = list.get(key);
  const entry = known && match.rttl && known.ttl !== ttl ? undefined : known;
  const found = !match.negate;
  if (!entry) {
    if (match.mode !== "set") return !found;
    lists.set(match.list, withSighting(list, key, { stampsUs: [], ttl }, nowUs));
    return found;
  }
  switch (match.mode) {
    case "set":
      lists.set(match.list, withSighting(list, key, { ...entry, ttl }, nowUs));
      return found;
    case "remove":
      lists.set(match.list, without(list, key));
      return found;
    case "rcheck":
    case "update": {
      const sinceUs = match.seconds ? nowUs - match.seconds * SECOND : -1;
      const hits = entry.stampsUs.filter((stampUs) => stampUs >= sinceUs).length;
      const answer = hits >= (match.hitcount ?? 1) ? found : !found;
      const updates = match.mode === "update" && answer;
      const kept = match.reap ? reaped(list, sinceUs, updates ? key : undefined) : list;
      const next = updates ? withSighting(kept, key, { ...entry, ttl }, nowUs) : kept;
      if (next !== list) lists.set(match.list, next);
      return answer;
    }
  }
}

function withSighting(
  list: RecentList,
  key: Ipv4,
  entry: RecentEntry,
  nowUs: number,
): Map<Ipv4, RecentEntry> {
  const next = without(list, key);
  const eldest = next.keys().next();
  if (next.size >= MAX_ADDRESSES && !eldest.done) next.delete(eldest.value);
  return next.set(key, { ...entry, stampsUs: [...entry.stampsUs, nowUs].slice(-MAX_STAMPS) });
}

function without(list: RecentList, key: Ipv4): Map<Ipv4, RecentEntry> {
  const next = new Map(list);
  next.delete(key);
  return next;
}

/** Drops the list's eldest address if it was last seen before `sinceUs`; never the one that is about to be updated.
 *  Source: kernel xt_recent.c, recent_entry_reap. */
function reaped(list: RecentList, sinceUs: number, updated: Ipv4 | undefined): RecentList {
  const eldest = list.entries().next();
  if (eldest.done) return list;
  const [key, { stampsUs }] = eldest.value;
  if (key === updated || (stampsUs.at(-1) ?? 0) >= sinceUs) return list;
  return without(list, key);
}
