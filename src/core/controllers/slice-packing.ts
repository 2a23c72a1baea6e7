import type { EndpointSlice, SliceEndpoint, SlicePort } from "../api/types";

/** Source: kube-controller-manager --max-endpoints-per-slice. */
export const MAX_ENDPOINTS_PER_SLICE = 100;

export interface SliceContent {
  readonly ports: readonly SlicePort[];
  readonly endpoints: readonly SliceEndpoint[];
}

export interface SlicePlan {
  readonly updated: readonly { readonly slice: EndpointSlice; readonly content: SliceContent }[];
  readonly created: readonly SliceContent[];
  readonly unchanged: readonly EndpointSlice[];
  readonly removed: readonly EndpointSlice[];
}

/** The fewest writes that make the slices say what is wanted (by portsKey): endpoints stay in the slice they are
 *  in, new ones fill its room, a slice that would go gives its name to one that would come, and an empty
 *  placeholder stands in when there is nothing. Source: endpointslice reconciler. */
export function packSlices(
  existing: readonly EndpointSlice[],
  wanted: ReadonlyMap<string, SliceContent>,
): SlicePlan {
  const updated: { slice: EndpointSlice; content: SliceContent }[] = [];
  const created: SliceContent[] = [];
  const unchanged: EndpointSlice[] = [];
  const removed: EndpointSlice[] = [];
  const byPorts = new Map<string, EndpointSlice[]>();
  for (const slice of existing) {
    const key = portsKey(slice.ports);
    const others = byPorts.get(key);
    if (others) others.push(slice);
    else byPorts.set(key, [slice]);
  }
  const targets = wanted.size > 0 ? wanted : new Map([["", { ports: [], endpoints: [] }]]);
  for (const [key, { ports, endpoints }] of targets) {
    const left = new Map<string, SliceEndpoint>();
    for (const endpoint of endpoints) left.set(endpointKey(endpoint), endpoint);
    const slices = byPorts.get(key) ?? [];
    byPorts.delete(key);
    const kept = slices.map((slice) => takeOwn(slice, left));
    const rest = [...left.values()];
    slices.forEach((slice, index) => {
      const own = kept[index] ?? [];
      const content = {
        ports,
        endpoints: [...own, ...rest.splice(0, MAX_ENDPOINTS_PER_SLICE - own.length)],
      };
      const needless = content.endpoints.length === 0 && (endpoints.length > 0 || index > 0);
      if (needless) removed.push(slice);
      else if (sameEndpoints(slice.endpoints, content.endpoints)) unchanged.push(slice);
      else updated.push({ slice, content });
    });
    while (rest.length > 0)
      created.push({ ports, endpoints: rest.splice(0, MAX_ENDPOINTS_PER_SLICE) });
    if (endpoints.length === 0 && slices.length === 0) created.push({ ports, endpoints: [] });
  }
  for (const slices of byPorts.values()) removed.push(...slices);
  while (created.length > 0 && removed.length > 0) {
    const slice = removed.shift();
    const content = created.shift();
    if (slice && content) updated.push({ slice, content });
  }
  return { updated, created, unchanged, removed };
}

const portsKeys = new WeakMap<readonly SlicePort[], string>();

/** What makes two sets of ports the same. */
export function portsKey(ports: readonly SlicePort[]): string {
  let key = portsKeys.get(ports);
  if (key === undefined) {
    key = formatPorts(ports);
    portsKeys.set(ports, key);
  }
  return key;
}

function formatPorts(ports: readonly SlicePort[]): string {
  return ports
    .map(
      ({ name = "", protocol, port, appProtocol = "" }) =>
        `${name}/${protocol}/${port}/${appProtocol}`,
    )
    .sort()
    .join(" ");
}

function takeOwn(slice: EndpointSlice, left: Map<string, SliceEndpoint>): SliceEndpoint[] {
  const own: SliceEndpoint[] = [];
  for (const endpoint of slice.endpoints) {
    const key = endpointKey(endpoint);
    const next = left.get(key);
    if (!next) continue;
    own.push(next);
    left.delete(key);
  }
  return own;
}

const endpointKeys = new WeakMap<SliceEndpoint, string>();

function endpointKey(endpoint: SliceEndpoint): string {
  let key = endpointKeys.get(endpoint);
  if (key === undefined) {
    key = `${endpoint.targetRef?.uid ?? ""} ${endpoint.addresses[0] ?? ""}`;
    endpointKeys.set(endpoint, key);
  }
  return key;
}

function sameEndpoints(before: readonly SliceEndpoint[], after: readonly SliceEndpoint[]): boolean {
  return (
    before.length === after.length &&
    before.every((endpoint, index) => sameEndpoint(endpoint, after[index]))
  );
}

function sameEndpoint(a: SliceEndpoint, b: SliceEndpoint | undefined): boolean {
  if (a === b) return true;
  return (
    b !== undefined &&
    a.addresses.join() === b.addresses.join() &&
    a.conditions?.ready === b.conditions?.ready &&
    a.conditions?.serving === b.conditions?.serving &&
    a.conditions?.terminating === b.conditions?.terminating &&
    a.hostname === b.hostname &&
    a.nodeName === b.nodeName &&
    a.zone === b.zone &&
    hintedZones(a) === hintedZones(b) &&
    a.targetRef?.name === b.targetRef?.name &&
    a.targetRef?.uid === b.targetRef?.uid
  );
}

function hintedZones({ hints }: SliceEndpoint): string {
  return (hints?.forZones ?? []).map(({ name }) => name).join();
}
