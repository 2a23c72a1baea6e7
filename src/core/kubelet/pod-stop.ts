import { objectKey, type Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { isNodeUp } from "../controllers/node-lifecycle";
import { shortKey } from "../controllers/objects";
import { isFinished } from "../controllers/pod-facts";
import { netnsOfPod } from "./cni/pod-ref";
import { closePorts } from "./container-ports";
import type { ControlState } from "./control";
import type { PodStep } from "./events";
import { writeStatus } from "./pod-status";
import { advance, findDue } from "./pod-steps";
import { unplugPod } from "./sandbox";
import type { PodStage } from "./state";

const BEFORE_STOP: readonly PodStage[] = [
  "waiting",
  "noAddress",
  "networking",
  "sandboxed",
  "running",
];

/** The API server has marked the pod for deletion; its kubelet hears of it in a moment. */
export function markLeaving(ctx: ControlContext, state: ControlState, pod: Pod): void {
  if (!isNodeUp(ctx, pod.spec.nodeName ?? "")) return;
  const runtime = state.kubelets.pods.get(shortKey(pod));
  if (!runtime || isFinished(pod)) {
    ctx.store.remove("Pod", pod.metadata.namespace, pod.metadata.name);
    return;
  }
  if (BEFORE_STOP.includes(runtime.stage)) advance(ctx, state, pod, "leaving");
}

/** The kubelet begins to stop the containers: with their preStop hooks. */
export function beginStop(ctx: ControlContext, state: ControlState, due: PodStep): void {
  const found = findDue(ctx, state, due);
  if (!found) return;
  const { pod, runtime } = found;
  for (const [index, { name }] of pod.spec.containers.entries()) {
    if (!runtime.containers[index]?.running) continue;
    ctx.recordEvent(pod, "Normal", "Killing", `Stopping container ${name}`, "kubelet");
  }
  advance(ctx, state, pod, "stopping");
}

export function sendSignal(ctx: ControlContext, state: ControlState, due: PodStep): void {
  const found = findDue(ctx, state, due);
  if (!found) return;
  ctx.mark({ kind: "signalled", object: objectKey(found.pod) });
  advance(ctx, state, found.pod, "signalled");
}

/** The processes are gone: nobody listens any more, and the network is still there. The API hears of it when the
 *  sandbox is down, too. Source: kubelet, SyncTerminatingPod. */
export function finishStop(ctx: ControlContext, state: ControlState, due: PodStep): void {
  const found = findDue(ctx, state, due);
  if (!found) return;
  const { pod, runtime } = found;
  closePorts(ctx, pod, pod.spec.containers);
  ctx.mark({ kind: "exited", object: objectKey(pod) });
  const containers = runtime.containers.map(({ backOffUs: _, ...one }) => ({
    ...one,
    running: false,
    ready: false,
    probes: {},
  }));
  advance(ctx, state, pod, "stopped", { containers });
}

/** CNI DEL: the namespace goes, its address is free again. */
export function unplug(ctx: ControlContext, state: ControlState, due: PodStep): void {
  const found = findDue(ctx, state, due);
  if (!found) return;
  const { pod, runtime } = found;
  writeStatus(ctx, state, pod);
  unplugPod(ctx, state, pod, runtime);
  ctx.mark({ kind: "unplugged", object: objectKey(pod) });
  const { ip: _, ...rest } = runtime;
  state.kubelets.pods.set(due.pod, rest);
  advance(ctx, state, pod, "unplugged");
}

export function removeObject(ctx: ControlContext, state: ControlState, due: PodStep): void {
  const found = findDue(ctx, state, due);
  if (!found) return;
  const { pod } = found;
  state.kubelets.pods.delete(due.pod);
  ctx.store.remove("Pod", pod.metadata.namespace, pod.metadata.name);
}

/** The object is gone (forced, or its node went): whatever is left of the pod is torn down.
 *  Simplified: at once, where a kubelet would still send SIGKILL first. */
export function forgetPod(ctx: ControlContext, state: ControlState, pod: Pod): void {
  const key = shortKey(pod);
  const runtime = state.kubelets.pods.get(key);
  if (!runtime || runtime.uid !== pod.metadata.uid) return;
  state.kubelets.pods.delete(key);
  const id = pod.spec.hostNetwork ? `node/${runtime.node}` : netnsOfPod(pod.metadata);
  ctx.plane.removeListenersOf(id, netnsOfPod(pod.metadata));
  unplugPod(ctx, state, pod, runtime);
}
