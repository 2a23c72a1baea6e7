import { CowMap } from "../sim/cow-map";
import { Buckets } from "./buckets";
import type { LoadBalancer } from "./cloud/load-balancer";

/** What the node controller remembers of a node. */
export interface NodeRecord {
  readonly lastHeartbeatUs: number;
  /** A NotReady mark is due: heartbeats are being missed. */
  readonly graceDue: boolean;
  /** The Ready condition came with the object and is kept. */
  readonly givenReady: boolean;
}

/** Which template a DaemonSet's pods with this revision label were made from. */
export interface DaemonSetRevision {
  readonly templateHash: string;
  readonly revision: string;
}

/** Everything the controllers remember beside the store: indexes, work that is already due, load balancers. */
export class ControllerState {
  readonly podsByNode: Buckets;
  readonly podsByLabel: Buckets;
  readonly servicesByLabel: Buckets;
  readonly replicaSetsByLabel: Buckets;
  /** Every namespaced object but Events, as `Kind/…` keys. */
  readonly objectsByNamespace: Buckets;
  /** `Kind NAMESPACE` → keys. */
  readonly workloadsByNamespace: Buckets;
  readonly dependentsByOwner: Buckets;
  /** EndpointSlices by `NAMESPACE/SERVICE`. */
  readonly slicesByService: Buckets;
  /** Our EndpointSlices as we last wrote them: key to resourceVersion. Anything else was somebody else's doing. */
  readonly slicesWritten: CowMap<string, string>;
  /** Pods that no node took, under one bucket. */
  readonly unschedulable: Buckets;
  /** By the owner's uid: its pods on each node. */
  readonly podSpread: CowMap<string, ReadonlyMap<string, number>>;
  /** `TYPE KEY` of syncs that are scheduled, and when. */
  readonly due: CowMap<string, number>;
  readonly nodes: CowMap<string, NodeRecord>;
  readonly daemonSetRevisions: CowMap<string, DaemonSetRevision>;
  /** By `NAMESPACE/NAME` of the Service. */
  readonly loadBalancers: CowMap<string, LoadBalancer>;
  /** Load balancers that the cloud is still making: Service key to the id it will have. */
  readonly loadBalancersInProgress: CowMap<string, number>;
  /** Why the cloud refuses a Service's load balancer, so that it is said once and retried in the background. */
  readonly loadBalancersRefused: CowMap<string, string>;
  /** Pod CIDR allocator's cursor: index of the next block to try. */
  nextPodCidr = 0;
  nextLoadBalancerId = 1;

  constructor(from?: ControllerState) {
    this.podsByNode = from ? from.podsByNode.fork() : new Buckets();
    this.podsByLabel = from ? from.podsByLabel.fork() : new Buckets();
    this.replicaSetsByLabel = from ? from.replicaSetsByLabel.fork() : new Buckets();
    this.servicesByLabel = from ? from.servicesByLabel.fork() : new Buckets();
    this.objectsByNamespace = from ? from.objectsByNamespace.fork() : new Buckets();
    this.workloadsByNamespace = from ? from.workloadsByNamespace.fork() : new Buckets();
    this.dependentsByOwner = from ? from.dependentsByOwner.fork() : new Buckets();
    this.slicesByService = from ? from.slicesByService.fork() : new Buckets();
    this.slicesWritten = from ? from.slicesWritten.fork() : new CowMap();
    this.unschedulable = from ? from.unschedulable.fork() : new Buckets();
    this.podSpread = from ? from.podSpread.fork() : new CowMap();
    this.due = from ? from.due.fork() : new CowMap();
    this.nodes = from ? from.nodes.fork() : new CowMap();
    this.daemonSetRevisions = from ? from.daemonSetRevisions.fork() : new CowMap();
    this.loadBalancers = from ? from.loadBalancers.fork() : new CowMap();
    this.loadBalancersInProgress = from ? from.loadBalancersInProgress.fork() : new CowMap();
    this.loadBalancersRefused = from ? from.loadBalancersRefused.fork() : new CowMap();
    if (from) {
      this.nextPodCidr = from.nextPodCidr;
      this.nextLoadBalancerId = from.nextLoadBalancerId;
    }
  }

  fork(): ControllerState {
    return new ControllerState(this);
  }
}
