import { checkHealth, checkTarget, endTargetCheck } from "./cloud/health-checks";
import { finishCreation, finishDeletion, syncLoadBalancer } from "./cloud/service-controller";
import type { ControlContext } from "./context";
import { syncDaemonSet } from "./daemon-set";
import { syncDeployment } from "./deployment";
import { syncServiceEndpoints } from "./endpoints";
import { mirrorEndpoints } from "./endpoints-mirroring";
import { type ControllerEvent, type SyncDue, takeDue } from "./events";
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
      collectGarbage(ctx, state, event.uid);
      break;
    case "progressCheckDue":
      syncDeployment(ctx, state, event.key);
      break;
    case "nodeHeartbeatDue":
      heartbeat(ctx, state, event.node);
      break;
    case "nodeGraceDue":
      endGrace(ctx, state, event.node);
      break;
    case "podEvictionDue":
      evictPod(ctx, state, event);
      break;
    case "orphanedPodsDue":
      collectOrphanedPods(ctx, state, event.node);
      break;
    case "loadBalancerCreated":
      finishCreation(ctx, state, event.key, event.id);
      break;
    case "loadBalancerDeleted":
      finishDeletion(ctx, state, event.key);
      break;
    case "loadBalancerRetryDue":
      syncLoadBalancer(ctx, state, event.key, event.attempt);
      break;
    case "healthCheckDue":
      checkHealth(ctx, state, event);
      break;
    case "targetCheckDue":
      checkTarget(ctx, state, event);
      break;
    case "targetTimedOut":
      endTargetCheck(ctx, state, event);
      break;
    case "healthCheckAwaited":
      break;
    default:
      if (takeDue(ctx, state, event)) sync(ctx, state, event);
      break;
  }
}

function sync(ctx: ControlContext, state: ControllerState, { type, key }: SyncDue): void {
  switch (type) {
    case "deploymentSyncDue":
      syncDeployment(ctx, state, key);
      break;
    case "replicaSetSyncDue":
      syncReplicaSet(ctx, state, key);
      break;
    case "daemonSetSyncDue":
      syncDaemonSet(ctx, state, key);
      break;
    case "podSchedulingDue":
      schedulePod(ctx, state, key);
      break;
    case "endpointsSyncDue":
      syncServiceEndpoints(ctx, state, key);
      break;
    case "endpointsMirroringDue":
      mirrorEndpoints(ctx, state, key);
      break;
    case "namespaceSyncDue":
      syncNamespace(ctx, state, key);
      break;
    case "nodeSyncDue":
      syncNode(ctx, state, key);
      break;
    case "loadBalancerSyncDue":
      syncLoadBalancer(ctx, state, key);
      break;
  }
}
