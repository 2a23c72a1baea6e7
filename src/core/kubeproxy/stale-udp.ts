import type { ConntrackEntry } from "../dataplane/netfilter/conntrack";
import type { NetnsId } from "../dataplane/netns";
import type { Plane } from "../dataplane/plane";
import { formatIpv4 } from "../net/ipv4";
import { formatEndpoint } from "../net/packet";
import type { ServiceRules } from "./service-rules";

/** Where a Service is reached, and who serves it. */
interface Front {
  /** `namespace/name`, with the port's name where it has one. */
  readonly label: string;
  /** `ip:port` of the serving endpoints. */
  readonly serving: ReadonlySet<string>;
}

/** Deletes the UDP entries of these Services that lead to no serving endpoint: to one that is gone, or to nowhere
 *  since there was none. A Service without endpoints keeps its entries. Returns how many went.
 *  Source: kube-proxy, conntrack.CleanStaleEntries (1.32 and later). */
export function deleteStaleUdpEntries(
  plane: Plane,
  node: NetnsId,
  services: readonly ServiceRules[],
  nowUs: number,
): number {
  const tracked = plane.state(node)?.conntrack;
  if (!tracked || tracked.size === 0) return 0;
  const fronts = udpFronts(services);
  if (fronts.size === 0) return 0;
  const stale = [...tracked.entries()].flatMap((entry) => {
    const front = entry.expiresAtUs > nowUs ? staleFront(entry, fronts) : undefined;
    return front ? [{ entry, front }] : [];
  });
  if (stale.length === 0) return 0;
  const { conntrack } = plane.mutableState(node);
  for (const { entry, front } of stale) conntrack.delete(entry, whyDeleted(entry, front), nowUs);
  return stale.length;
}

function whyDeleted({ dnat, reply }: ConntrackEntry, { label }: Front): string {
  return dnat
    ? `kube-proxy deleted it: ${formatEndpoint(reply.src, reply.sport)} is no endpoint of ${label} any more`
    : `kube-proxy deleted it: it led nowhere, and ${label} has endpoints now`;
}

/** By `ip:port` of a service address, `*:port` of a NodePort. */
function udpFronts(services: readonly ServiceRules[]): ReadonlyMap<string, Front> {
  const fronts = new Map<string, Front>();
  for (const { view } of services) {
    for (const { port, set } of view.ports) {
      if (port.protocol !== "udp") continue;
      const serving = new Set(
        set.endpoints.filter((endpoint) => endpoint.serving).map((endpoint) => endpoint.text),
      );
      if (serving.size === 0) continue;
      const front = { label: port.label, serving };
      for (const ip of [port.clusterIP, ...port.vips, ...port.externalIPs]) {
        fronts.set(`${formatIpv4(ip)}:${port.port}`, front);
      }
      if (port.nodePort !== 0) fronts.set(`*:${port.nodePort}`, front);
    }
  }
  return fronts;
}

/** The front that the entry's packets asked for, if it leads to nobody who serves it. */
function staleFront(
  { original, reply }: ConntrackEntry,
  fronts: ReadonlyMap<string, Front>,
): Front | undefined {
  if (original.protocol !== "udp") return undefined;
  const front =
    fronts.get(formatEndpoint(original.dst, original.dport)) ?? fronts.get(`*:${original.dport}`);
  return front?.serving.has(formatEndpoint(reply.src, reply.sport)) ? undefined : front;
}
