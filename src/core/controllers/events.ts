import type { LagName } from "../api/lags";
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
      readonly background: true;
    }
  | {
      readonly type: "targetCheckDue";
      readonly key: string;
      readonly id: number;
      readonly node: string;
      readonly background: boolean;
    }
  /** A target has not answered in time. */
  | {
      readonly type: "targetTimedOut";
      readonly key: string;
      readonly id: number;
      readonly node: string;
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
};

/** As it was set, or as it is usual. */
function syncDelayUs(ctx: ControlContext, type: SyncType): number {
  const lag = LAGS[type];
  return (lag && ctx.lagUs(lag)) ?? SYNC_DELAY_US[type];
}

const LAGS: { readonly [type in SyncType]?: LagName } = {
  endpointsSyncDue: "endpointSlices",
  endpointsMirroringDue: "endpointSlices",
  loadBalancerSyncDue: "cloudController",
};

/** Reconciles `key` soon; asking again meanwhile changes nothing, unless it is to be sooner. */
export function enqueue(
  ctx: ControlContext,
  state: ControllerState,
  type: SyncType,
  key: string,
  givenUs?: number,
): void {
  const delayUs = givenUs ?? syncDelayUs(ctx, type);
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
