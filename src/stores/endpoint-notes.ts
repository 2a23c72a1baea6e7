import type { EndpointSlice, Pod, Service, SliceEndpoint } from "../core/api/types";
import { contains, parseCidr } from "../core/net/cidr";
import { parseIpv4 } from "../core/net/ipv4";
import { fabricOf, type MirrorRecords, objectsOf } from "./mirror";

/** That a tracked connection leads to somebody whom new connections do not reach any more. */
export interface EndpointNote {
  readonly state: "gone" | "no endpoint" | "terminating" | "not ready";
  readonly text: string;
}

/** What the cluster, as it is at the moment that is shown, says of a line of `conntrack -L`. Undefined: nothing is wrong
 *  with where it leads. */
export function endpointNoteOf(line: string, records: MirrorRecords): EndpointNote | undefined {
  const entry = readEntry(line);
  if (!entry) return undefined;
  const { protocol, asked, answering, ip } = entry;
  const front = findFront(frontsOf(records), protocol, asked);
  const isGone = isPodAddress(ip, records) && !podAddresses(records).has(ip);
  if (!front || asked === answering) {
    return isGone ? { state: "gone", text: `no pod has ${ip} any more` } : undefined;
  }
  const endpoint = front.endpoints.get(answering);
  const fate = fateOf(protocol, front, endpoint);
  if (endpoint === undefined) {
    const what = `${answering} is no endpoint of ${front.label} any more`;
    const who = isGone ? `, and no pod has ${ip} any more` : "";
    return { state: isGone ? "gone" : "no endpoint", text: `${what}${who}: ${fate}` };
  }
  const { state } = endpoint;
  return state === "ready"
    ? undefined
    : { state, text: `${answering} is ${state}: ${newConnectionsOf(front)}, ${fate}` };
}

/** Where kube-proxy sends new connections, traffic policies aside. */
function newConnectionsOf({ endpoints }: Front): string {
  const all = [...endpoints.values()];
  if (all.some(({ state }) => state === "ready")) return "new connections go elsewhere";
  return all.some(({ isServing }) => isServing)
    ? "as none is ready, new connections go to those that terminate but still serve"
    : "new connections find no endpoint";
}

/** What kube-proxy does with an entry: it looks after UDP alone, and only where a Service has serving endpoints. */
function fateOf(protocol: Protocol, front: Front, endpoint: Endpoint | undefined): string {
  if (protocol === "tcp") return "the connection keeps its entry";
  if (protocol === "sctp") return "the association keeps its entry";
  if (endpoint?.isServing) return "the entry stays";
  return [...front.endpoints.values()].some(({ isServing }) => isServing)
    ? "kube-proxy deletes such an entry when it syncs"
    : "kube-proxy deletes no entry of a Service that has no serving endpoint";
}

type Protocol = "tcp" | "udp" | "sctp";

interface Entry {
  readonly protocol: Protocol;
  /** `ip:port` that the client dialled, and that the answers come from. */
  readonly asked: string;
  readonly answering: string;
  readonly ip: string;
}

function readEntry(line: string): Entry | undefined {
  const protocol = /^(tcp|udp|sctp)\s/.exec(line)?.[1];
  const [original, reply] = [...line.matchAll(/src=(\S+) dst=(\S+) sport=(\d+) dport=(\d+)/g)];
  if (!protocol || !original || !reply) return undefined;
  return {
    protocol: protocol as Protocol,
    asked: `${original[2]}:${original[4]}`,
    answering: `${reply[1]}:${reply[3]}`,
    ip: reply[1] ?? "",
  };
}

interface Endpoint {
  readonly state: "ready" | "terminating" | "not ready";
  readonly isServing: boolean;
}

interface Front {
  /** `namespace/name`, with the port's name where it has one. */
  readonly label: string;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
}

type Fronts = ReadonlyMap<string, Front>;

function findFront(fronts: Fronts, protocol: Protocol, asked: string): Front | undefined {
  const port = asked.slice(asked.lastIndexOf(":") + 1);
  return fronts.get(`${protocol} ${asked}`) ?? fronts.get(`${protocol} *:${port}`);
}

let known: { services: unknown; slices: unknown; fronts: Fronts } | undefined;

/** Where Services are reached: by `protocol ip:port`, and `protocol *:nodePort`. */
function frontsOf(records: MirrorRecords): Fronts {
  const services = objectsOf(records, "Service");
  const slices = objectsOf(records, "EndpointSlice");
  if (known?.services === services && known.slices === slices) return known.fronts;
  const fronts = new Map<string, Front>();
  for (const service of services) {
    const own = slices.filter((slice) => isOf(slice, service));
    for (const port of service.spec.ports ?? []) {
      const { namespace, name } = service.metadata;
      const label = `${namespace}/${name}${port.name ? `:${port.name}` : ""}`;
      const endpoints = endpointsOf(own, port.name ?? "", port.protocol);
      const front: Front = { label, endpoints };
      const protocol = port.protocol.toLowerCase();
      for (const ip of addressesOf(service)) fronts.set(`${protocol} ${ip}:${port.port}`, front);
      if (port.nodePort) fronts.set(`${protocol} *:${port.nodePort}`, front);
    }
  }
  known = { services, slices, fronts };
  return fronts;
}

function addressesOf({ spec, status }: Service): readonly string[] {
  const ingress = (status.loadBalancer.ingress ?? []).flatMap(({ ip }) => (ip ? [ip] : []));
  return [spec.clusterIP ?? "", ...(spec.externalIPs ?? []), ...ingress].filter(
    (ip) => ip !== "" && ip !== "None",
  );
}

function isOf({ metadata }: EndpointSlice, { metadata: service }: Service): boolean {
  return (
    metadata.namespace === service.namespace &&
    metadata.labels?.["kubernetes.io/service-name"] === service.name
  );
}

function endpointsOf(
  slices: readonly EndpointSlice[],
  portName: string,
  protocol: string,
): ReadonlyMap<string, Endpoint> {
  const endpoints = new Map<string, Endpoint>();
  for (const { ports, endpoints: listed } of slices) {
    const port = ports.find(
      (one) => (one.name ?? "") === portName && (one.protocol ?? "TCP") === protocol,
    )?.port;
    if (port === undefined) continue;
    for (const endpoint of listed)
      endpoints.set(`${endpoint.addresses[0]}:${port}`, readEndpoint(endpoint));
  }
  return endpoints;
}

/** A condition that nobody has set counts as true, but for `terminating`. */
function readEndpoint({ conditions }: SliceEndpoint): Endpoint {
  const isReady = conditions?.ready !== false;
  const isServing = conditions?.serving ?? isReady;
  if (conditions?.terminating) return { state: "terminating", isServing };
  return { state: isReady ? "ready" : "not ready", isServing };
}

let knownPods: { pods: readonly Pod[]; ips: ReadonlySet<string> } | undefined;

function podAddresses(records: MirrorRecords): ReadonlySet<string> {
  const pods = objectsOf(records, "Pod");
  if (knownPods?.pods !== pods) {
    const ips = pods.flatMap(({ status }) => (status.podIP ? [status.podIP] : []));
    knownPods = { pods, ips: new Set(ips) };
  }
  return knownPods.ips;
}

function isPodAddress(ip: string, records: MirrorRecords): boolean {
  const range = parseCidr(fabricOf(records)?.clusterCIDR ?? "");
  const address = parseIpv4(ip);
  return range !== undefined && address !== undefined && contains(range, address);
}
