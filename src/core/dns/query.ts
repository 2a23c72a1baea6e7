import type { Host } from "../api/types";
import { formatIpv4, type Ipv4, parseIpv4 } from "../net/ipv4";
import {
  CLUSTER_DOMAIN,
  type DnsAnswer,
  type DnsRecord,
  type DnsStore,
  type DnsWorld,
  NXDOMAIN,
  noError,
  type QueryType,
} from "./records";
import { answerReverse } from "./reverse";
import { answerServiceName } from "./service-records";

/** Source: CoreDNS, plugin/kubernetes DNSSchemaVersion. */
const DNS_SCHEMA_VERSION = "1.1.0";
const REVERSE_SUFFIX = ".in-addr.arpa";
/** Enough for any honest chain; a loop ends here. */
const MAX_CNAMES = 8;

/** What CoreDNS finds in its own view of the cluster, and the name that it must ask its upstream for. */
export interface OwnAnswer {
  readonly answer: DnsAnswer;
  readonly forward?: string;
}

/** What the cluster's DNS (CoreDNS with the shipped Corefile, the cloud's resolver behind it) answers. A final dot and
 *  capitals do not matter.
 *  Simplified: records come in a fixed order, where CoreDNS shuffles them; no cache. */
export function answerQuery(world: DnsWorld, name: string, type: QueryType): DnsAnswer {
  const own = answerFromCluster(world.store, name, type);
  if (own.forward === undefined) return own.answer;
  return joinAnswers(own, answerUpstream(world, own.forward, type));
}

export function answerFromCluster(store: DnsStore, name: string, type: QueryType): OwnAnswer {
  return follow(store, normalize(name), type, MAX_CNAMES);
}

/** CNAMEs of the cluster, and behind them what upstream has for the last of their names. */
export function joinAnswers({ answer }: OwnAnswer, upstream: DnsAnswer): DnsAnswer {
  if (answer.answers.length === 0) return upstream;
  return { ...answer, answers: [...answer.answers, ...upstream.answers] };
}

function normalize(name: string): string {
  return (name.endsWith(".") ? name.slice(0, -1) : name).toLowerCase();
}

/** A CNAME's answer goes on with what its target has. */
function follow(store: DnsStore, name: string, type: QueryType, left: number): OwnAnswer {
  const answer = answerOne(store, name, type);
  if (!answer) return { answer: noError([]), forward: name };
  const last = answer.answers.at(-1);
  if (last?.type !== "CNAME" || type === "CNAME" || left === 0) return { answer };
  const rest = follow(store, last.target, type, left - 1);
  return { ...rest, answer: joinAnswers({ answer }, rest.answer) };
}

/** Undefined: the name is none of the cluster's. */
function answerOne(store: DnsStore, name: string, type: QueryType): DnsAnswer | undefined {
  if (name === CLUSTER_DOMAIN) return noError([]);
  if (name.endsWith(`.${CLUSTER_DOMAIN}`)) return answerZone(store, name, type);
  if (!name.endsWith(REVERSE_SUFFIX)) return undefined;
  const ip = parseIpv4(name.slice(0, -REVERSE_SUFFIX.length).split(".").reverse().join("."));
  const found = ip === undefined ? [] : answerReverse(store, name, ip);
  return found.length > 0 ? noError(type === "PTR" ? found : []) : undefined;
}

function answerZone(store: DnsStore, name: string, type: QueryType): DnsAnswer {
  const labels = name.slice(0, -CLUSTER_DOMAIN.length - 1).split(".");
  if (labels.length === 1 && labels[0] === "dns-version") {
    return noError(type === "TXT" ? [{ type, name, text: DNS_SCHEMA_VERSION }] : []);
  }
  const kind = labels.pop();
  const namespace = labels.pop();
  if (namespace === undefined) return NXDOMAIN;
  if (labels.length === 0) {
    const exists = (kind === "svc" || kind === "pod") && store.find("Namespace", "", namespace);
    return exists ? noError([]) : NXDOMAIN;
  }
  if (kind === "svc") return answerServiceName(store, { name, namespace, labels }, type);
  if (kind === "pod") return answerPodName(store, name, namespace, labels, type);
  return NXDOMAIN;
}

/** `pods insecure`: any address with dashes, pod or not, in any namespace that exists. */
function answerPodName(
  store: DnsStore,
  name: string,
  namespace: string,
  labels: readonly string[],
  type: QueryType,
): DnsAnswer {
  const [dashed = "", ...more] = labels;
  const ip = parseIpv4(dashed.replaceAll("-", "."));
  if (ip === undefined || more.length > 0 || !store.find("Namespace", "", namespace))
    return NXDOMAIN;
  return noError(type === "A" ? [{ type, name, ip }] : []);
}

/** The cloud's resolver: names of hosts and of load balancers. */
export function answerUpstream(world: DnsWorld, asked: string, type: QueryType): DnsAnswer {
  const name = normalize(asked);
  const ips = externalAddresses(world, name);
  if (!ips) return { ...NXDOMAIN, authoritative: false };
  const answers: readonly DnsRecord[] = type === "A" ? ips.map((ip) => ({ type, name, ip })) : [];
  return { ...noError(answers), authoritative: false };
}

function externalAddresses(
  { store, hostnames }: DnsWorld,
  name: string,
): readonly Ipv4[] | undefined {
  const ips: Ipv4[] = [];
  for (const host of store.list("Host")) {
    const ip = hasName(host, name) ? parseIpv4(host.spec.ip) : undefined;
    if (ip !== undefined) ips.push(ip);
  }
  return ips.length > 0 ? ips : hostnames.get(name);
}

function hasName(host: Host, name: string): boolean {
  return host.spec.hostnames?.some((hostname) => normalize(hostname) === name) ?? false;
}

/** The name that a PTR query for an address asks. */
export function reverseName(ip: Ipv4): string {
  return `${formatIpv4(ip).split(".").reverse().join(".")}${REVERSE_SUFFIX}`;
}
