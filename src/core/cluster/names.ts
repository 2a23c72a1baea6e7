import type { ClusterConfig } from "../api/cluster-config";
import type { Store } from "../api/store";
import type { LoadBalancer } from "../controllers/cloud/load-balancer";
import type { NetnsId } from "../dataplane/netns";
import type { DnsWorld } from "../dns/records";
import { clusterDnsIp, podResolvConf, type ResolvConf } from "../dns/resolv";
import { resolve } from "../dns/resolve";
import { type Ipv4, parseIpv4 } from "../net/ipv4";
import type { NameSpace } from "./targets";

/** The cloud's own resolver, at the VPC's base address plus two. Source: Amazon VPC User Guide, DNS attributes. */
export const CLOUD_RESOLVER = "10.0.0.2";

const NODE_RESOLV_CONF: ResolvConf = { nameservers: [CLOUD_RESOLVER], search: [], options: [] };

/** What the DNS servers of this world know. */
export function dnsWorldOf(store: Store, balancers: readonly LoadBalancer[]): DnsWorld {
  const hostnames = new Map<string, readonly Ipv4[]>();
  for (const { hostname, ip } of balancers) if (hostname) hostnames.set(hostname, [ip]);
  return { store, upstream: CLOUD_RESOLVER, hostnames };
}

/** Names as clients of this world resolve them.
 *  Simplified: the lookup itself sends no packets. */
export function nameSpaceOf(
  store: Store,
  config: ClusterConfig,
  balancers: readonly LoadBalancer[],
): NameSpace {
  const dns = dnsWorldOf(store, balancers);
  return {
    store,
    loadBalancerIp: (service) =>
      balancers.find((balancer) => balancer.service === service && !balancer.deleting)?.ip,
    resolve: (name, client) => {
      const conf = resolvConfOf(store, config, client);
      const found = resolve(dns, name, conf);
      if (found.ok) return { ips: found.ips };
      return {
        error:
          found.reason === "NoServer"
            ? `Resolving timed out: no nameserver answers for ${withoutRoot(name)}`
            : `Could not resolve host: ${withoutRoot(name)}`,
      };
    },
  };
}

function withoutRoot(name: string): string {
  return name.endsWith(".") ? name.slice(0, -1) : name;
}

function clusterDnsOf({ clusterDNS = "", serviceCIDR }: ClusterConfig): Ipv4 {
  return parseIpv4(clusterDNS) ?? clusterDnsIp(serviceCIDR);
}

/** What a client reads from its /etc/resolv.conf: a pod its own, machines the cloud's. */
export function resolvConfOf(store: Store, config: ClusterConfig, client: NetnsId): ResolvConf {
  const [kind, namespace = "", name = ""] = client.split("/");
  const pod = kind === "pod" ? store.find("Pod", namespace, name) : undefined;
  return pod ? podResolvConf(pod, clusterDnsOf(config), NODE_RESOLV_CONF) : NODE_RESOLV_CONF;
}
