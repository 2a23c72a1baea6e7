import type { ClusterConfig } from "../api/cluster-config";
import type { Store } from "../api/store";
import type { LoadBalancer } from "../controllers/cloud/load-balancer";
import { whyPending } from "../controllers/cloud/pending";
import type { View } from "../controllers/older-view";
import type { Listener, NetnsId } from "../dataplane/netns";
import { answerFromCluster, answerUpstream, joinAnswers } from "../dns/query";
import {
  CLUSTER_TTL_SECONDS,
  type DnsStore,
  type DnsWorld,
  SERVFAIL,
  UPSTREAM_TTL_SECONDS,
} from "../dns/records";
import { clusterDnsIp, podResolvConf, type ResolvConf } from "../dns/resolv";
import { resolve } from "../dns/resolve";
import { planLookup } from "../dns/stub-resolver";
import type { DnsMessage } from "../net/dns-message";
import { type Ipv4, parseIpv4 } from "../net/ipv4";
import { SECOND } from "../sim/time";
import type { NamedDestination } from "./connection";
import type { ServerAnswer } from "./network-environment";
import type { NameSpace } from "./targets";

/** The cloud's own resolver, at the VPC's base address plus two. Source: Amazon VPC User Guide, DNS attributes. */
export const CLOUD_RESOLVER = "10.0.0.2";

const NODE_RESOLV_CONF: ResolvConf = { nameservers: [CLOUD_RESOLVER], search: [], options: [] };

/** What the DNS servers of this world know. */
export function dnsWorldOf(
  store: Store,
  balancers: readonly LoadBalancer[],
): DnsWorld & { readonly store: Store } {
  const hostnames = new Map<string, readonly Ipv4[]>();
  for (const { hostname, ip } of balancers) if (hostname) hostnames.set(hostname, [ip]);
  return { store, upstream: CLOUD_RESOLVER, hostnames };
}

interface NameOptions {
  /** The cluster as a client knows it that uses endpoints itself; absent: as it is. */
  readonly endpointView?: (client: NetnsId) => View;
  /** What no DNS server has is refused at once, before anybody asks. */
  readonly strict?: boolean;
}

/** Names as clients of this world resolve them: with packets to their nameservers.
 *  Simplified: a machine of the internet has a resolver of its own, which is not modelled: its answer is there at once. */
export function nameSpaceOf(
  store: Store,
  config: ClusterConfig,
  balancers: readonly LoadBalancer[],
  { strict = false, endpointView = () => store }: NameOptions = {},
): NameSpace {
  const dns = dnsWorldOf(store, balancers);
  return {
    store,
    endpointView: ({ resolver }) => endpointView(resolver),
    whyPending: (service) => whyPending(config.cloud, service),
    loadBalancerIp: (service) =>
      balancers.find((balancer) => balancer.service === service && !balancer.deleting)?.ip,
    resolve: (name, { netns, resolver }) => {
      const conf = resolvConfOf(store, config, resolver);
      const isAsked = asksByPackets(store, config, netns, conf);
      const found = isAsked && !strict ? undefined : resolve(dns, name, conf);
      if (found && !found.ok && (found.reason === "NoSuchName" || !isAsked))
        return { error: `Could not resolve host: ${withoutRoot(name)}` };
      if (!isAsked && found?.ok) return { ips: found.ips };
      const cache = cacheOf(store, resolver);
      return { lookup: planLookup(name, conf), ...(cache && { cache }) };
    },
  };
}

function asksByPackets(
  store: Store,
  config: ClusterConfig,
  client: NetnsId,
  { nameservers: [nameserver] }: ResolvConf,
): boolean {
  const host = client.startsWith("host/") ? store.find("Host", "", client.slice(5)) : undefined;
  return host?.spec.zone !== "internet" && isMachine(store, config, nameserver);
}

/** Where the scenario has no machine for it, the cloud's resolver answers all the same: out of sight. */
function isMachine(
  store: Store,
  { addons }: ClusterConfig,
  nameserver: string | undefined,
): boolean {
  if (nameserver !== CLOUD_RESOLVER || addons.includes("coredns")) return true;
  return [...store.list("Host")].some(({ spec }) => spec.ip === nameserver);
}

/** Source: networkaddress.cache.ttl of the Java VM, 30 s by default. */
const CACHE_ANNOTATION = "kubehop.dev/dns-cache-seconds";
const MAX_CACHE_SECONDS = 86_400;

/** Programs that keep answers say so in an annotation of their pod or machine. */
function cacheOf(store: Store, client: NetnsId): NamedDestination["cache"] {
  const [kind, first = "", second = ""] = client.split("/");
  const owner =
    kind === "pod"
      ? store.find("Pod", first, second)
      : store.find(kind === "node" ? "Node" : "Host", "", first);
  const seconds = Number(owner?.metadata.annotations?.[CACHE_ANNOTATION] ?? 0);
  if (!owner || !(seconds > 0)) return undefined;
  const keepUs = Math.round(Math.min(seconds, MAX_CACHE_SECONDS) * SECOND);
  return { owner: owner.metadata.uid, keepUs };
}

/** What the DNS server behind a listener answers: a host's is the cloud's resolver, a pod's is CoreDNS, which knows what
 *  its watch has told it (`view`) and asks its own nameserver for the rest. */
export function answerOf(
  world: DnsWorld & { readonly store: Store },
  view: DnsStore,
  config: ClusterConfig,
  { owner }: Listener,
  { name, type }: DnsMessage["question"],
): ServerAnswer {
  if (!owner.startsWith("pod/"))
    return {
      answer: answerUpstream(world, name, type),
      ttlSeconds: UPSTREAM_TTL_SECONDS,
      isBehind: false,
    };
  const { store } = world;
  const ttlSeconds = CLUSTER_TTL_SECONDS;
  const own = answerFromCluster(view, name, type);
  const isBehind =
    view !== store && JSON.stringify(own) !== JSON.stringify(answerFromCluster(store, name, type));
  const [nameserver] = resolvConfOf(store, config, owner).nameservers;
  const to = nameserver === undefined ? undefined : parseIpv4(nameserver);
  if (own.forward === undefined) return { ...own, ttlSeconds, isBehind };
  if (to === undefined) return { answer: SERVFAIL, ttlSeconds, isBehind };
  if (isMachine(store, config, nameserver)) return { ...own, to, ttlSeconds, isBehind };
  const answer = joinAnswers(own, answerUpstream(world, own.forward, type));
  return { answer, ttlSeconds, isBehind };
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
