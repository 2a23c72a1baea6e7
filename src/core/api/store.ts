import { CowMap } from "../sim/cow-map";
import {
  type Kind,
  type KindMap,
  type KubeObject,
  keyOf,
  type ObjectKey,
  objectKey,
} from "./types";

export interface StoreChange {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  readonly object: KubeObject;
  readonly previous?: KubeObject;
  readonly resourceVersion: number;
}

/** Keys of objects that some store holds: to put strings together and hash them costs more than all else in a look-up. */
const keyCache = new Map<Kind, Map<string, Map<string, ObjectKey>>>();

function namesOf(kind: Kind, namespace: string): Map<string, ObjectKey> {
  const namespaces = keyCache.get(kind) ?? new Map<string, Map<string, ObjectKey>>();
  keyCache.set(kind, namespaces);
  const names = namespaces.get(namespace) ?? new Map<string, ObjectKey>();
  namespaces.set(namespace, names);
  return names;
}

function cachedKey(object: KubeObject): ObjectKey {
  const { kind, metadata } = object;
  const names = namesOf(kind, metadata.namespace);
  let key = names.get(metadata.name);
  if (key === undefined) {
    key = objectKey(object);
    names.set(metadata.name, key);
  }
  return key;
}

/** The API server's database: objects by key, a resourceVersion that only grows, and the list of changes since
 *  somebody last looked. Objects are immutable; validation and defaulting happened before they get here. */
export class Store {
  #kinds: Map<Kind, CowMap<ObjectKey, KubeObject>>;
  #resourceVersion: number;
  #changes: StoreChange[] = [];

  constructor() {
    this.#kinds = new Map();
    this.#resourceVersion = 0;
  }

  /** A snapshot; pending changes go along. */
  fork(): Store {
    const copy = new Store();
    for (const [kind, objects] of this.#kinds) copy.#kinds.set(kind, objects.fork());
    copy.#resourceVersion = this.#resourceVersion;
    copy.#changes = this.#changes.slice();
    return copy;
  }

  /** Becomes what a fork of it has become. */
  adopt(fork: Store): void {
    this.#kinds = fork.#kinds;
    this.#resourceVersion = fork.#resourceVersion;
    this.#changes = fork.#changes;
  }

  get resourceVersion(): number {
    return this.#resourceVersion;
  }

  find<K extends Kind>(kind: K, namespace: string, name: string): KindMap[K] | undefined {
    const key = keyCache.get(kind)?.get(namespace)?.get(name) ?? keyOf(kind, namespace, name);
    return this.#kinds.get(kind)?.get(key) as KindMap[K] | undefined;
  }

  /** The object behind a key, if it is of this kind. */
  findKeyed<K extends Kind>(kind: K, key: ObjectKey): KindMap[K] | undefined {
    return this.#kinds.get(kind)?.get(key) as KindMap[K] | undefined;
  }

  findByKey(key: ObjectKey): KubeObject | undefined {
    return this.#kinds.get(key.slice(0, key.indexOf("/")) as Kind)?.get(key);
  }

  /** In order of creation. */
  list<K extends Kind>(kind: K): IterableIterator<KindMap[K]> {
    return (this.#kinds.get(kind)?.values() ?? [].values()) as IterableIterator<KindMap[K]>;
  }

  count(kind: Kind): number {
    return this.#kinds.get(kind)?.size ?? 0;
  }

  /** Stores a new version; sets its resourceVersion. Answers what is now stored. */
  put<T extends KubeObject>(object: T): T {
    const key = cachedKey(object);
    const objects = this.#objectsOf(object.kind);
    const previous = objects.get(key);
    const resourceVersion = ++this.#resourceVersion;
    const stored = {
      ...object,
      metadata: { ...object.metadata, resourceVersion: String(resourceVersion) },
    };
    objects.set(key, stored);
    this.#changes.push({
      type: previous ? "MODIFIED" : "ADDED",
      object: stored,
      ...(previous && { previous }),
      resourceVersion,
    });
    return stored;
  }

  /** Stores a new object for which nobody looks by name: one made for this, with the version that comes next. */
  add(key: ObjectKey, object: KubeObject): void {
    const resourceVersion = ++this.#resourceVersion;
    this.#objectsOf(object.kind).set(key, object);
    this.#changes.push({ type: "ADDED", object, resourceVersion });
  }

  /** The resourceVersion of what is stored next. */
  get nextVersion(): string {
    return String(this.#resourceVersion + 1);
  }

  remove(kind: Kind, namespace: string, name: string): KubeObject | undefined {
    return this.removeKeyed(kind, keyOf(kind, namespace, name));
  }

  removeKeyed(kind: Kind, key: ObjectKey): KubeObject | undefined {
    const objects = this.#objectsOf(kind);
    const object = objects.get(key);
    if (!object) return undefined;
    objects.delete(key);
    keyCache.get(kind)?.get(object.metadata.namespace)?.delete(object.metadata.name);
    this.#changes.push({
      type: "DELETED",
      object,
      previous: object,
      resourceVersion: ++this.#resourceVersion,
    });
    return object;
  }

  /** Changes since the last call: the watch. Whoever drives the cluster hands them to the controllers. */
  takeChanges(): readonly StoreChange[] {
    const changes = this.#changes;
    this.#changes = [];
    return changes;
  }

  #objectsOf(kind: Kind): CowMap<ObjectKey, KubeObject> {
    let objects = this.#kinds.get(kind);
    if (!objects) {
      objects = new CowMap();
      this.#kinds.set(kind, objects);
    }
    return objects;
  }
}
