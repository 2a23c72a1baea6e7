import type { SlicePort } from "../api/types";
import { type Ipv4, parseIpv4 } from "../net/ipv4";
import type { DnsStore } from "./records";

/** An endpoint that DNS names: ready, with the ports of its slice. */
export interface NamedEndpoint {
  readonly service: string;
  readonly namespace: string;
  readonly ip: Ipv4;
  /** First label of its name: the pod's hostname where it has one, else its address with dashes. */
  readonly label: string;
  readonly ports: readonly SlicePort[];
}

/** Ready endpoints of all Services, slice by slice. Exported slices have `null` where a list is empty. */
export function* readyEndpoints(store: DnsStore): Generator<NamedEndpoint> {
  for (const slice of store.list("EndpointSlice")) {
    const service = slice.metadata.labels?.["kubernetes.io/service-name"];
    if (service === undefined || slice.addressType !== "IPv4") continue;
    for (const endpoint of slice.endpoints ?? []) {
      if (endpoint.conditions?.ready === false) continue;
      for (const address of endpoint.addresses) {
        const ip = parseIpv4(address);
        if (ip === undefined) continue;
        const label = endpoint.hostname?.toLowerCase() || address.replaceAll(".", "-");
        yield { service, namespace: slice.metadata.namespace, ip, label, ports: slice.ports ?? [] };
      }
    }
  }
}

export function readyEndpointsOf(
  store: DnsStore,
  namespace: string,
  service: string,
): readonly NamedEndpoint[] {
  return [...readyEndpoints(store)].filter(
    (endpoint) => endpoint.service === service && endpoint.namespace === namespace,
  );
}
