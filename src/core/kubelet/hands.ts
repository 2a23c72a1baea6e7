import type { ObjectKey, Pod } from "../api/types";
import { PROBE_KINDS } from "../controllers/check";
import { waitForNextCheck } from "../controllers/cloud/service-controller";
import type { ControlContext } from "../controllers/context";
import { observePower } from "../controllers/node-lifecycle";
import { findAll, findByShortKey, shortKey } from "../controllers/objects";
import { netnsOfPod } from "./cni/pod-ref";
import { crashContainer } from "./container-exit";
import { closePorts, openPorts } from "./container-ports";
import { reviveContainer } from "./container-start";
import type { ControlState } from "./control";
import { resumeNode } from "./pod-lifecycle";
import { writeStatus } from "./pod-status";
import { reconsiderProbe } from "./probes";

/** Lets a pod's program say that it is (not) ready. With a readiness probe the next probes find out, by their
 *  period and thresholds; a pod without one, or whose readiness came with the object, changes at once. */
export function setReadiness(
  ctx: ControlContext,
  state: ControlState,
  podKey: string,
  ready: boolean,
): void {
  const { pods } = state.kubelets;
  const pod = findByShortKey(ctx.store, "Pod", podKey);
  const runtime = pods.get(podKey);
  if (!pod || !runtime) return;
  if (runtime.givenReady === undefined) {
    pods.set(podKey, { ...runtime, failedByHand: !ready });
    reopenProbedPorts(ctx, state, pod);
    for (const index of pod.spec.containers.keys()) {
      reconsiderProbe(ctx, state, pod, index, "readiness");
    }
  } else {
    pods.set(podKey, { ...runtime, failedByHand: !ready, givenReady: ready });
  }
  writeStatus(ctx, state, pod);
}

/** A tcpSocket probe fails when its port is closed, and by nothing else. */
function reopenProbedPorts(ctx: ControlContext, state: ControlState, pod: Pod): void {
  const containers = state.kubelets.pods.get(shortKey(pod))?.containers ?? [];
  for (const [index, container] of pod.spec.containers.entries()) {
    const { running = false, dead = false } = containers[index] ?? {};
    if (!container.readinessProbe?.tcpSocket || !running || dead) continue;
    closePorts(ctx, pod, [container]);
    openPorts(ctx, state, pod, container, true);
  }
}

/** A container's process dies, as after `kill -9`; its kubelet finds out and starts it again. False when it does not run. */
export function killContainer(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  container: string | undefined,
): boolean {
  const index = containerIndex(pod, container);
  const runtime = state.kubelets.pods.get(shortKey(pod));
  const one = runtime?.containers[index];
  if (runtime?.stage !== "running" || !one?.running || one.dead) return false;
  if (!ctx.plane.find(`node/${runtime.node}`)?.up) return false;
  crashContainer(ctx, state, pod, index);
  return true;
}

/** Takes that back. False when the pod is not running any more. */
export function restoreContainer(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  container: string,
  before: { readonly restarts: number; readonly ready: boolean },
): boolean {
  if (state.kubelets.pods.get(shortKey(pod))?.stage !== "running") return false;
  reviveContainer(ctx, state, pod, containerIndex(pod, container), before);
  return true;
}

function containerIndex(pod: Pod, container: string | undefined): number {
  if (container === undefined) return 0;
  return pod.spec.containers.findIndex(({ name }) => name === container);
}

/** Switches a node's machine off or on. Off: no packet is answered, no kubelet acts; pods freeze as they are.
 *  Simplified: a machine that comes back finds its pods as they were, with their addresses and processes. */
export function setNodePower(
  ctx: ControlContext,
  state: ControlState,
  node: string,
  on: boolean,
): void {
  const machine = ctx.plane.find(`node/${node}`);
  if (!machine || machine.up === on) return;
  ctx.plane.put({ ...machine, up: on });
  ctx.mark({ kind: on ? "poweredOn" : "poweredOff", object: `Node/${node}` });
  const pods = findAll(ctx.store, "Pod", state.controllers.podsByNode.keys(node));
  for (const pod of pods) {
    const netns = ctx.plane.find(netnsOfPod(pod.metadata));
    if (netns) ctx.plane.put({ ...netns, up: on });
  }
  observePower(ctx, state.controllers, node);
  for (const key of state.controllers.loadBalancers.keys()) {
    waitForNextCheck(ctx, state.controllers, key);
  }
  if (!on) return;
  resumeNode(ctx, state, node);
  for (const pod of pods) {
    for (const kind of PROBE_KINDS) {
      for (const index of pod.spec.containers.keys()) {
        reconsiderProbe(ctx, state, pod, index, kind);
      }
    }
    if (state.kubelets.pods.get(shortKey(pod))?.stage === "running") writeStatus(ctx, state, pod);
  }
}

/** Pods that somebody made not ready, or that came so: their probes have no say. */
export function podsHeldUnready({ kubelets }: ControlState): readonly ObjectKey[] {
  const held: ObjectKey[] = [];
  for (const [key, { failedByHand, givenReady }] of kubelets.pods)
    if (failedByHand || givenReady === false) held.push(`Pod/${key}`);
  return held;
}
