import type { Store } from "../api/store";
import {
  type Kind,
  type KindMap,
  type KubeObject,
  keyOf,
  type ObjectKey,
  objectKey,
} from "../api/types";

/** Objects as somebody knows them: the API server's, or an older view of them. */
export type View = Pick<Store, "find" | "list">;

/** How an object was before a change that somebody has not heard of; undefined: it was not there. */
export interface Missed {
  readonly key: ObjectKey;
  readonly kind: KubeObject["kind"];
  readonly was: KubeObject | undefined;
}

/** The store as it was before these changes, which are in the order in which they came. */
export function olderView(store: View, missed: readonly Missed[]): View {
  const before = new Map<string, Missed>();
  for (const change of missed) if (!before.has(change.key)) before.set(change.key, change);
  return {
    find: <K extends Kind>(kind: K, namespace: string, name: string): KindMap[K] | undefined => {
      const change = before.get(keyOf(kind, namespace, name));
      return change ? (change.was as KindMap[K] | undefined) : store.find(kind, namespace, name);
    },
    list: <K extends Kind>(kind: K): IterableIterator<KindMap[K]> => listed(store, kind, before),
  };
}

function* listed<K extends Kind>(
  store: View,
  kind: K,
  before: ReadonlyMap<string, Missed>,
): Generator<KindMap[K]> {
  for (const object of store.list(kind)) if (!before.has(objectKey(object))) yield object;
  for (const change of before.values())
    if (change.kind === kind && change.was) yield change.was as KindMap[K];
}
