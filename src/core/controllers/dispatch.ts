import { checkHealth } from "./cloud/health-checks";
import { syncHealthzListeners } from "./cloud/healthz";
import { finishCreation, finishDeletion, syncLoadBalancer } from "./cloud/service-controller";
import type { ControlContext } from "./context";
import { syncDaemonSet } from "./daemon-set";
import { syncDeployment } from "./deployment";
import { syncServiceEndpoints } from "./endpoints";
import { mirrorEndpoints } from "./endpoints-mirroring";
import type { ControllerEvent, SyncDue } from "./events";
import { collectGarbage, syncNamespace } from "./garbage";
import { collectOrphanedPods, endGrace, evictPod, heartbeat, syncNode } from "./node-lifecycle";
import { syncReplicaSet } from "./replica-set";
import { schedulePod } from "./scheduler";
import type { ControllerState } from "./state";

/** Does what is due now. */
export function handleControllerEvent(
  ctx: ControlContext,
  state: ControllerState,
  event: ControllerEvent,
): void {
  switch (event.type) {
    case "garbageCollectionDue":
      return collectGarbage(ctx, state, event.uid);
    case "nodeHeartbeatDue":
      return heartbeat(ctx, state, event.node);
    case "nodeGraceDue":
      return endGrace(ctx, state, event.node);
    case "podEvictionDue":
      return evictPod(ctx, state, event);
    case "orphanedPodsDue":
      return collectOrphanedPods(ctx, state, event.node);
    case "loadBalancerCreated":
      return finishCreation(ctx, state, event.key, event.id);
    case "loadBalancerDeleted":
      return finishDeletion(ctx, state, event.key);
    case "loadBalancerRetryDue":
      return syncLoadBalancer(ctx, state, event.key, event.attempt);
    case "healthCheckDue":
      return checkHealth(ctx, state, event);
    case "healthCheckAwaited":
      return;
    default:
      state.due.delete(`${event.type} ${event.key}`);
      return sync(ctx, state, event);
  }
}

function sync(ctx: ControlContext, state: ControllerState, { type, key }: SyncDue): void {
  switch (type) {
    case "deploymentSyncDue":
      return syncDeployment(ctx, state, key);
    case "replicaSetSyncDue":
      return syncReplicaSet(ctx, state, key);
    case "daemonSetSyncDue":
      return syncDaemonSet(ctx, state, key);
    case "podSchedulingDue":
      return schedulePod(ctx, state, key);
    case "endpointsSyncDue":
      return syncServiceEndpoints(ctx, state, key);
    case "endpointsMirroringDue":
      return mirrorEndpoints(ctx, state, key);
    case "namespaceSyncDue":
      return syncNamespace(ctx, state, key);
    case "nodeSyncDue":
      return syncNode(ctx, state, key);
    case "loadBalancerSyncDue":
      return syncLoadBalancer(ctx, state, key);
    case "healthzListenersDue":
      return syncHealthzListeners(ctx);
  }
}
