import type { ProbeKind } from "../controllers/check";
import type { Ipv4 } from "../net/ipv4";
import { CowMap } from "../sim/cow-map";
import type { NodeIpam } from "./cni/host-local";
import type { SandboxRecord } from "./cni/sandbox-record";

/** One probe of a running container. */
export interface ProbeRuntime {
  /** Of the event that runs it next; an event with another ticket is stale. */
  readonly ticket: number;
  readonly nextAtUs: number;
  /** Results in a row. */
  readonly successes: number;
  readonly failures: number;
  /** What the last one came to; absent: none was made, or what decides about it has changed since. */
  readonly last?: boolean;
}

export interface ContainerExit {
  readonly exitCode: number;
  readonly reason: "Completed" | "Error";
  readonly startedAtUs: number;
  readonly finishedAtUs: number;
  /** What it wrote at last. */
  readonly output: readonly string[];
}

export interface ContainerRuntime {
  /** As far as the kubelet knows. */
  readonly running: boolean;
  /** Its process is gone, and the kubelet has not seen it yet. */
  readonly dead?: boolean;
  /** Its start-up probe has passed, or it has none. */
  readonly started: boolean;
  /** What the readiness probe says; without one, true while running. */
  readonly ready: boolean;
  readonly restarts: number;
  readonly startedAtUs: number;
  /** It is to be started again, after that much time. */
  readonly backOffUs?: number;
  /** How its process ended last. */
  readonly lastEnd?: ContainerExit;
  readonly probes: { readonly [kind in ProbeKind]?: ProbeRuntime };
}

/** How far a pod has come on its node. */
export type PodStage =
  | "waiting"
  /** The CNI plugin refused; retried when an address comes free. */
  | "noAddress"
  /** The pause container runs in a network namespace that has lo only; the CNI plugins are being run. */
  | "networking"
  /** It has its network; containers are being started. */
  | "sandboxed"
  | "running"
  /** Deleted, and its kubelet has not heard of it yet. */
  | "leaving"
  /** preStop hooks run. */
  | "stopping"
  /** SIGTERM was sent. */
  | "signalled"
  | "stopped"
  | "unplugged";

/** What a kubelet knows of one of its pods beside the API object. */
export interface PodRuntime {
  readonly uid: string;
  readonly node: string;
  readonly stage: PodStage;
  /** Of the lifecycle event that is due; an event with another ticket is stale. */
  readonly ticket: number;
  readonly ip?: Ipv4;
  /** It came running from a real cluster: no waiting, no events. */
  readonly imported: boolean;
  /** Ready as the object came with it; overrides probes until somebody sets readiness by hand. */
  readonly givenReady?: boolean;
  readonly failedByHand: boolean;
  /** In the order of spec.containers. */
  readonly containers: readonly ContainerRuntime[];
}

/** What all kubelets and their CNI plugins remember. */
export class KubeletState {
  /** By `NAMESPACE/NAME`. */
  readonly pods: CowMap<string, PodRuntime>;
  readonly ipam: CowMap<string, NodeIpam>;
  /** Of networks beside the pod network, by `NODE/NETWORK`. */
  readonly furtherIpam: CowMap<string, NodeIpam>;
  /** By `NAMESPACE/NAME` of the pod: its network as it was made, or refused. */
  readonly sandboxes: CowMap<string, SandboxRecord>;
  /** By node: the latest that were taken away again. */
  readonly removedSandboxes: CowMap<string, readonly SandboxRecord[]>;
  /** Imported pod addresses outside their node's pod CIDR, and the node they are on. */
  readonly foreignIps: CowMap<Ipv4, string>;
  #nextTicket: number;
  /** A recomputation of all nodes' routes is scheduled. */
  routesDue: boolean;

  constructor(from?: KubeletState) {
    this.pods = from ? from.pods.fork() : new CowMap();
    this.ipam = from ? from.ipam.fork() : new CowMap();
    this.furtherIpam = from ? from.furtherIpam.fork() : new CowMap();
    this.sandboxes = from ? from.sandboxes.fork() : new CowMap();
    this.removedSandboxes = from ? from.removedSandboxes.fork() : new CowMap();
    this.foreignIps = from ? from.foreignIps.fork() : new CowMap();
    this.#nextTicket = from ? from.#nextTicket : 1;
    this.routesDue = from ? from.routesDue : false;
  }

  fork(): KubeletState {
    return new KubeletState(this);
  }

  newTicket(): number {
    return this.#nextTicket++;
  }
}
