import type { Service, ServicePort } from "../api/types";
import { SERVICE_NAME_LABEL } from "../controllers/indexing";
import type { View } from "../controllers/older-view";
import { PodWatches, type WatchSpec } from "../controllers/pod-watches";
import { type Ipv4, parseIpv4 } from "../net/ipv4";
import { SECOND } from "../sim/time";

/** A pod with it watches EndpointSlices by itself, and hears of a change so many seconds later. */
const WATCH_ANNOTATION = "kubehop.dev/endpoints-watch-seconds";
const MAX_SECONDS = 600;

const CLIENTS: WatchSpec = {
  event: "endpointsWatch",
  kinds: new Set(["EndpointSlice"]),
  watches: (_, { metadata }) => metadata.annotations?.[WATCH_ANNOTATION] !== undefined,
  lagUs: ({ store }, client) => {
    const [, namespace = "", name = ""] = client.split("/");
    const { annotations } = store.find("Pod", namespace, name)?.metadata ?? {};
    const seconds = Number(annotations?.[WATCH_ANNOTATION]);
    return Math.round(Math.min(Math.max(0, seconds || 0), MAX_SECONDS) * SECOND);
  },
};

/** What clients know that use a Service's endpoints without its clusterIP. One that does not watch asks the API server
 *  before every request, and knows all. */
export function endpointClients(): PodWatches {
  return new PodWatches(CLIENTS);
}

export interface EndpointAddress {
  readonly ip: Ipv4;
  readonly port: number;
}

/** The ready endpoints of a Service's port, as the client knows them: what it picks one of. */
export function endpointsOf(
  view: View,
  { metadata: { namespace, name } }: Service,
  port: Pick<ServicePort, "name" | "protocol">,
): readonly EndpointAddress[] {
  const found: EndpointAddress[] = [];
  for (const { metadata, ports, endpoints } of view.list("EndpointSlice")) {
    if (metadata.namespace !== namespace || metadata.labels?.[SERVICE_NAME_LABEL] !== name)
      continue;
    const number = ports.find(
      (one) => (one.name ?? "") === (port.name ?? "") && (one.protocol ?? "TCP") === port.protocol,
    )?.port;
    if (number === undefined) continue;
    for (const { addresses, conditions } of endpoints) {
      const ip = parseIpv4(addresses[0] ?? "");
      if (ip !== undefined && conditions?.ready !== false) found.push({ ip, port: number });
    }
  }
  return found;
}
