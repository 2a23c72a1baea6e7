import type { Host } from "../api/types";
import { formatIpv4, type Ipv4, parseIpv4 } from "../net/ipv4";
import {
  CLUSTER_DOMAIN,
  type DnsAnswer,
  type DnsRecord,
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

/** What the cluster's DNS server (CoreDNS with the shipped Corefile) answers. A final dot and capitals do not matter.
 *  Simplified: records come in a fixed order, where CoreDNS shuffles them; no cache. */
export function answerQuery(world: DnsWorld, name: string, type: QueryType): DnsAnswer {
  return follow(world, normalize(name), type, MAX_CNAMES);
}

export function normalize(name: string): string {
  return (name.endsWith(".") ? name.slice(0, -1) : name).toLowerCase();
}

/** A CNAME's answer goes on with what its target has. */
function follow(world: DnsWorld, name: string, type: QueryType, left: number): DnsAnswer {
  const answer = answerOne(world, name, type);
  const last = answer.answers.at(-1);
  if (last?.type !== "CNAME" || type === "CNAME" || left === 0) return answer;
  const rest = follow(world, last.target, type, left - 1);
  return { ...answer, answers: [...answer.answers, ...rest.answers] };
}

function answerOne(world: DnsWorld, name: string, type: QueryType): DnsAnswer {
  if (name === CLUSTER_DOMAIN) return noError([]);
  if (name.endsWith(`.${CLUSTER_DOMAIN}`)) {
    return answerZone(world, name, type);
  }
  if (name.endsWith(REVERSE_SUFFIX)) {
    const ip = parseIpv4(name.slice(0, -REVERSE_SUFFIX.length).split(".").reverse().join("."));
    const found = ip === undefined ? [] : answerReverse(world.store, name, ip);
    if (found.length > 0) return noError(type === "PTR" ? found : []);
  }
  return answerUpstream(world, name, type);
}

function answerZone(world: DnsWorld, name: string, type: QueryType): DnsAnswer {
  const labels = name.slice(0, -CLUSTER_DOMAIN.length - 1).split(".");
  if (labels.length === 1 && labels[0] === "dns-version") {
    return noError(type === "TXT" ? [{ type, name, text: DNS_SCHEMA_VERSION }] : []);
  }
  const kind = labels.pop();
  const namespace = labels.pop();
  if (namespace === undefined) return NXDOMAIN;
  if (labels.length === 0) {
    const exists =
      (kind === "svc" || kind === "pod") && world.store.find("Namespace", "", namespace);
    return exists ? noError([]) : NXDOMAIN;
  }
  if (kind === "svc") return answerServiceName(world.store, { name, namespace, labels }, type);
  if (kind === "pod") return answerPodName(world, name, namespace, labels, type);
  return NXDOMAIN;
}

/** `pods insecure`: any address with dashes, pod or not, in any namespace that exists. */
function answerPodName(
  { store }: DnsWorld,
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

/** The cloud's resolver: names (lower case, no final dot) of hosts and of load balancers. */
export function answerUpstream(world: DnsWorld, name: string, type: QueryType): DnsAnswer {
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
