import { type Ipv4, parseIpv4 } from "../net/ipv4";
import { readyEndpoints } from "./cluster-endpoints";
import { CLUSTER_DOMAIN, type DnsRecord, type DnsStore } from "./records";

/** PTR records of an address: the Service it is the cluster IP of, else one name per Service it is an endpoint of. */
export function answerReverse(store: DnsStore, name: string, ip: Ipv4): readonly DnsRecord[] {
  const pointer = (target: string): DnsRecord => ({ type: "PTR", name, target });
  for (const { metadata, spec } of store.list("Service")) {
    const clusterIPs = spec.clusterIPs ?? [spec.clusterIP ?? ""];
    if (clusterIPs.some((text) => parseIpv4(text) === ip)) {
      return [pointer(`${metadata.name}.${metadata.namespace}.svc.${CLUSTER_DOMAIN}`)];
    }
  }
  return [...readyEndpoints(store)]
    .filter((endpoint) => endpoint.ip === ip)
    .map(({ label, service, namespace }) =>
      pointer(`${label}.${service}.${namespace}.svc.${CLUSTER_DOMAIN}`),
    );
}
