import type { DecodedManifest } from "./decode";
import { compact, sameJson } from "./json";
import type { Kind, KubeObject } from "./types";

/** Fields of metadata that nobody sets from outside. */
export const SERVER_FIELDS_CLEARED = {
  deletionTimestamp: undefined,
  deletionGracePeriodSeconds: undefined,
  managedFields: undefined,
  selfLink: undefined,
};

/** The part of a manifest that `kubectl apply` answers for. */
export function declared(manifest: DecodedManifest): DecodedManifest {
  const { status: _status, metadata, ...rest } = manifest;
  const { name, namespace, labels, annotations, ownerReferences, finalizers } = metadata;
  return {
    ...(rest as DecodedManifest),
    metadata: compact({ name, namespace, labels, annotations, ownerReferences, finalizers }),
  };
}

/** A new object's status is the server's; a Node brings its own, as kubelets register theirs. */
export function withoutStatus(manifest: DecodedManifest): DecodedManifest {
  if (manifest.kind === "Node") return manifest;
  const { status: _status, ...rest } = manifest;
  return rest as DecodedManifest;
}

export function keepServerFields(next: KubeObject, old: KubeObject): KubeObject {
  const { uid, resourceVersion, creationTimestamp, deletionTimestamp, generateName, generation } =
    old.metadata;
  const kept = {
    uid,
    resourceVersion,
    creationTimestamp,
    deletionTimestamp,
    generateName,
    generation,
  };
  return compact({
    ...next,
    metadata: compact({ ...next.metadata, ...SERVER_FIELDS_CLEARED, ...kept }),
    status: (old as { status?: unknown }).status,
  }) as KubeObject;
}

/** generation counts changes of what is wanted, not of labels or status. */
export function withGeneration<T extends KubeObject>(next: T, old: KubeObject): T {
  if (!hasGeneration(next.kind)) return next;
  const spec = (object: KubeObject) => ({ ...object, metadata: undefined, status: undefined });
  if (sameJson(spec(next), spec(old))) return next;
  const generation = (old.metadata.generation ?? 1) + 1;
  return { ...next, metadata: { ...next.metadata, generation } };
}

export function hasGeneration(kind: Kind): boolean {
  return (
    kind === "Deployment" ||
    kind === "ReplicaSet" ||
    kind === "DaemonSet" ||
    kind === "EndpointSlice" ||
    kind === "Ingress"
  );
}
