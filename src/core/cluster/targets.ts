import { matchesSelector } from "../api/labels";
import type { Store } from "../api/store";
import type { Pod, Service } from "../api/types";
import type { View } from "../controllers/older-view";
import { internalIp, nodeAddress } from "../controllers/pod-facts";
import type { NetnsId } from "../dataplane/netns";
import { type Ipv4, parseIpv4 } from "../net/ipv4";
import type { Protocol } from "../net/packet";
import type { Destination, NamedDestination, NoDestination } from "./connection";
import { endpointsOf } from "./endpoint-clients";
import { tunnelTarget } from "./tunnel";

/** What names can stand for, beside what the store holds. */
export interface NameSpace {
  readonly store: Store;
  /** Public address of a Service's load balancer. */
  loadBalancerIp(service: string): Ipv4 | undefined;
  /** Why a Service that is to have a load balancer has none. */
  whyPending(service: Service): string | undefined;
  /** The cluster as a client knows it that uses endpoints itself. */
  endpointView(client: Client): View;
  /** What a name is for a client: addresses, something that its resolver must look up, or why it is nothing. */
  resolve(name: string, client: Client): Resolved;
}

export type Resolved =
  | { readonly ips: readonly Ipv4[] }
  | Pick<NamedDestination, "lookup" | "cache">
  | { readonly error: string };

/** What a request is for: an address, a name that its client must look up first, or something that has neither yet. */
export type Target = Destination | NamedDestination | NoDestination;

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: string };

/** Who sends: a process in this network namespace. */
export interface Client {
  readonly netns: NetnsId;
  /** Whose resolv.conf it has: a pod in its node's network still has one of its own. */
  readonly resolver: NetnsId;
}

const ok = <T>(value: T): Parsed<T> => ({ ok: true, value });
const bad = <T>(error: string): Parsed<T> => ({ ok: false, error });

const SOURCE_FORMS = "pod/NS/NAME, deploy/NS/NAME, node/NAME or host/NAME";
const DESTINATION_FORMS =
  "IP:PORT[/udp], a DNS name with :PORT, svc/NS/NAME:PORT, endpoints/NS/NAME:PORT, pod/NS/NAME:PORT, nodeport/NODE/NS/NAME:PORT lb/NS/NAME:PORT, port-forward/NS/POD:PORT or port-forward/svc/NS/NAME:PORT";

/** SRC of the command line and the send bar. */
export function parseSource(text: string, { store }: NameSpace): Parsed<Client> {
  const [kind, first, second, ...rest] = text.split("/");
  if (rest.length > 0) return bad(`"${text}" is not a source: use ${SOURCE_FORMS}`);
  if (kind === "pod" && first && second) {
    const pod = store.find("Pod", first, second);
    return pod ? podClient(pod) : bad(`pods "${second}" not found`);
  }
  if ((kind === "deploy" || kind === "deployment") && first && second) {
    const deployment = store.find("Deployment", first, second);
    if (!deployment) return bad(`deployments.apps "${second}" not found`);
    for (const pod of store.list("Pod")) {
      const own =
        pod.metadata.namespace === first &&
        matchesSelector(deployment.spec.selector, pod.metadata.labels ?? {});
      if (own && pod.status.podIP && !pod.metadata.deletionTimestamp) return podClient(pod);
    }
    return bad(`deployments.apps "${second}" has no running pod`);
  }
  if (kind === "node" && first && second === undefined) {
    return store.find("Node", "", first)
      ? machine(`node/${first}`)
      : bad(`nodes "${first}" not found`);
  }
  if (kind === "host" && first && second === undefined) {
    return store.find("Host", "", first)
      ? machine(`host/${first}`)
      : bad(`host "${first}" not found`);
  }
  return bad(`"${text}" is not a source: use ${SOURCE_FORMS}`);
}

function machine(netns: NetnsId): Parsed<Client> {
  return ok({ netns, resolver: netns });
}

function podClient(pod: Pod): Parsed<Client> {
  const { name, namespace } = pod.metadata;
  const resolver = `pod/${namespace}/${name}`;
  if (pod.spec.hostNetwork && pod.spec.nodeName)
    return ok({ netns: `node/${pod.spec.nodeName}`, resolver });
  return pod.status.podIP
    ? ok({ netns: resolver, resolver })
    : bad(`pod ${namespace}/${name} has no IP yet`);
}

/** DST of the command line and the send bar, as this client would come to it. */
export function parseDestination(text: string, client: Client, names: NameSpace): Parsed<Target> {
  const pinged = /^([^/]+)\/icmp$/.exec(text)?.[1];
  if (pinged !== undefined) return pingTarget(pinged, client, names);
  const match = /^(?<target>.+):(?<port>[^:/]+)(?:\/(?<protocol>tcp|udp|sctp))?$/i.exec(text);
  if (!match?.groups) return bad(`"${text}" is not a destination: use ${DESTINATION_FORMS}`);
  const { target = "", port = "" } = match.groups;
  const protocol = match.groups.protocol?.toLowerCase() as Protocol | undefined;
  const [kind, ...path] = target.split("/");
  if (path.length > 0) return namedTarget(kind ?? "", path, port, protocol, client, names, text);

  const number = parsePort(port);
  if (number === undefined) return bad(`"${port}" is not a port: use 1-65535`);
  const to = (ip: Ipv4): Destination => ({ ip, port: number, protocol: protocol ?? "tcp" });
  const ip = parseIpv4(target);
  if (ip !== undefined) return ok(to(ip));
  if (/^[\d.]+$/.test(target)) return bad(`"${target}" is not an IPv4 address`);
  const resolved = names.resolve(target, client);
  return (
    at(resolved, { port: number, protocol: protocol ?? "tcp" }) ??
    bad(`Could not resolve host: ${target}`)
  );
}

function namedTarget(
  kind: string,
  path: readonly string[],
  port: string,
  protocol: Protocol | undefined,
  client: Client,
  names: NameSpace,
  text: string,
): Parsed<Target> {
  const { store } = names;
  if (kind === "port-forward") return tunnelTarget(path, port, client.netns, store);
  if (kind === "pod" && path.length === 2) {
    const pod = store.find("Pod", path[0] ?? "", path[1] ?? "");
    if (!pod) return bad(`pods "${path[1]}" not found`);
    const ip = pod.status.podIP === undefined ? undefined : parseIpv4(pod.status.podIP);
    if (ip === undefined) return bad(`pod ${path.join("/")} has no IP yet`);
    const named = pod.spec.containers
      .flatMap(({ ports }) => ports ?? [])
      .find(({ name }) => name === port);
    const number = named?.containerPort ?? parsePort(port);
    if (number === undefined) return bad(`pod ${path.join("/")} has no port named "${port}"`);
    return ok({ ip, port: number, protocol: protocol ?? (named ? lower(named.protocol) : "tcp") });
  }
  const nodePort = kind === "nodeport" && path.length === 3;
  if (!nodePort && !(OF_SERVICES.has(kind) && path.length === 2)) {
    return bad(`"${text}" is not a destination: use ${DESTINATION_FORMS}`);
  }
  const [namespace = "", name = ""] = nodePort ? path.slice(1) : path;
  const service = store.find("Service", namespace, name);
  if (!service) return bad(`services "${name}" not found`);
  const found = findServicePort(service, port, protocol) ?? bareName(service, port, protocol);
  if (!found)
    return bad(`service ${namespace}/${name} has no port ${port}${protocol ? `/${protocol}` : ""}`);
  const to = (ip: Ipv4, number: number): Parsed<Destination> =>
    ok({ ip, port: number, protocol: lower(found.protocol) });
  if (nodePort) return nodePortTarget(service, found.nodePort, path[0] ?? "", client, store, to);
  if (kind === "endpoints") {
    const choices = endpointsOf(names.endpointView(client), service, found);
    const [first] = choices;
    if (!first) return bad(`endpoints ${namespace}/${name} have no ready address for port ${port}`);
    return ok({ ...first, choices, protocol: lower(found.protocol) });
  }
  if (kind === "lb") {
    const ip = names.loadBalancerIp(`${namespace}/${name}`);
    if (ip !== undefined) return to(ip, found.port);
    const why = names.whyPending(service);
    if (why !== undefined) {
      const explanation = `service ${namespace}/${name} has no load balancer, so that there is no address to ask: ${why}`;
      const nowhere = { reason: "LoadBalancerPending", explanation } as const;
      return ok({ nowhere, port: found.port, protocol: lower(found.protocol) });
    }
    const { type } = service.spec;
    return bad(`service ${namespace}/${name} is of type ${type}: it has no load balancer`);
  }
  const ip = service.spec.clusterIP === undefined ? undefined : parseIpv4(service.spec.clusterIP);
  if (ip !== undefined) return to(ip, found.port);
  // Only a name: headless or ExternalName. Nobody translates its port.
  const resolved = names.resolve(`${name}.${namespace}.svc.cluster.local.`, client);
  return (
    at(resolved, { port: found.port, protocol: lower(found.protocol) }) ??
    bad(`service ${namespace}/${name} has no address`)
  );
}

const OF_SERVICES: ReadonlySet<string> = new Set(["svc", "endpoints", "lb"]);

/** `HOST/icmp`. */
function pingTarget(host: string, client: Client, names: NameSpace): Parsed<Target> {
  const to = { port: 0, protocol: "icmp" } as const;
  const ip = parseIpv4(host);
  if (ip !== undefined) return ok({ ip, ...to });
  return at(names.resolve(host, client), to) ?? bad(`Could not resolve host: ${host}`);
}

/** The port behind a name; undefined where the name has no address. */
function at(
  resolved: Resolved,
  port: Pick<Destination, "port" | "protocol">,
): Parsed<Target> | undefined {
  if ("error" in resolved) return bad(resolved.error);
  if ("lookup" in resolved) return ok({ ...resolved, ...port });
  const { ips } = resolved;
  if (ips[0] === undefined) return undefined;
  return ok({ ip: ips[0], ...(ips.length > 1 && { ips }), ...port });
}

function nodePortTarget(
  service: Service,
  nodePort: number | undefined,
  node: string,
  client: Client,
  store: Store,
  at: (ip: Ipv4, port: number) => Parsed<Destination>,
): Parsed<Destination> {
  const { namespace, name } = service.metadata;
  if (nodePort === undefined)
    return bad(`service ${namespace}/${name} is of type ${service.spec.type}: it has no nodePort`);
  const found = store.find("Node", "", node);
  if (!found) return bad(`nodes "${node}" not found`);
  const host = client.netns.startsWith("host/")
    ? store.find("Host", "", client.netns.slice("host/".length))
    : undefined;
  const external = host?.spec.zone === "internet" ? nodeAddress(found, "ExternalIP") : undefined;
  const ip = parseIpv4(external ?? internalIp(found) ?? "");
  return ip === undefined ? bad(`node ${node} has no address`) : at(ip, nodePort);
}

function findServicePort(service: Service, port: string, protocol: Protocol | undefined) {
  const number = parsePort(port);
  const fits = (service.spec.ports ?? []).filter((candidate) =>
    number === undefined ? candidate.name === port : candidate.port === number,
  );
  return protocol === undefined
    ? fits[0]
    : fits.find((candidate) => lower(candidate.protocol) === protocol);
}

/** A Service without ports is a name for an address: any port of it can be asked for. */
function bareName(service: Service, port: string, protocol: Protocol | undefined) {
  const number = parsePort(port);
  if (number === undefined || service.spec.ports?.length) return undefined;
  const upper = (protocol ?? "tcp").toUpperCase() as "TCP" | "UDP" | "SCTP";
  return { port: number, protocol: upper, nodePort: undefined };
}

function parsePort(text: string): number | undefined {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port >= 1 && port <= 65_535 ? port : undefined;
}

function lower(protocol: "TCP" | "UDP" | "SCTP"): Protocol {
  return protocol.toLowerCase() as Protocol;
}
