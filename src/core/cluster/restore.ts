import type { Store } from "../api/store";
import { type KubeObject, type ObjectKey, objectKey, type Pod } from "../api/types";
import { findOwner } from "../controllers/objects";
import { controllerRef, isActive } from "../controllers/pod-facts";
import type { Applied, CommandResult, EditCommand, Refusal } from "./command";
import type { Editable } from "./edits";

/** Puts objects back and takes others away. What is still going away makes room at once; what is refused (an address
 *  that was given away meanwhile) leaves everything as it is. */
export function restore(
  world: Editable,
  { objects, removed }: Extract<EditCommand, { type: "restore" }>,
): CommandResult {
  const keys = new Set<ObjectKey>(removed);
  for (const object of objects) {
    const key = objectKey(object);
    if (world.store.findByKey(key)?.metadata.deletionTimestamp) keys.add(key);
  }
  for (const key of replacementsOf(world.store, objects)) keys.add(key);
  const tried = restoreAll(world.rehearsal(), objects, keys);
  return tried.ok ? restoreAll(world, objects, keys) : tried;
}

/** Pods that controllers made in place of those that come back; both would be one too many. */
function replacementsOf(store: Store, objects: readonly KubeObject[]): ReadonlySet<ObjectKey> {
  const back = objects.filter((object) => object.kind === "Pod");
  const keys = new Set(back.map(objectKey));
  const replaced = new Set<ObjectKey>();
  for (const pod of back) {
    const ref = controllerRef(pod);
    const owner = ref && findOwner(store, pod.metadata.namespace, ref);
    if (!owner) continue;
    const siblings = [...store.list("Pod")].filter(
      (sibling) =>
        controllerRef(sibling)?.uid === ref.uid &&
        isActive(sibling) &&
        !keys.has(objectKey(sibling)) &&
        !replaced.has(objectKey(sibling)),
    );
    const latest = siblings.at(-1);
    const mates = back.filter((other) => controllerRef(other)?.uid === ref.uid);
    const isFull =
      owner.kind === "ReplicaSet" && siblings.length + mates.length > owner.spec.replicas;
    const replacement =
      owner.kind === "ReplicaSet"
        ? isFull && latest
        : siblings.find(({ spec }) => spec.nodeName === pod.spec.nodeName);
    if (replacement) replaced.add(objectKey(replacement));
  }
  return replaced;
}

/** Another pod of that name, on the same node and with the same address, unless that was given away. */
function startingAnew(store: Store, { metadata, status, ...pod }: Pod): object {
  const { namespace, name, labels, annotations, generateName, ownerReferences } = metadata;
  const { podIP } = status;
  const others = [...store.list("Pod")].filter((other) => other.metadata !== metadata);
  const isFree = podIP !== undefined && !others.some((other) => other.status.podIP === podIP);
  return {
    ...pod,
    metadata: { namespace, name, labels, annotations, generateName, ownerReferences },
    ...(isFree && !pod.spec.hostNetwork && { status: { podIP, podIPs: [{ ip: podIP }] } }),
  };
}

function restoreAll(
  world: Editable,
  objects: readonly KubeObject[],
  removed: Iterable<ObjectKey>,
): CommandResult {
  const { api, store, nowUs } = world;
  const applied: Applied[] = [];
  const refusals: Refusal[] = [];
  for (const key of removed) {
    const object = store.findByKey(key);
    if (!object) continue;
    const { kind, metadata } = object;
    if (metadata.deletionTimestamp) store.remove(kind, metadata.namespace, metadata.name);
    else api.delete(kind, metadata.namespace, metadata.name, nowUs);
    applied.push({ object, outcome: "deleted" });
  }
  world.spread();
  objects.forEach((object, index) => {
    const { deletionTimestamp: _gone, ...metadata } = object.metadata;
    const manifest = { ...object, metadata: { ...metadata, resourceVersion: "" } };
    const result = store.findByKey(objectKey(object))
      ? api.replace(manifest)
      : object.kind === "Pod"
        ? api.restore(startingAnew(store, object), nowUs)
        : api.create(manifest, nowUs);
    if (result.ok) applied.push({ object: result.value, outcome: "configured" });
    else refusals.push({ index, status: result.status });
  });
  return refusals.length > 0 ? { ok: false, refusals } : { ok: true, applied };
}
