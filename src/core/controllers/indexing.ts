import type { StoreChange } from "../api/store";
import { type KubeObject, objectKey, type Pod } from "../api/types";
import { labelBucket, narrowestBucket } from "./buckets";
import { controllerRef } from "./pod-facts";
import type { ControllerState } from "./state";

export const SERVICE_NAME_LABEL = "kubernetes.io/service-name";

/** Keeps the indexes in step with the store: the old version out, the new one in. */
export function updateIndexes(state: ControllerState, change: StoreChange): void {
  const { type, object, previous } = change;
  if (object.kind === "Event" || object.kind === "Host" || object.kind === "SecurityGroup") return;
  const key = objectKey(object);
  if (type === "ADDED") index(state, key, object);
  else if (type === "DELETED") unindex(state, key, object);
  else if (previous && isOnlyBound(previous, object)) indexNode(state, key, object);
  else if (previous && indexedPartsDiffer(previous, object)) {
    unindex(state, key, previous);
    index(state, key, object);
  }
}

/** A pod that the scheduler has just bound: the commonest change of all. */
function isOnlyBound(previous: KubeObject, object: KubeObject): object is Pod {
  return (
    previous.kind === "Pod" &&
    object.kind === "Pod" &&
    !previous.spec.nodeName &&
    object.spec.nodeName !== undefined &&
    previous.metadata.labels === object.metadata.labels &&
    previous.metadata.ownerReferences === object.metadata.ownerReferences
  );
}

function indexNode(state: ControllerState, key: string, pod: Pod): void {
  if (!pod.spec.nodeName) return;
  state.podsByNode.add(pod.spec.nodeName, key);
  countOnNode(state, pod, 1);
}

function unindexNode(state: ControllerState, key: string, pod: Pod): void {
  if (!pod.spec.nodeName) return;
  state.podsByNode.remove(pod.spec.nodeName, key);
  countOnNode(state, pod, -1);
}

function indexedPartsDiffer(previous: KubeObject, object: KubeObject): boolean {
  const before = previous.metadata;
  const after = object.metadata;
  if (before.labels !== after.labels || before.ownerReferences !== after.ownerReferences)
    return true;
  if (previous.kind === "Pod" && object.kind === "Pod") {
    return previous.spec.nodeName !== object.spec.nodeName;
  }
  return previous.kind === "Service" && object.kind === "Service" && previous.spec !== object.spec;
}

function index(state: ControllerState, key: string, object: KubeObject): void {
  const { namespace, ownerReferences = [] } = object.metadata;
  if (namespace !== "") state.objectsByNamespace.add(namespace, key);
  for (const owner of ownerReferences) state.dependentsByOwner.add(owner.uid, key);
  switch (object.kind) {
    case "Pod":
      for (const bucket of labelBuckets(object)) state.podsByLabel.add(bucket, key);
      indexNode(state, key, object);
      break;
    case "Service": {
      const bucket = narrowestBucket(namespace, object.spec.selector);
      if (bucket) state.servicesByLabel.add(bucket, key);
      break;
    }
    case "EndpointSlice": {
      const service = object.metadata.labels?.[SERVICE_NAME_LABEL];
      if (service) state.slicesByService.add(`${namespace}/${service}`, key);
      break;
    }
    case "ReplicaSet":
      for (const bucket of labelBuckets(object)) state.replicaSetsByLabel.add(bucket, key);
      state.workloadsByNamespace.add(`${object.kind} ${namespace}`, key);
      break;
    case "DaemonSet":
    case "Deployment":
      state.workloadsByNamespace.add(`${object.kind} ${namespace}`, key);
      break;
  }
}

function unindex(state: ControllerState, key: string, object: KubeObject): void {
  const { namespace, ownerReferences = [] } = object.metadata;
  if (namespace !== "") state.objectsByNamespace.remove(namespace, key);
  for (const owner of ownerReferences) state.dependentsByOwner.remove(owner.uid, key);
  switch (object.kind) {
    case "Pod":
      for (const bucket of labelBuckets(object)) state.podsByLabel.remove(bucket, key);
      unindexNode(state, key, object);
      break;
    case "Service": {
      const bucket = narrowestBucket(namespace, object.spec.selector);
      if (bucket) state.servicesByLabel.remove(bucket, key);
      break;
    }
    case "EndpointSlice": {
      const service = object.metadata.labels?.[SERVICE_NAME_LABEL];
      if (service) state.slicesByService.remove(`${namespace}/${service}`, key);
      break;
    }
    case "ReplicaSet":
      for (const bucket of labelBuckets(object)) state.replicaSetsByLabel.remove(bucket, key);
      state.workloadsByNamespace.remove(`${object.kind} ${namespace}`, key);
      break;
    case "DaemonSet":
    case "Deployment":
      state.workloadsByNamespace.remove(`${object.kind} ${namespace}`, key);
      break;
  }
}

/** One bucket for each label, and one for all objects of the namespace. */
export function labelBuckets(object: KubeObject): readonly string[] {
  const { namespace, labels = {} } = object.metadata;
  const buckets = [wholeNamespace(namespace)];
  for (const key in labels) buckets.push(labelBucket(namespace, key, labels[key] ?? ""));
  return buckets;
}

export function wholeNamespace(namespace: string): string {
  return namespace;
}

function countOnNode(state: ControllerState, pod: Pod, by: 1 | -1): void {
  const owner = controllerRef(pod);
  const node = pod.spec.nodeName;
  if (!owner || !node) return;
  const spread = new Map(state.podSpread.get(owner.uid));
  const count = (spread.get(node) ?? 0) + by;
  if (count === 0) spread.delete(node);
  else spread.set(node, count);
  if (spread.size === 0) state.podSpread.delete(owner.uid);
  else state.podSpread.set(owner.uid, spread);
}
