import { matchesLabels, matchesSelector, sameLabels } from "../api/labels";
import type { StoreChange } from "../api/store";
import type { EndpointSlice, Node, Pod, ReplicaSet, Service } from "../api/types";
import { objectKey } from "../api/types";
import { MS, SECOND } from "../sim/time";
import { awaitHealthChecks, wakeLoadBalancersOf } from "./cloud/service-controller";
import type { ControlContext } from "./context";
import { ownAnnotations } from "./deployment";
import { MANAGED_BY_LABEL, SLICE_CONTROLLER } from "./endpoint-slices";
import { enqueue } from "./events";
import { labelBuckets, SERVICE_NAME_LABEL, updateIndexes } from "./indexing";
import { milestoneOf } from "./milestones";
import { forgetNode } from "./node-lifecycle";
import { findAll, findOwner, shortKey } from "./objects";
import { controllerRef, isPodReady, isTerminating } from "./pod-facts";
import type { ControllerState } from "./state";

/** Source: endpointslice controller, endpointSliceChangeMinSyncDelay. */
const SLICE_CHANGE_SYNC_DELAY_US = 1 * SECOND;

const GARBAGE_COLLECTION_DELAY_US = 50 * MS;

/** Notes what a change touches and schedules the controllers that care. Reconciles nothing itself. */
export function wakeControllers(
  ctx: ControlContext,
  state: ControllerState,
  change: StoreChange,
): void {
  updateIndexes(state, change);
  const milestone = milestoneOf(change);
  if (milestone) ctx.mark(milestone);
  const { object, previous, type } = change;
  if (type === "DELETED") afterDelete(ctx, state, change);
  if (object.kind === "Event" || object.kind === "Host") return;
  if (object.kind === "SecurityGroup") {
    if (attachesOtherwise(change)) wakeLoadBalancersOf(ctx, state);
    return;
  }
  const key = shortKey(object);
  switch (object.kind) {
    case "Deployment":
      if (type !== "DELETED" && (asksForMore(change) || isAnnotated(change)))
        enqueue(ctx, state, "deploymentSyncDue", key);
      break;
    case "ReplicaSet":
      if (asksForMore(change)) enqueue(ctx, state, "replicaSetSyncDue", key);
      onReplicaSet(ctx, state, object, type);
      break;
    case "DaemonSet":
      if (type !== "DELETED") enqueue(ctx, state, "daemonSetSyncDue", key);
      else state.daemonSetRevisions.delete(object.metadata.uid);
      break;
    case "Pod":
      onPod(ctx, state, object, previous?.kind === "Pod" ? previous : undefined, type);
      break;
    case "Service":
      onService(ctx, state, object, previous?.kind === "Service" ? previous : undefined, type);
      break;
    case "EndpointSlice":
      onEndpointSlice(ctx, state, object, type);
      break;
    case "Endpoints":
      enqueue(ctx, state, "endpointsMirroringDue", key);
      break;
    case "Namespace":
      if (isTerminating(object) && type !== "DELETED") enqueue(ctx, state, "namespaceSyncDue", key);
      break;
    case "Node":
      onNode(ctx, state, object, previous?.kind === "Node" ? previous : undefined, type);
      break;
  }
}

/** Rules that somebody changes, the cloud controller does not look at until it has other reasons to. */
function attachesOtherwise({ type, object, previous }: StoreChange): boolean {
  if (type !== "MODIFIED" || object.kind !== "SecurityGroup") return true;
  const before = previous?.kind === "SecurityGroup" ? previous.spec.attachedTo : undefined;
  return JSON.stringify(before) !== JSON.stringify(object.spec.attachedTo);
}

/** Whether anything but the status changed: a controller's own status writes are no work for it. */
function asksForMore({ type, object, previous }: StoreChange): boolean {
  if (type !== "MODIFIED" || !previous) return type === "ADDED";
  const before = previous.metadata;
  const after = object.metadata;
  return (
    ("spec" in object && "spec" in previous && object.spec !== previous.spec) ||
    before.labels !== after.labels ||
    before.deletionTimestamp !== after.deletionTimestamp
  );
}

/** A Deployment's annotations go on to its ReplicaSet. */
function isAnnotated({ object, previous }: StoreChange): boolean {
  if (object.kind !== "Deployment" || previous?.kind !== "Deployment") return false;
  if (object.metadata.annotations === previous.metadata.annotations) return false;
  return !sameLabels(ownAnnotations(object), ownAnnotations(previous));
}

/** Dependents lose their owner, and a namespace that is going may be empty now. */
function afterDelete(ctx: ControlContext, state: ControllerState, change: StoreChange): void {
  const { uid, namespace } = change.object.metadata;
  if (state.dependentsByOwner.size(uid) > 0) {
    ctx.schedule(GARBAGE_COLLECTION_DELAY_US, { type: "garbageCollectionDue", uid });
  }
  const home = namespace === "" ? undefined : ctx.store.find("Namespace", "", namespace);
  if (home && isTerminating(home)) enqueue(ctx, state, "namespaceSyncDue", namespace);
}

function onReplicaSet(
  ctx: ControlContext,
  state: ControllerState,
  set: ReplicaSet,
  type: StoreChange["type"],
): void {
  const { namespace } = set.metadata;
  const owner = controllerRef(set);
  if (owner) {
    if (owner.kind === "Deployment" && findOwner(ctx.store, namespace, owner)) {
      enqueue(ctx, state, "deploymentSyncDue", `${namespace}/${owner.name}`);
      return;
    }
  }
  if (type === "DELETED") return;
  const keys = state.workloadsByNamespace.keys(`Deployment ${namespace}`);
  for (const deployment of findAll(ctx.store, "Deployment", keys)) {
    if (matchesSelector(deployment.spec.selector, set.metadata.labels)) {
      enqueue(ctx, state, "deploymentSyncDue", shortKey(deployment));
    }
  }
}

function onPod(
  ctx: ControlContext,
  state: ControllerState,
  pod: Pod,
  previous: Pod | undefined,
  type: StoreChange["type"],
): void {
  const key = shortKey(pod);
  const modified = type === "MODIFIED" ? previous : undefined;
  if (type === "DELETED") {
    state.unschedulable.remove("", key);
    wakeUnschedulable(ctx, state);
  } else if (!pod.spec.nodeName && !isTerminating(pod) && !modified) {
    enqueue(ctx, state, "podSchedulingDue", key);
  }
  const relabelled = modified !== undefined && modified.metadata.labels !== pod.metadata.labels;
  if (!modified || relabelled || workloadViewDiffers(modified, pod)) {
    wakeWorkloads(ctx, state, pod);
    if (type === "DELETED") wakeDeploymentOf(ctx, state, pod);
    if (modified && controllerRef(modified)?.uid !== controllerRef(pod)?.uid) {
      wakeWorkloads(ctx, state, modified);
    }
  }
  const addressed = pod.status.podIP !== undefined;
  if (modified ? relabelled || endpointViewDiffers(modified, pod) : addressed) {
    wakeServices(ctx, state, pod);
    if (modified && relabelled) wakeServices(ctx, state, modified);
  }
}

function workloadViewDiffers(before: Pod, after: Pod): boolean {
  return (
    isPodReady(before) !== isPodReady(after) ||
    isTerminating(before) !== isTerminating(after) ||
    before.status.phase !== after.status.phase ||
    before.metadata.ownerReferences !== after.metadata.ownerReferences
  );
}

function endpointViewDiffers(before: Pod, after: Pod): boolean {
  if (!before.status.podIP && !after.status.podIP) return false;
  return (
    isPodReady(before) !== isPodReady(after) ||
    isTerminating(before) !== isTerminating(after) ||
    before.status.podIP !== after.status.podIP ||
    before.status.phase !== after.status.phase ||
    before.spec !== after.spec
  );
}

/** The pod's controller; for an orphan, whoever might adopt it. */
function wakeWorkloads(ctx: ControlContext, state: ControllerState, pod: Pod): void {
  const { namespace, labels } = pod.metadata;
  const ref = controllerRef(pod);
  const owner = ref && findOwner(ctx.store, namespace, ref);
  if (owner?.kind === "DaemonSet") enqueue(ctx, state, "daemonSetSyncDue", shortKey(owner));
  if (owner?.kind === "ReplicaSet") {
    enqueue(ctx, state, "replicaSetSyncDue", shortKey(owner));
  }
  if (owner) return;
  for (const kind of ["ReplicaSet", "DaemonSet"] as const) {
    const keys = state.workloadsByNamespace.keys(`${kind} ${namespace}`);
    for (const workload of findAll(ctx.store, kind, keys)) {
      if (!matchesSelector(workload.spec.selector, labels)) continue;
      const type = kind === "ReplicaSet" ? "replicaSetSyncDue" : "daemonSetSyncDue";
      enqueue(ctx, state, type, shortKey(workload));
    }
  }
}

/** A Deployment that recreates waits for the last pod to be gone. */
function wakeDeploymentOf(ctx: ControlContext, state: ControllerState, pod: Pod): void {
  const { namespace } = pod.metadata;
  const ref = controllerRef(pod);
  const owner = ref && findOwner(ctx.store, namespace, ref);
  const deployment = owner && controllerRef(owner);
  if (deployment?.kind === "Deployment") {
    enqueue(ctx, state, "deploymentSyncDue", `${namespace}/${deployment.name}`);
  }
}

function wakeServices(ctx: ControlContext, state: ControllerState, pod: Pod): void {
  for (const bucket of labelBuckets(pod)) {
    for (const service of findAll(ctx.store, "Service", state.servicesByLabel.keys(bucket))) {
      if (matchesLabels(service.spec.selector, pod.metadata.labels)) {
        enqueue(ctx, state, "endpointsSyncDue", shortKey(service));
      }
    }
  }
}

function onService(
  ctx: ControlContext,
  state: ControllerState,
  service: Service,
  previous: Service | undefined,
  type: StoreChange["type"],
): void {
  const key = shortKey(service);
  const before = type === "MODIFIED" ? previous : undefined;
  if (before?.spec !== service.spec || before?.metadata.labels !== service.metadata.labels) {
    enqueue(ctx, state, "endpointsSyncDue", key);
    enqueue(ctx, state, "endpointsMirroringDue", key);
  }
  const balanced = service.spec.type === "LoadBalancer" || state.loadBalancers.has(key);
  if (balanced || service.metadata.finalizers?.length) {
    enqueue(ctx, state, "loadBalancerSyncDue", key);
  }
}

function onEndpointSlice(
  ctx: ControlContext,
  state: ControllerState,
  slice: EndpointSlice,
  type: StoreChange["type"],
): void {
  const { namespace, labels } = slice.metadata;
  const service = labels?.[SERVICE_NAME_LABEL];
  if (!service) return;
  const key = `${namespace}/${service}`;
  awaitHealthChecks(ctx, state, key);
  // Hand-made slices are nobody's; ours are put right when somebody else changed them.
  const written = state.slicesWritten.get(objectKey(slice));
  if (type === "DELETED") state.slicesWritten.delete(objectKey(slice));
  const ours = type === "DELETED" ? undefined : slice.metadata.resourceVersion;
  if (written === ours) return;
  if (labels?.[MANAGED_BY_LABEL] === SLICE_CONTROLLER) {
    enqueue(ctx, state, "endpointsSyncDue", key, SLICE_CHANGE_SYNC_DELAY_US);
  }
}

function onNode(
  ctx: ControlContext,
  state: ControllerState,
  node: Node,
  previous: Node | undefined,
  type: StoreChange["type"],
): void {
  const { name, labels } = node.metadata;
  if (type === "DELETED") forgetNode(ctx, state, name);
  else if (type === "ADDED") enqueue(ctx, state, "nodeSyncDue", name);
  const specChanged = type !== "MODIFIED" || previous?.spec !== node.spec;
  const labelled = type === "MODIFIED" && previous?.metadata.labels !== labels;
  if (!specChanged && !labelled) return;
  for (const set of ctx.store.list("DaemonSet")) {
    enqueue(ctx, state, "daemonSetSyncDue", shortKey(set));
  }
  wakeUnschedulable(ctx, state);
  wakeLoadBalancersOf(ctx, state);
}

function wakeUnschedulable(ctx: ControlContext, state: ControllerState): void {
  for (const key of state.unschedulable.keys("")) enqueue(ctx, state, "podSchedulingDue", key);
}
