import type { ConntrackEntry } from "../dataplane/netfilter/conntrack";
import type { NetnsId } from "../dataplane/netns";
import type { Plane } from "../dataplane/plane";
import { formatIpv4 } from "../net/ipv4";
import type { ServiceRules } from "./service-rules";

/** Deletes the UDP entries of these Services that lead to no serving endpoint: to one that is gone, or to nowhere
 *  since there was none. A Service without endpoints keeps its entries. Returns how many went.
 *  Source: kube-proxy, conntrack.CleanStaleEntries (1.32 and later). */
export function deleteStaleUdpEntries(
  plane: Plane,
  node: NetnsId,
  services: readonly ServiceRules[],
): number {
  const tracked = plane.state(node)?.conntrack;
  if (!tracked || tracked.size === 0) return 0;
  const fronts = udpFronts(services);
  if (fronts.size === 0) return 0;
  const stale = [...tracked.entries()].filter((entry) => isStale(entry, fronts));
  if (stale.length === 0) return 0;
  const { conntrack } = plane.mutableState(node);
  for (const entry of stale) conntrack.remove(entry);
  return stale.length;
}

/** Serving endpoints (`ip:port`) by front: `ip:port` of a service address, `*:port` of a NodePort. */
function udpFronts(services: readonly ServiceRules[]): ReadonlyMap<string, ReadonlySet<string>> {
  const fronts = new Map<string, ReadonlySet<string>>();
  for (const { view } of services) {
    for (const { port, set } of view.ports) {
      if (port.protocol !== "udp") continue;
      const serving = new Set(
        set.endpoints.filter((endpoint) => endpoint.serving).map((endpoint) => endpoint.text),
      );
      if (serving.size === 0) continue;
      for (const ip of [port.clusterIP, ...port.vips, ...port.externalIPs]) {
        fronts.set(`${formatIpv4(ip)}:${port.port}`, serving);
      }
      if (port.nodePort !== 0) fronts.set(`*:${port.nodePort}`, serving);
    }
  }
  return fronts;
}

function isStale(
  { original, reply }: ConntrackEntry,
  fronts: ReadonlyMap<string, ReadonlySet<string>>,
): boolean {
  if (original.protocol !== "udp") return false;
  const serving =
    fronts.get(`${formatIpv4(original.dst)}:${original.dport}`) ??
    fronts.get(`*:${original.dport}`);
  return serving !== undefined && !serving.has(`${formatIpv4(reply.src)}:${reply.sport}`);
}
