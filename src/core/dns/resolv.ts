import type { Pod } from "../api/types";
import { cidr } from "../net/cidr";
import { formatIpv4, type Ipv4 } from "../net/ipv4";
import { CLUSTER_DOMAIN } from "./records";

/** What a resolver reads from /etc/resolv.conf. */
export interface ResolvConf {
  readonly nameservers: readonly string[];
  readonly search: readonly string[];
  /** As written after `options`: `ndots:5`. */
  readonly options: readonly string[];
}

/** Of the Pod API, `spec.dnsConfig`. */
interface PodDnsConfig {
  readonly nameservers?: readonly string[];
  readonly searches?: readonly string[];
  readonly options?: readonly { readonly name?: string; readonly value?: string }[];
}

/** Source: kubelet, validation.MaxDNSNameservers, MaxDNSSearchPaths. */
const MAX_NAMESERVERS = 3;
const MAX_SEARCH_PATHS = 32;

const DEFAULT_NDOTS = 1;
const MAX_NDOTS = 15;

/** By custom the tenth address of the Service range: kubelet's clusterDNS and kube-dns's cluster IP. */
export function clusterDnsIp(serviceCIDR: string): Ipv4 {
  return (cidr(serviceCIDR).network + 10) >>> 0;
}

/** A pod's resolv.conf as kubelet writes it. `node` is the node's own file. */
export function podResolvConf(pod: Pod, clusterDns: Ipv4, node: ResolvConf): ResolvConf {
  const base = resolvConfByPolicy(pod, clusterDns, node);
  const extra = (pod.spec as { readonly dnsConfig?: PodDnsConfig }).dnsConfig ?? {};
  return {
    nameservers: unique([...base.nameservers, ...(extra.nameservers ?? [])]).slice(
      0,
      MAX_NAMESERVERS,
    ),
    search: unique([...base.search, ...(extra.searches ?? [])]).slice(0, MAX_SEARCH_PATHS),
    options: mergeOptions(base.options, extra.options ?? []),
  };
}

function resolvConfByPolicy(pod: Pod, clusterDns: Ipv4, node: ResolvConf): ResolvConf {
  const { dnsPolicy = "ClusterFirst", hostNetwork = false } = pod.spec;
  if (dnsPolicy === "None") return { nameservers: [], search: [], options: [] };
  if (dnsPolicy === "Default" || (dnsPolicy === "ClusterFirst" && hostNetwork)) return node;
  const { namespace } = pod.metadata;
  return {
    nameservers: [formatIpv4(clusterDns)],
    search: [
      `${namespace}.svc.${CLUSTER_DOMAIN}`,
      `svc.${CLUSTER_DOMAIN}`,
      CLUSTER_DOMAIN,
      ...node.search,
    ],
    options: ["ndots:5"],
  };
}

function mergeOptions(
  base: readonly string[],
  extra: NonNullable<PodDnsConfig["options"]>,
): readonly string[] {
  const byName = new Map(base.map((option) => [option.split(":")[0], option]));
  for (const { name, value } of extra) {
    if (name) byName.set(name, value === undefined ? name : `${name}:${value}`);
  }
  return [...byName.values()];
}

function unique(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

export function formatResolvConf({ search, nameservers, options }: ResolvConf): string {
  const lines = nameservers.map((nameserver) => `nameserver ${nameserver}`);
  if (search.length > 0) lines.unshift(`search ${search.join(" ")}`);
  if (options.length > 0) lines.push(`options ${options.join(" ")}`);
  return `${lines.join("\n")}\n`;
}

/** The absolute names (without final dot) that libc tries for a name, in order. */
export function candidateNames({ search, options }: ResolvConf, name: string): readonly string[] {
  if (name.endsWith(".")) return [name.slice(0, -1)];
  const searched = search.map((domain) => `${name}.${domain}`);
  const dots = name.split(".").length - 1;
  return dots >= ndots(options) ? [name, ...searched] : [...searched, name];
}

function ndots(options: readonly string[]): number {
  return numberOf(options, "ndots", DEFAULT_NDOTS, MAX_NDOTS);
}

/** How long the resolver waits for an answer, in seconds, and how often it goes through all nameservers. */
export function patience({ options }: ResolvConf): { timeoutSeconds: number; attempts: number } {
  return {
    timeoutSeconds: Math.max(1, numberOf(options, "timeout", 5, 30)),
    attempts: Math.max(1, numberOf(options, "attempts", 2, 5)),
  };
}

/** `name:N` of the options; what is more than `most` counts as that. Source: resolv.conf(5). */
function numberOf(options: readonly string[], name: string, absent: number, most: number): number {
  const text = options.find((option) => option.startsWith(`${name}:`))?.slice(name.length + 1);
  return text !== undefined && /^\d+$/.test(text) ? Math.min(Number(text), most) : absent;
}
