import type { Namespace } from "../api/types";
import type { ControlContext } from "./context";
import { findOwner, requestDelete } from "./objects";
import { isTerminating } from "./pod-facts";
import type { ControllerState } from "./state";

/** Deletes what the owner with this uid leaves behind; what has another living owner only loses the reference.
 *  Simplified: only owners that were seen to go are acted on; an exported object whose owner was not exported
 *  stays, where a real cluster would collect it. */
export function collectGarbage(ctx: ControlContext, state: ControllerState, uid: string): void {
  for (const key of state.dependentsByOwner.keys(uid)) {
    const object = ctx.store.findByKey(key);
    if (!object) continue;
    const others = (object.metadata.ownerReferences ?? []).filter(
      (ref) => ref.uid !== uid && findOwner(ctx.store, object.metadata.namespace, ref),
    );
    if (others.length > 0) {
      ctx.store.put({ ...object, metadata: { ...object.metadata, ownerReferences: others } });
    } else {
      requestDelete(ctx, object);
    }
  }
}

/** Empties a namespace that is being deleted, then lets it go. */
export function syncNamespace(ctx: ControlContext, state: ControllerState, name: string): void {
  const namespace: Namespace | undefined = ctx.store.find("Namespace", "", name);
  if (!namespace || !isTerminating(namespace)) return;
  const keys = state.objectsByNamespace.keys(name);
  if (keys.length === 0) {
    for (const event of [...ctx.store.list("Event")]) {
      if (event.metadata.namespace === name) ctx.store.remove("Event", name, event.metadata.name);
    }
    ctx.store.remove("Namespace", "", name);
    return;
  }
  if (namespace.status?.phase !== "Terminating") {
    ctx.store.put({ ...namespace, status: { ...namespace.status, phase: "Terminating" } });
  }
  for (const key of keys) {
    const object = ctx.store.findByKey(key);
    if (object && !isTerminating(object)) requestDelete(ctx, object);
  }
}
