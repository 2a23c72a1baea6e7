import { create } from "zustand";
import type { Kind, KindMap, ObjectKey } from "../core/api/types";
import type { PodRuntimeView } from "../worker/pod-network-protocol";
import type {
  FabricView,
  LoadBalancerView,
  MirrorRecord,
  MirrorUpdate,
  NodeRuntimeView,
} from "../worker/protocol";

/** Everything the simulation shows, by id. A new map for every change, so its identity says "changed". */
export type MirrorRecords = ReadonlyMap<string, MirrorRecord>;

export interface MirrorState {
  readonly records: MirrorRecords;
  readonly nowUs: number;
  readonly horizonUs: number;
  apply(update: MirrorUpdate): void;
  clear(): void;
}

const EMPTY: MirrorRecords = new Map();
const NONE: readonly never[] = [];

export const useMirror = create<MirrorState>()((set) => ({
  records: EMPTY,
  nowUs: 0,
  horizonUs: 0,
  apply: (update) =>
    set((state) => ({
      records: applyUpdate(state.records, update),
      nowUs: update.nowUs,
      horizonUs: update.horizonUs,
    })),
  clear: () => set({ records: EMPTY, nowUs: 0, horizonUs: 0 }),
}));

/** The same map when nothing but the time has changed. */
export function applyUpdate(records: MirrorRecords, update: MirrorUpdate): MirrorRecords {
  const { added, updated, removed } = update;
  if (added.length + updated.length + removed.length === 0) return records;
  const next = new Map(added.length === 0 ? records : withAdded(records, added));
  for (const id of removed) next.delete(id);
  for (const record of updated) next.set(record.id, record);
  return next;
}

/** Records stay in the order of their ids: to merge a few that come is much less than to sort all. */
function* withAdded(
  records: MirrorRecords,
  added: readonly MirrorRecord[],
): Iterable<[string, MirrorRecord]> {
  const fresh = [...added].sort(byId);
  let at = 0;
  for (const [id, record] of records) {
    for (let one = fresh[at]; one && byId(one, record) < 0; one = fresh[++at]) yield [one.id, one];
    yield [id, record];
  }
  for (const one of fresh.slice(at)) yield [one.id, one];
}

/** Objects of one kind, by namespace and name. The same array as long as they are the same objects. */
export function objectsOf<K extends Kind>(records: MirrorRecords, kind: K): readonly KindMap[K][] {
  return (indexOf(records).objects.get(kind) ?? NONE) as readonly KindMap[K][];
}

/** `Kind/namespace/name`, or `Kind/name` when cluster-scoped. */
export function findObject<K extends Kind = Kind>(
  records: MirrorRecords,
  key: ObjectKey,
): KindMap[K] | undefined {
  const record = records.get(key);
  return record?.type === "object" ? (record.value as KindMap[K]) : undefined;
}

export function loadBalancersOf(records: MirrorRecords): readonly LoadBalancerView[] {
  return indexOf(records).loadBalancers;
}

export function findLoadBalancer(
  records: MirrorRecords,
  namespace: string,
  name: string,
): LoadBalancerView | undefined {
  const record = records.get(`loadBalancer/${namespace}/${name}`);
  return record?.type === "loadBalancer" ? record.value : undefined;
}

export function nodeRuntimesOf(records: MirrorRecords): readonly NodeRuntimeView[] {
  return indexOf(records).nodeRuntimes;
}

export function findNodeRuntime(records: MirrorRecords, node: string): NodeRuntimeView | undefined {
  const record = records.get(`nodeRuntime/${node}`);
  return record?.type === "nodeRuntime" ? record.value : undefined;
}

export function findPodRuntime(
  records: MirrorRecords,
  namespace: string,
  name: string,
): PodRuntimeView | undefined {
  const record = records.get(`podRuntime/${namespace}/${name}`);
  return record?.type === "podRuntime" ? record.value : undefined;
}

export function fabricOf(records: MirrorRecords): FabricView | undefined {
  const record = records.get("fabric");
  return record?.type === "fabric" ? record.value : undefined;
}

interface MirrorIndex {
  readonly objects: ReadonlyMap<string, readonly KindMap[Kind][]>;
  readonly loadBalancers: readonly LoadBalancerView[];
  readonly nodeRuntimes: readonly NodeRuntimeView[];
}

const indexes = new WeakMap<MirrorRecords, MirrorIndex>();
let latest: MirrorIndex = { objects: new Map(), loadBalancers: [], nodeRuntimes: [] };

function indexOf(records: MirrorRecords): MirrorIndex {
  const known = indexes.get(records);
  if (known) return known;
  latest = sameWhereEqual(latest, readIndex(records));
  indexes.set(records, latest);
  return latest;
}

function readIndex(records: MirrorRecords): MirrorIndex {
  const objects = new Map<string, KindMap[Kind][]>();
  const loadBalancers: LoadBalancerView[] = [];
  const nodeRuntimes: NodeRuntimeView[] = [];
  for (const record of records.values()) {
    if (record.type === "object") {
      const kind = record.value.kind;
      const list = objects.get(kind);
      if (list) list.push(record.value);
      else objects.set(kind, [record.value]);
    } else if (record.type === "loadBalancer") loadBalancers.push(record.value);
    else if (record.type === "nodeRuntime") nodeRuntimes.push(record.value);
  }
  return { objects, loadBalancers, nodeRuntimes };
}

/** Arrays of before where nothing in them has changed: who looks at Pods does not notice that a Node's counters moved. */
function sameWhereEqual(before: MirrorIndex, now: MirrorIndex): MirrorIndex {
  return {
    objects: new Map(
      [...now.objects].map(([kind, all]) => [kind, same(before.objects.get(kind), all)]),
    ),
    loadBalancers: same(before.loadBalancers, now.loadBalancers),
    nodeRuntimes: same(before.nodeRuntimes, now.nodeRuntimes),
  };
}

function same<T>(before: readonly T[] | undefined, now: readonly T[]): readonly T[] {
  const isSame = before?.length === now.length && before.every((one, i) => one === now[i]);
  return before && isSame ? before : now;
}

/** `node-2` before `node-10`. */
const collator = new Intl.Collator("en", { numeric: true });

function byId(a: MirrorRecord, b: MirrorRecord): number {
  return collator.compare(a.id, b.id);
}
