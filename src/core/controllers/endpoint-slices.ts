import { matchesLabels, sameLabels } from "../api/labels";
import type {
  EndpointSlice,
  Pod,
  Service,
  ServicePort,
  SliceEndpoint,
  SlicePort,
} from "../api/types";
import { objectKey } from "../api/types";
import { narrowestBucket } from "./buckets";
import type { ControlContext } from "./context";
import { SERVICE_NAME_LABEL, wholeNamespace } from "./indexing";
import { findAll, findByShortKey, generateName, newMeta, ownerReference } from "./objects";
import { isFinished, isPodReady, isTerminating } from "./pod-facts";
import { packSlices, portsKey, type SliceContent } from "./slice-packing";
import type { ControllerState } from "./state";

export const MANAGED_BY_LABEL = "endpointslice.kubernetes.io/managed-by";
export const SLICE_CONTROLLER = "endpointslice-controller.k8s.io";
export const HEADLESS_LABEL = "service.kubernetes.io/headless";
const ZONE_LABEL = "topology.kubernetes.io/zone";
/** With it, hints are the topology cache's business. Source: endpointslice reconciler, hintsEnabled. */
const TOPOLOGY_MODE = "service.kubernetes.io/topology-mode";

/** Writes a Service's EndpointSlices from the `pods` that its selector finds. */
export function syncEndpointSlices(
  ctx: ControlContext,
  state: ControllerState,
  service: Service,
  pods: readonly Pod[],
): void {
  const existing = findAll(
    ctx.store,
    "EndpointSlice",
    state.slicesByService.keys(`${service.metadata.namespace}/${service.metadata.name}`),
  ).filter((slice) => slice.metadata.labels?.[MANAGED_BY_LABEL] === SLICE_CONTROLLER);
  const wanted = wantedSlices(ctx, service, pods);
  const plan = packSlices(existing, wanted);
  for (const { slice, content } of plan.updated) {
    write(ctx, state, { ...slice, ...content, metadata: withLabels(slice, service) });
  }
  for (const content of plan.created) createSlice(ctx, state, service, content);
  for (const slice of plan.unchanged) {
    const metadata = withLabels(slice, service);
    if (metadata !== slice.metadata) write(ctx, state, { ...slice, metadata });
  }
  for (const slice of plan.removed) {
    const { metadata } = slice;
    state.slicesWritten.delete(objectKey(slice));
    ctx.store.remove("EndpointSlice", metadata.namespace, metadata.name);
  }
}

/** Pods that a Service's selector finds, whatever their state. */
export function podsOf(ctx: ControlContext, state: ControllerState, service: Service): Pod[] {
  const { namespace } = service.metadata;
  const { selector } = service.spec;
  const bucket = narrowestBucket(namespace, selector) ?? wholeNamespace(namespace);
  return findAll(ctx.store, "Pod", state.podsByLabel.keys(bucket)).filter((pod) =>
    matchesLabels(selector, pod.metadata.labels),
  );
}

/** Endpoints by the ports they resolve to: named targetPorts may differ from pod to pod. */
function wantedSlices(
  ctx: ControlContext,
  service: Service,
  pods: readonly Pod[],
): ReadonlyMap<string, SliceContent> {
  const groups = new Map<string, { ports: readonly SlicePort[]; endpoints: SliceEndpoint[] }>();
  for (const pod of pods) {
    if (isFinished(pod) || !pod.status.podIP) continue;
    const node = ctx.store.find("Node", "", pod.spec.nodeName ?? "");
    // A pod whose node is gone is left out. Source: endpointslice reconciler.
    if (!node) continue;
    const ports = resolvePorts(service, pod);
    if (ports.length === 0 && (service.spec.ports ?? []).length > 0) continue;
    const key = portsKey(ports);
    let group = groups.get(key);
    if (!group) {
      group = { ports, endpoints: [] };
      groups.set(key, group);
    }
    group.endpoints.push(endpointOf(service, pod, node.metadata.labels?.[ZONE_LABEL]));
  }
  return groups;
}

const sameForAllPods = new WeakMap<Service["spec"], readonly SlicePort[]>();

/** The Service's ports as this pod serves them; a name that no container declares is left out. */
export function resolvePorts(service: Service, pod: Pod): readonly SlicePort[] {
  const { spec } = service;
  const known = sameForAllPods.get(spec);
  if (known) return known;
  const ports = resolveEachPort(service, pod);
  if (spec.ports?.every(({ targetPort }) => typeof targetPort === "number"))
    sameForAllPods.set(spec, ports);
  return ports;
}

function resolveEachPort(service: Service, pod: Pod): readonly SlicePort[] {
  const ports: SlicePort[] = [];
  for (const servicePort of service.spec.ports ?? []) {
    const port = resolveTargetPort(servicePort, pod);
    if (port === undefined) continue;
    const { name = "", protocol, appProtocol } = servicePort;
    ports.push({ name, protocol, port, ...(appProtocol && { appProtocol }) });
  }
  return ports;
}

function resolveTargetPort({ targetPort, protocol }: ServicePort, pod: Pod): number | undefined {
  if (typeof targetPort === "number") return targetPort;
  for (const container of pod.spec.containers) {
    for (const port of container.ports ?? []) {
      if (port.name === targetPort && port.protocol === protocol) return port.containerPort;
    }
  }
  return undefined;
}

const commonEndpoints = new WeakMap<Pod, SliceEndpoint>();

function endpointOf(service: Service, pod: Pod, zone: string | undefined): SliceEndpoint {
  const { publishNotReadyAddresses, trafficDistribution } = service.spec;
  if (publishNotReadyAddresses || trafficDistribution || pod.spec.hostname)
    return readEndpoint(service, pod, zone);
  const known = commonEndpoints.get(pod);
  if (known && known.zone === (zone || undefined)) return known;
  const endpoint = readEndpoint(service, pod, zone);
  commonEndpoints.set(pod, endpoint);
  return endpoint;
}

function readEndpoint(service: Service, pod: Pod, zone: string | undefined): SliceEndpoint {
  const { namespace, name, uid } = pod.metadata;
  const serving = isPodReady(pod);
  const terminating = isTerminating(pod);
  const ready = service.spec.publishNotReadyAddresses === true || (serving && !terminating);
  const named = pod.spec.hostname && pod.spec.subdomain === service.metadata.name;
  return {
    addresses: [pod.status.podIP ?? ""],
    conditions: { ready, serving, terminating },
    ...(named && { hostname: pod.spec.hostname }),
    ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
    ...(zone && { zone }),
    ...(zone && ready && prefersZone(service) && { hints: { forZones: [{ name: zone }] } }),
    targetRef: { kind: "Pod", namespace, name, uid },
  };
}

/** Each ready endpoint is for its own zone. Source: endpointslice/trafficdist, preferCloseHeuristic.
 *  Simplified: no hints by topology-mode Auto. */
function prefersZone({ spec, metadata }: Service): boolean {
  return (
    spec.trafficDistribution === "PreferClose" &&
    !Object.hasOwn(metadata.annotations ?? {}, TOPOLOGY_MODE)
  );
}

/** The Service's labels go onto its slices, beside the controller's own. */
function sliceLabels(service: Service): Readonly<Record<string, string>> {
  return {
    ...service.metadata.labels,
    [SERVICE_NAME_LABEL]: service.metadata.name,
    [MANAGED_BY_LABEL]: SLICE_CONTROLLER,
    ...(service.spec.clusterIP === "None" && { [HEADLESS_LABEL]: "" }),
  };
}

function withLabels(slice: EndpointSlice, service: Service): EndpointSlice["metadata"] {
  const labels = sliceLabels(service);
  return sameLabels(slice.metadata.labels ?? {}, labels)
    ? slice.metadata
    : { ...slice.metadata, labels };
}

function write(ctx: ControlContext, state: ControllerState, slice: EndpointSlice): void {
  const { resourceVersion } = ctx.store.put(slice).metadata;
  state.slicesWritten.set(objectKey(slice), resourceVersion);
}

function createSlice(
  ctx: ControlContext,
  state: ControllerState,
  service: Service,
  content: SliceContent,
): void {
  const { namespace, name } = service.metadata;
  const base = `${name}-`;
  const metadata = newMeta(ctx, {
    kind: "EndpointSlice",
    namespace,
    name: generateName(ctx, "EndpointSlice", namespace, base),
    generateName: base,
    labels: sliceLabels(service),
  });
  write(ctx, state, {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      ...metadata,
      generation: 1,
      ownerReferences: [{ ...ownerReference(service), ...{ blockOwnerDeletion: true } }],
    },
    addressType: "IPv4",
    ...content,
  });
}

/** Whether the endpoint controllers fill in this Service's endpoints. */
export function isSelecting(service: Service): boolean {
  return (
    service.spec.type !== "ExternalName" && Object.keys(service.spec.selector ?? {}).length > 0
  );
}

/** The Service behind a key, if its endpoints are the controllers' business. */
export function findSelecting(ctx: ControlContext, key: string): Service | undefined {
  const service = findByShortKey(ctx.store, "Service", key);
  return service && isSelecting(service) ? service : undefined;
}
