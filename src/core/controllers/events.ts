import { MS } from "../sim/time";
import type { ControlContext } from "./context";
import type { ControllerState } from "./state";

/** A controller's work queue item: reconcile this object. */
export interface SyncDue {
  readonly type: SyncType;
  /** `NAMESPACE/NAME`, or the name of what has no namespace. */
  readonly key: string;
}

export const SYNC_TYPES = [
  "deploymentSyncDue",
  "replicaSetSyncDue",
  "daemonSetSyncDue",
  "podSchedulingDue",
  "endpointsSyncDue",
  "endpointsMirroringDue",
  "namespaceSyncDue",
  "nodeSyncDue",
  "loadBalancerSyncDue",
  "healthzListenersDue",
] as const;

export type SyncType = (typeof SYNC_TYPES)[number];

export type ControllerEvent =
  | SyncDue
  | { readonly type: "garbageCollectionDue"; readonly uid: string }
  /** A Deployment's rollout may be stuck. */
  | { readonly type: "progressCheckDue"; readonly key: string; readonly background: true }
  | { readonly type: "nodeHeartbeatDue"; readonly node: string; readonly background: true }
  | { readonly type: "nodeGraceDue"; readonly node: string }
  | {
      readonly type: "podEvictionDue";
      readonly key: string;
      readonly uid: string;
      readonly notReadySinceUs: number;
      readonly background: true;
    }
  | { readonly type: "orphanedPodsDue"; readonly node: string }
  | { readonly type: "loadBalancerCreated"; readonly key: string; readonly id: number }
  | { readonly type: "loadBalancerDeleted"; readonly key: string }
  | {
      readonly type: "loadBalancerRetryDue";
      readonly key: string;
      readonly attempt: number;
      readonly background: true;
    }
  | {
      readonly type: "healthCheckDue";
      readonly key: string;
      readonly id: number;
      readonly background: boolean;
    }
  /** Does nothing but keep the cluster busy until a health check has seen a change. */
  | { readonly type: "healthCheckAwaited"; readonly key: string };

/** Watch latency, queue and one reconcile, in kind: informers deliver within milliseconds. */
const SYNC_DELAY_US: Record<SyncType, number> = {
  deploymentSyncDue: 40 * MS,
  replicaSetSyncDue: 30 * MS,
  daemonSetSyncDue: 20 * MS,
  podSchedulingDue: 10 * MS,
  /** Source: kube-controller-manager --endpointslice-updates-batch-period is 0, so only queue and watch latency. */
  endpointsSyncDue: 100 * MS,
  endpointsMirroringDue: 100 * MS,
  namespaceSyncDue: 50 * MS,
  nodeSyncDue: 1 * MS,
  loadBalancerSyncDue: 50 * MS,
  healthzListenersDue: 50 * MS,
};

/** Reconciles `key` soon; asking again meanwhile changes nothing, unless it is to be sooner. */
export function enqueue(
  ctx: ControlContext,
  state: ControllerState,
  type: SyncType,
  key: string,
  delayUs: number = SYNC_DELAY_US[type],
): void {
  const item = `${type} ${key}`;
  const atUs = ctx.nowUs + delayUs;
  const due = state.due.get(item);
  if (due !== undefined && due <= atUs) return;
  state.due.set(item, atUs);
  ctx.schedule(delayUs, { type, key } satisfies SyncDue);
}

/** Takes an item off the queue; false when it was already done at an earlier time. */
export function takeDue(
  ctx: ControlContext,
  state: ControllerState,
  { type, key }: SyncDue,
): boolean {
  const item = `${type} ${key}`;
  if (state.due.get(item) !== ctx.nowUs) return false;
  return state.due.delete(item);
}
