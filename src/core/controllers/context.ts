import type { ClusterConfig } from "../api/cluster-config";
import type { LagName } from "../api/lags";
import type { Store } from "../api/store";
import type { Container, KubeObject, ObjectKey } from "../api/types";
import type { ProgramKind } from "../dataplane/netns";
import type { Plane } from "../dataplane/plane";
import type { Ipv4 } from "../net/ipv4";
import type { Protocol } from "../net/packet";
import type { SimEvent } from "../sim/event-queue";
import type { RandomStream } from "../sim/random";
import type { Check, CheckAnswer } from "./check";

/** A port that a container's program serves. */
export interface ServedPort {
  readonly protocol: Protocol;
  readonly port: number;
  /** Absent: 0.0.0.0. */
  readonly ip?: Ipv4;
  readonly program: ProgramKind;
}

/** Something happened that decides where packets go, or who answers. */
export interface Milestone {
  readonly kind: MilestoneKind;
  /** The pod, EndpointSlice or Service it happened to; the node whose rules are others now. */
  readonly object: ObjectKey;
  /** What became of it, for people: `10.244.1.3 removed`; of a pod that is ready, not ready or deleted its address. */
  readonly detail?: string;
  /** Of slices and rules: the Services, `NAMESPACE/NAME`, that are others now; absent: all. */
  readonly services?: readonly string[];
}

export type MilestoneKind =
  /** The API server marked the pod for deletion. */
  | "deleted"
  /** The kubelet sent SIGTERM. */
  | "signalled"
  /** The last process has left: its sockets are closed. */
  | "exited"
  /** CNI DEL: the pod's address is nobody's. */
  | "unplugged"
  /** A liveness or start-up probe failed, or a readiness probe of a ready pod. */
  | "probeFailed"
  /** A readiness probe made its pod ready. */
  | "probePassed"
  /** The API server has it. */
  | "ready"
  | "notReady"
  | "sliceChanged"
  | "rulesChanged"
  /** A CoreDNS has heard of the change. */
  | "dnsHeard"
  | "targetsChanged"
  /** The node's machine was switched off or on by hand. */
  | "poweredOff"
  | "poweredOn";

/** What every controller, kubelet and proxy sees of the world while it handles one event. */
export interface ControlContext {
  readonly nowUs: number;
  readonly config: ClusterConfig;
  readonly store: Store;
  readonly plane: Plane;
  /** Runs an event later; equal times keep the order of calls. */
  schedule<E extends SimEvent>(delayUs: number, event: E): void;
  /** A seeded stream of that name; asking again for a name starts it again, so put what is unique into it. */
  random(name: string): RandomStream;
  /** Records what `kubectl get events` shows. */
  recordEvent(
    about: KubeObject,
    type: "Normal" | "Warning",
    reason: string,
    message: string,
    component: string,
  ): void;
  /** Opens a connection to see who answers: real packets through the dataplane, run to their end. */
  readonly check: (check: Check) => CheckAnswer;
  /** The same with packets that take their time; what comes of them is told later. Answers the journey's number. */
  readonly follow: (check: Check) => number;
  /** How long somebody takes to hear of things, where that was set; undefined: as long as usual. */
  readonly lagUs: (lag: LagName, node?: string) => number | undefined;
  /** What a container serves; see programs/images. */
  readonly programOf: (container: Container) => readonly ServedPort[];
  /** What its program writes when another has that port; see programs/bind-failure. */
  readonly bindFailureOf: (container: Container, port: ServedPort) => readonly string[];
  /** How long a container's program goes on serving after SIGTERM; see programs/images. */
  readonly drainUsOf: (container: Container) => number;
  /** For those who watch traffic. */
  readonly mark: (milestone: Milestone) => void;
}
