import type { ClusterConfig } from "../api/cluster-config";
import type { Store } from "../api/store";
import type { KubeObject } from "../api/types";
import type { Plane } from "../dataplane/plane";
import type { SimEvent } from "../sim/event-queue";
import type { RandomStream } from "../sim/random";

/** What every controller, kubelet and proxy sees of the world while it handles one event. */
export interface ControlContext {
  readonly nowUs: number;
  readonly config: ClusterConfig;
  readonly store: Store;
  readonly plane: Plane;
  /** Runs an event later; equal times keep the order of calls. */
  schedule(delayUs: number, event: SimEvent): void;
  /** A seeded stream of that name; asking again for a name starts it again, so put what is unique into it. */
  random(name: string): RandomStream;
  /** Records what `kubectl get events` shows. */
  recordEvent(about: KubeObject, type: "Normal" | "Warning", reason: string, message: string, component: string): void;
}
