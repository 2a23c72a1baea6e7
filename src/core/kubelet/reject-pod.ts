import type { Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { findPortHolder, NO_FREE_PORTS } from "../controllers/host-ports";
import { shortKey } from "../controllers/objects";
import { controllerRef } from "../controllers/pod-facts";
import type { ControlState } from "./control";

/** Who writes nodeName into a pod goes past the scheduler; the kubelet looks at host ports again.
 *  Source: kubelet, lifecycle/predicate.go.
 *  Simplified: not for pods of a controller, which would make another one at once, and again. */
export function rejectPod(ctx: ControlContext, state: ControlState, pod: Pod): boolean {
  if (controllerRef(pod) || pod.status.podIP) return false;
  const holder = findPortHolder(ctx, state.controllers, pod, pod.spec.nodeName ?? "");
  if (!holder || !state.kubelets.pods.has(shortKey(holder))) return false;
  const message = `Predicate NodePorts failed: ${NO_FREE_PORTS}`;
  ctx.recordEvent(pod, "Warning", "NodePorts", message, "kubelet");
  ctx.store.put<Pod>({
    ...pod,
    status: {
      ...pod.status,
      phase: "Failed",
      reason: "NodePorts",
      message: `Pod was rejected: ${message}`,
    },
  });
  return true;
}
