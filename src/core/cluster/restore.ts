import { type KubeObject, type ObjectKey, objectKey } from "../api/types";
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
  const tried = restoreAll(world.rehearsal(), objects, keys);
  return tried.ok ? restoreAll(world, objects, keys) : tried;
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
      : api.create(manifest, nowUs);
    if (result.ok) applied.push({ object: result.value, outcome: "configured" });
    else refusals.push({ index, status: result.status });
  });
  return refusals.length > 0 ? { ok: false, refusals } : { ok: true, applied };
}
