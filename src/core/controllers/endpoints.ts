import { sameJson } from "../api/json";
import { sameLabels } from "../api/labels";
import type { EndpointAddress, Endpoints, Pod, Service, SlicePort } from "../api/types";
import { type Ipv4, parseIpv4 } from "../net/ipv4";
import type { ControlContext } from "./context";
import {
  findSelecting,
  HEADLESS_LABEL,
  podsOf,
  resolvePorts,
  syncEndpointSlices,
} from "./endpoint-slices";
import { newMeta } from "./objects";
import { isFinished, isPodReady, isTerminating } from "./pod-facts";
import { portsKey } from "./slice-packing";
import type { ControllerState } from "./state";

/** Source: endpoints controller, maxCapacity. */
const MAX_ADDRESSES = 1_000;
/** Source: api/discovery/v1, LabelSkipMirror. */
export const SKIP_MIRROR_LABEL = "endpointslice.kubernetes.io/skip-mirror";
const OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

type Subset = NonNullable<Endpoints["subsets"]>[number];

/** Both views of a Service's endpoints.
 *  Simplified: one event for the two controllers, so the older view is never ahead or behind. */
export function syncServiceEndpoints(
  ctx: ControlContext,
  state: ControllerState,
  key: string,
): void {
  const service = findSelecting(ctx, key);
  if (service) {
    const pods = podsOf(ctx, state, service);
    syncEndpointSlices(ctx, state, service, pods);
    syncEndpoints(ctx, service, pods);
    return;
  }
  if (key === "default/kubernetes" && syncApiServer(ctx)) return;
  const [namespace = "", name = ""] = key.split("/");
  // Endpoints have no owner reference: their controller takes them down with the Service.
  if (!ctx.store.find("Service", namespace, name)) ctx.store.remove("Endpoints", namespace, name);
}

/** The API server writes both views of its own Service; here the slice is given and the older view follows it.
 *  Source: kubernetes pkg/controlplane/reconcilers. */
function syncApiServer(ctx: ControlContext): boolean {
  const own = ["default", "kubernetes"] as const;
  const slice = ctx.store.find("EndpointSlice", ...own);
  if (!slice || !ctx.store.find("Service", ...own)) return false;
  if (ctx.store.find("Endpoints", ...own)) return true;
  const ports = slice.ports.map(({ name, port = 0, protocol = "TCP" }) => ({
    ...(name && { name }),
    port,
    protocol,
  }));
  const addresses = slice.endpoints.flatMap((one) => one.addresses.map((ip) => ({ ip })));
  const [namespace, name] = own;
  const labels = { [SKIP_MIRROR_LABEL]: "true" };
  ctx.store.put<Endpoints>({
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: newMeta(ctx, { kind: "Endpoints", namespace, name, labels }),
    subsets: [{ addresses, ports }],
  });
  return true;
}

function syncEndpoints(ctx: ControlContext, service: Service, pods: readonly Pod[]): void {
  const { namespace, name } = service.metadata;
  const existing = ctx.store.find("Endpoints", namespace, name);
  const { subsets, truncated } = subsetsOf(service, pods);
  const labels = {
    ...service.metadata.labels,
    ...(service.spec.clusterIP === "None" && { [HEADLESS_LABEL]: "" }),
  };
  const unchanged =
    existing &&
    sameSubsets(existing.subsets ?? [], subsets) &&
    sameLabels(existing.metadata.labels ?? {}, labels);
  if (unchanged) return;
  const metadata = existing?.metadata ?? newMeta(ctx, { kind: "Endpoints", namespace, name });
  const { [OVER_CAPACITY]: _, ...annotations } = metadata.annotations ?? {};
  ctx.store.put<Endpoints>({
    ...(existing ?? { apiVersion: "v1", kind: "Endpoints" }),
    metadata: {
      ...metadata,
      labels,
      annotations: truncated ? { ...annotations, [OVER_CAPACITY]: "truncated" } : annotations,
    },
    subsets,
  });
}

/** Addresses grouped by the ports they share. */
function subsetsOf(
  service: Service,
  pods: readonly Pod[],
): { readonly subsets: readonly Subset[]; readonly truncated: boolean } {
  const groups = new Map<string, Group>();
  let total = 0;
  for (const pod of pods) {
    if (isFinished(pod) || isTerminating(pod) || !pod.status.podIP) continue;
    const ports = resolvePorts(service, pod);
    if (ports.length === 0 && (service.spec.ports ?? []).length > 0) continue;
    if (++total > MAX_ADDRESSES) continue;
    const key = portsKey(ports);
    let group = groups.get(key);
    if (!group) {
      group = { ports, ready: [], notReady: [] };
      groups.set(key, group);
    }
    const ready = isPodReady(pod) || service.spec.publishNotReadyAddresses === true;
    (ready ? group.ready : group.notReady).push(placeOf(service, pod));
  }
  const subsets = [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, group]) => toSubset(group));
  return { subsets, truncated: total > MAX_ADDRESSES };
}

/** An address with the number it is sorted by. */
interface Place {
  readonly ip: Ipv4;
  readonly address: EndpointAddress;
}

interface Group {
  readonly ports: readonly SlicePort[];
  readonly ready: Place[];
  readonly notReady: Place[];
}

const byIp = (a: Place, b: Place) => a.ip - b.ip;
const addressIn = ({ address }: Place) => address;

function toSubset(group: Group): Subset {
  const ports = group.ports.map(({ name, port = 0, protocol = "TCP" }) => ({
    ...(name && { name }),
    port,
    protocol,
  }));
  return {
    ...(group.ready.length > 0 && { addresses: group.ready.sort(byIp).map(addressIn) }),
    ...(group.notReady.length > 0 && {
      notReadyAddresses: group.notReady.sort(byIp).map(addressIn),
    }),
    ...(ports.length > 0 && { ports }),
  };
}

/** Of pods without a hostname: the same for every Service. */
const places = new WeakMap<Pod, Place>();

function placeOf(service: Service, pod: Pod): Place {
  const known = places.get(pod);
  if (known) return known;
  const place = { ip: parseIpv4(pod.status.podIP ?? "") ?? 0, address: addressOf(service, pod) };
  if (!pod.spec.hostname) places.set(pod, place);
  return place;
}

function sameSubsets(before: readonly Subset[], after: readonly Subset[]): boolean {
  return before.length === after.length && before.every((one, i) => sameSubset(one, after[i]));
}

function sameSubset(a: Subset, b: Subset | undefined): boolean {
  return (
    b !== undefined &&
    sameAddresses(a.addresses, b.addresses) &&
    sameAddresses(a.notReadyAddresses, b.notReadyAddresses) &&
    sameJson(a.ports, b.ports)
  );
}

function sameAddresses(
  before: readonly EndpointAddress[] | undefined,
  after: readonly EndpointAddress[] | undefined,
): boolean {
  if (!before || !after) return before === after;
  return before.length === after.length && before.every((one, i) => sameJson(one, after[i]));
}

function addressOf(service: Service, pod: Pod): EndpointAddress {
  const { namespace, name, uid } = pod.metadata;
  const named = pod.spec.hostname && pod.spec.subdomain === service.metadata.name;
  return {
    ip: pod.status.podIP ?? "",
    ...(named && { hostname: pod.spec.hostname }),
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    targetRef: { kind: "Pod", namespace, name, uid },
  };
}
