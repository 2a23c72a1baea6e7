import { CowMap } from "../sim/cow-map";
import { RuleCache } from "./ruleset";
import type { ServiceReading, ServiceRules } from "./service-rules";
import type { NodeView } from "./settings";

/** One node's kube-proxy: what it remembers from one sync to the next. Replaced as a whole. */
export interface NodeProxy {
  readonly running: boolean;
  readonly view: NodeView;
  /** The next sync writes everything: after a start, or when the node's topology changed. */
  readonly fullSyncDue: boolean;
  readonly lastSyncUs?: number;
  /** When the next sync is due; absent: none is. */
  readonly syncAtUs?: number;
  /** Number of the latest change that was in the last sync. */
  readonly syncedChange: number;
  /** What the rules in force were written from, by `namespace/name`. */
  readonly services: ReadonlyMap<string, ServiceRules>;
}

/** Every node's kube-proxy, and what they have in common. Forks are cheap. */
export class ProxierState {
  readonly nodes: CowMap<string, NodeProxy>;
  /** Number of the latest change of each Service or its EndpointSlices, by `namespace/name`. Those that came after a
   *  node's `syncedChange` are what its proxy has to rewrite. */
  readonly changes: CowMap<string, number>;
  /** Names of a Service's EndpointSlices, by `namespace/name` of the Service. */
  readonly slices: CowMap<string, readonly string[]>;
  /** Services as they were last read, by `namespace/name`; gone as soon as they or their slices change. */
  readonly readings: CowMap<string, ServiceReading>;
  readonly cache: RuleCache;
  lastChange: number;

  constructor(from?: ProxierState) {
    this.nodes = from ? from.nodes.fork() : new CowMap();
    this.changes = from ? from.changes.fork() : new CowMap();
    this.slices = from ? from.slices.fork() : new CowMap();
    this.readings = from ? from.readings.fork() : new CowMap();
    this.cache = from ? from.cache : new RuleCache();
    this.lastChange = from ? from.lastChange : 0;
  }

  fork(): ProxierState {
    return new ProxierState(this);
  }
}
