import type { EndpointSlice, SliceEndpoint } from "../api/types";
import { type Ipv4, parseIpv4 } from "../net/ipv4";
import { isForeign, type ProxiedPort } from "./service-ports";

/** An address and port behind a service port. */
export interface Endpoint {
  /** `ip:port`. */
  readonly text: string;
  readonly ip: Ipv4;
  readonly port: number;
  readonly nodeName?: string;
  readonly ready: boolean;
  readonly serving: boolean;
  readonly terminating: boolean;
  readonly zoneHints: readonly string[];
  readonly nodeHints: readonly string[];
}

/** What all slices say about one service port, the same for every node; sorted by `ip:port` as text. */
export interface EndpointSet {
  readonly endpoints: readonly Endpoint[];
  /** The same `ip:port` seen again: a sighting on a node wins on that node. By node name, then by text. */
  readonly sightings?: ReadonlyMap<string, ReadonlyMap<string, Endpoint>>;
  /** Every ready endpoint has node (zone) hints. */
  readonly nodeHinted: boolean;
  readonly zoneHinted: boolean;
  /** Some endpoint anywhere is ready, or serves while it terminates. */
  readonly usable: boolean;
}

/** The endpoints one node uses for a service port. */
export interface ChosenEndpoints {
  readonly cluster: readonly Endpoint[];
  readonly local: readonly Endpoint[];
}

export function collectEndpoints(port: ProxiedPort, slices: readonly EndpointSlice[]): EndpointSet {
  const byText = new Map<string, Endpoint>();
  let sightings: Map<string, Map<string, Endpoint>> | undefined;
  const add = (endpoint: Endpoint) => {
    if (!byText.has(endpoint.text)) {
      byText.set(endpoint.text, endpoint);
    } else if (endpoint.nodeName !== undefined) {
      sightings ??= new Map();
      const onNode = sightings.get(endpoint.nodeName) ?? new Map<string, Endpoint>();
      sightings.set(endpoint.nodeName, onNode.set(endpoint.text, endpoint));
    }
  };
  for (const slice of slices) readSlice(port, slice, add);
  const endpoints = [...byText.values()].sort((a, b) => (a.text < b.text ? -1 : 1));
  const ready = endpoints.filter((endpoint) => endpoint.ready);
  return {
    endpoints,
    ...(sightings && { sightings }),
    nodeHinted: ready.length > 0 && ready.every((endpoint) => endpoint.nodeHints.length > 0),
    zoneHinted: ready.length > 0 && ready.every((endpoint) => endpoint.zoneHints.length > 0),
    usable: endpoints.some((endpoint) => endpoint.ready || servesWhileTerminating(endpoint)),
  };
}

/** Slices exported from a cluster have `null` where a list is empty. */
function readSlice(
  port: ProxiedPort,
  slice: EndpointSlice,
  add: (endpoint: Endpoint) => void,
): void {
  if (slice.addressType !== "IPv4" || isForeign(slice)) return;
  for (const slicePort of slice.ports ?? []) {
    const protocol = (slicePort.protocol ?? "TCP").toLowerCase();
    if ((slicePort.name ?? "") !== port.portName || protocol !== port.protocol || !slicePort.port)
      continue;
    for (const one of slice.endpoints ?? []) {
      const endpoint = knownEndpoint(one, slicePort.port) ?? readEndpoint(one, slicePort.port);
      if (endpoint) add(endpoint);
    }
  }
}

const NO_HINTS: readonly string[] = [];

/** As they were last read: most endpoints of a slice stay when one of them changes. */
const lastRead = new WeakMap<SliceEndpoint, Endpoint>();

function knownEndpoint(endpoint: SliceEndpoint, port: number): Endpoint | undefined {
  const known = lastRead.get(endpoint);
  return known?.port === port ? known : undefined;
}

/** Undefined where the address is none. */
function readEndpoint(endpoint: SliceEndpoint, port: number): Endpoint | undefined {
  const ip = parseIpv4(endpoint.addresses[0] ?? "");
  if (ip === undefined) return undefined;
  const { conditions, nodeName, hints } = endpoint;
  const read: Endpoint = {
    text: `${endpoint.addresses[0]}:${port}`,
    ip,
    port,
    ...(nodeName !== undefined && { nodeName }),
    ready: conditions?.ready ?? true,
    serving: conditions?.serving ?? true,
    terminating: conditions?.terminating ?? false,
    zoneHints: hints?.forZones?.map(({ name }) => name) ?? NO_HINTS,
    nodeHints: hints?.forNodes?.map(({ name }) => name) ?? NO_HINTS,
  };
  lastRead.set(endpoint, read);
  return read;
}

function servesWhileTerminating(endpoint: Endpoint): boolean {
  return endpoint.serving && endpoint.terminating;
}

/** The endpoints as a node sees them: its own sightings win. */
function seenFrom(set: EndpointSet, nodeName: string): readonly Endpoint[] {
  const own = set.sightings?.get(nodeName);
  return own ? set.endpoints.map((endpoint) => own.get(endpoint.text) ?? endpoint) : set.endpoints;
}

export function chooseEndpoints(
  port: ProxiedPort,
  set: EndpointSet,
  node: { readonly name: string; readonly zone: string },
): ChosenEndpoints {
  const all = seenFrom(set, node.name);
  return {
    cluster: port.usesCluster ? chooseCluster(all, node) : [],
    local: port.usesLocal ? chooseLocal(all, node.name) : [],
  };
}

function chooseCluster(
  all: readonly Endpoint[],
  node: { readonly name: string; readonly zone: string },
): readonly Endpoint[] {
  const ready = all.filter((endpoint) => endpoint.ready);
  if (ready.length === 0) return all.filter(servesWhileTerminating);
  return (
    narrow(ready, (endpoint) => endpoint.nodeHints, node.name) ??
    narrow(ready, (endpoint) => endpoint.zoneHints, node.zone) ??
    ready
  );
}

/** Those whose hints name this place, when all have hints and at least one names it. */
function narrow(
  ready: readonly Endpoint[],
  hintsOf: (endpoint: Endpoint) => readonly string[],
  here: string,
): readonly Endpoint[] | undefined {
  if (here === "" || ready.some((endpoint) => hintsOf(endpoint).length === 0)) return undefined;
  const near = ready.filter((endpoint) => hintsOf(endpoint).includes(here));
  return near.length > 0 ? near : undefined;
}

function chooseLocal(all: readonly Endpoint[], nodeName: string): readonly Endpoint[] {
  const local = all.filter((endpoint) => endpoint.nodeName === nodeName);
  const ready = local.filter((endpoint) => endpoint.ready);
  return ready.length > 0 ? ready : local.filter(servesWhileTerminating);
}

/** What of a node matters to its choice: nodes with the same text choose the same endpoints. */
export function choiceKey(
  port: ProxiedPort,
  set: EndpointSet,
  node: { readonly name: string; readonly zone: string },
): string {
  const isOn = (endpoint: Endpoint) => endpoint.nodeName === node.name;
  const isSpecial =
    set.sightings?.has(node.name) ||
    (port.usesCluster && set.nodeHinted) ||
    (port.usesLocal && set.endpoints.some(isOn));
  if (isSpecial) return `${node.name} ${node.zone}`;
  return port.usesCluster && set.zoneHinted ? `* ${node.zone}` : "*";
}
