import type { Store } from "../api/store";
import type {
  Kind,
  KindMap,
  KubeObject,
  Labels,
  ObjectKey,
  ObjectMeta,
  OwnerReference,
  Pod,
} from "../api/types";
import { formatTimestamp } from "../sim/time";
import type { ControlContext } from "./context";
import { isTerminating } from "./pod-facts";

/** Source: apimachinery/pkg/util/rand, alphanums: no vowels, no 0 1 3, so that no words appear. */
export const SUFFIX_ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

/** Source: apiserver/pkg/storage/names: maxGeneratedNameLength 63 - 5. */
const MAX_GENERATED_BASE = 58;

/** `base` and five seeded characters, not taken yet in this namespace. */
export function generateName(
  ctx: ControlContext,
  kind: Kind,
  namespace: string,
  base: string,
): string {
  const random = ctx.random(`name/${kind}/${namespace}/${base}/${ctx.store.resourceVersion}`);
  for (;;) {
    let name = base.slice(0, MAX_GENERATED_BASE);
    for (let i = 0; i < 5; i++) name += SUFFIX_ALPHABET[random.int(0, SUFFIX_ALPHABET.length - 1)];
    if (!ctx.store.find(kind, namespace, name)) return name;
  }
}

/** A version 4 UUID in form; the store's version makes it unique in a run. */
export function newUid(ctx: ControlContext, about: string): string {
  const random = ctx.random(`uid/${about}/${ctx.store.resourceVersion}`);
  const hex = (length: number) => {
    let text = "";
    while (text.length < length) text += random.int(0, 0xffff).toString(16).padStart(4, "0");
    return text.slice(0, length);
  };
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${"89ab"[random.int(0, 3)]}${hex(3)}-${hex(12)}`;
}

export interface NewMeta {
  readonly kind: Kind;
  readonly namespace: string;
  readonly name: string;
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly owner?: KubeObject;
  readonly generateName?: string;
}

/** Metadata as the API server fills it in on create. */
export function newMeta(ctx: ControlContext, meta: NewMeta): ObjectMeta {
  const { kind, namespace, name, labels, annotations, owner } = meta;
  return {
    name,
    ...(meta.generateName && { generateName: meta.generateName }),
    namespace,
    uid: newUid(ctx, `${kind}/${namespace}/${name}`),
    resourceVersion: "",
    creationTimestamp: formatTimestamp(ctx.nowUs),
    ...(labels && { labels }),
    ...(annotations && { annotations }),
    ...(owner && { ownerReferences: [ownerReference(owner)] }),
  };
}

export function ownerReference(owner: KubeObject): OwnerReference {
  const { apiVersion, kind, metadata } = owner;
  return { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true };
}

/** `NAMESPACE/NAME`, or the name of what has no namespace. */
export function shortKey(object: KubeObject): string {
  const { namespace, name } = object.metadata;
  return namespace === "" ? name : `${namespace}/${name}`;
}

export function findByShortKey<K extends Kind>(
  store: Store,
  kind: K,
  key: string,
): KindMap[K] | undefined {
  return store.findKeyed(kind, `${kind}/${key}`);
}

/** The objects behind keys of one kind, those that are gone left out. */
export function findAll<K extends Kind>(
  store: Store,
  kind: K,
  keys: Iterable<ObjectKey>,
): KindMap[K][] {
  const found: KindMap[K][] = [];
  for (const key of keys) {
    const object = store.findKeyed(kind, key);
    if (object) found.push(object);
  }
  return found;
}

/** Whether the owner that a reference names is alive: same name and same uid. */
export function findOwner(
  store: Store,
  namespace: string,
  owner: OwnerReference,
): KubeObject | undefined {
  const found = store.find(owner.kind as Kind, owner.kind === "Node" ? "" : namespace, owner.name);
  return found?.metadata.uid === owner.uid ? found : undefined;
}

/** DELETE as the API server does it: a pod on a node and whatever has finalizers is only marked, the rest goes. */
export function requestDelete(ctx: ControlContext, object: KubeObject): void {
  const { namespace, name, finalizers } = object.metadata;
  const graceful = object.kind === "Pod" && object.spec.nodeName && !isGone(ctx, object);
  if (graceful || (finalizers && finalizers.length > 0)) {
    if (!isTerminating(object)) ctx.store.put(markDeleted(ctx, object));
    return;
  }
  ctx.store.remove(object.kind, namespace, name);
}

function markDeleted<T extends KubeObject>(ctx: ControlContext, object: T): T {
  const metadata = { ...object.metadata, deletionTimestamp: formatTimestamp(ctx.nowUs) };
  return { ...object, metadata };
}

/** Nothing runs that would have to be stopped first. */
function isGone(ctx: ControlContext, pod: Pod): boolean {
  return ctx.store.find("Node", "", pod.spec.nodeName ?? "") === undefined;
}
