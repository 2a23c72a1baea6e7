import type { ClusterConfig } from "../api/cluster-config";
import type { Store } from "../api/store";
import type { Container, KubeObject, ObjectKey } from "../api/types";
import type { NetnsId, ProgramKind } from "../dataplane/netns";
import type { Plane } from "../dataplane/plane";
import type { Ipv4 } from "../net/ipv4";
import type { Protocol } from "../net/packet";
import type { SimEvent } from "../sim/event-queue";
import type { RandomStream } from "../sim/random";

/** A port that a container's program serves. */
export interface ServedPort {
  readonly protocol: Protocol;
  readonly port: number;
  readonly program: ProgramKind;
}

/** Something happened that decides where packets go, or who answers. */
export interface Milestone {
  readonly kind: MilestoneKind;
  /** The pod, EndpointSlice or Service it happened to; the node whose rules are others now. */
  readonly object: ObjectKey;
  /** What became of it, for people: `10.244.1.3 removed`. */
  readonly detail?: string;
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
  | "ready"
  | "notReady"
  | "sliceChanged"
  | "rulesChanged"
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
  /** Whether a connection (or datagram) from a namespace gets an answer: a real packet through the dataplane. */
  readonly reach: (from: NetnsId, ip: Ipv4, port: number, protocol: Protocol) => boolean;
  /** What a container serves; see programs/images. */
  readonly programOf: (container: Container) => readonly ServedPort[];
  /** How long a container's program goes on serving after SIGTERM; see programs/images. */
  readonly drainUsOf: (container: Container) => number;
  /** For those who watch traffic. */
  readonly mark: (milestone: Milestone) => void;
}
