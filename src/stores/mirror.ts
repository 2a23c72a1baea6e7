import { create } from "zustand";
import type { Kind, KindMap, ObjectKey } from "../core/api/types";
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
  const next = new Map(records);
  for (const id of removed) next.delete(id);
  for (const record of added) next.set(record.id, record);
  for (const record of updated) next.set(record.id, record);
  return next;
}

/** Objects of one kind, by namespace and name. The same array for the same records. */
export function objectsOf<K extends Kind>(records: MirrorRecords, kind: K): readonly KindMap[K][] {
  return (indexOf(records).objects.get(kind) ?? []) as readonly KindMap[K][];
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

function indexOf(records: MirrorRecords): MirrorIndex {
  const known = indexes.get(records);
  if (known) return known;
  const objects = new Map<string, KindMap[Kind][]>();
  const loadBalancers: LoadBalancerView[] = [];
  const nodeRuntimes: NodeRuntimeView[] = [];
  for (const record of [...records.values()].sort(byId)) {
    if (record.type === "object") {
      const kind = record.value.kind;
      const list = objects.get(kind);
      if (list) list.push(record.value);
      else objects.set(kind, [record.value]);
    } else if (record.type === "loadBalancer") loadBalancers.push(record.value);
    else if (record.type === "nodeRuntime") nodeRuntimes.push(record.value);
  }
  const index = { objects, loadBalancers, nodeRuntimes };
  indexes.set(records, index);
  return index;
}

/** `node-2` before `node-10`. */
const collator = new Intl.Collator("en", { numeric: true });

function byId(a: MirrorRecord, b: MirrorRecord): number {
  return collator.compare(a.id, b.id);
}
