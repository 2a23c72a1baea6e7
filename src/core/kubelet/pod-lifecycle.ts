import type { Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { isNodeUp } from "../controllers/node-lifecycle";
import { findAll, shortKey } from "../controllers/objects";
import { findCondition, isFinished, isTerminating } from "../controllers/pod-facts";
import { formatIpv4, parseIpv4 } from "../net/ipv4";
import { EMPTY_IPAM, reserveIp } from "./cni/host-local";
import { startProcess } from "./container-start";
import type { ControlState } from "./control";
import type { PodStep } from "./events";
import { writeSandboxStatus, writeStatus } from "./pod-status";
import { advance, continuePod, findDue } from "./pod-steps";
import { markLeaving } from "./pod-stop";
import { rejectPod } from "./reject-pod";
import { makeSandbox, plugIn } from "./sandbox";

/** Takes up a pod that was bound to a node; does nothing for one that is known. */
export function admitPod(ctx: ControlContext, state: ControlState, pod: Pod, isNew: boolean): void {
  const { kubelets } = state;
  const key = shortKey(pod);
  const node = pod.spec.nodeName ?? "";
  if (isFinished(pod) || kubelets.pods.get(key)?.uid === pod.metadata.uid) return;
  if (rejectPod(ctx, state, pod)) return;
  const given = isNew ? findCondition(pod.status.conditions, "Ready") : undefined;
  const ip = isNew ? parseIpv4(pod.status.podIP ?? "") : undefined;
  kubelets.pods.set(key, {
    uid: pod.metadata.uid,
    node,
    stage: "waiting",
    ticket: 0,
    ...(ip !== undefined && { ip }),
    imported: isNew && pod.status.phase === "Running" && ip !== undefined,
    ...(given && { givenReady: given.status === "True" }),
    failedByHand: false,
    containers: [],
  });
  if (ip !== undefined && !pod.spec.hostNetwork) {
    kubelets.ipam.set(node, reserveIp(kubelets.ipam.get(node) ?? EMPTY_IPAM, ip));
  }
  if (isNodeUp(ctx, node)) continuePod(ctx, state, pod);
}

/** A node came up: everything on it goes on from where it was. */
export function resumeNode(ctx: ControlContext, state: ControlState, node: string): void {
  for (const pod of findAll(ctx.store, "Pod", state.controllers.podsByNode.keys(node))) {
    admitPod(ctx, state, pod, false);
    if (isTerminating(pod)) markLeaving(ctx, state, pod);
    continuePod(ctx, state, pod);
  }
}

/** RunPodSandbox: a namespace with the pause container; the CNI plugins come next. */
export function startSandbox(ctx: ControlContext, state: ControlState, due: PodStep): void {
  const found = findDue(ctx, state, due);
  if (!found) return;
  const { pod, runtime } = found;
  if (pod.spec.hostNetwork) {
    writeSandboxStatus(ctx, pod, undefined);
    advance(ctx, state, pod, "sandboxed");
    return;
  }
  makeSandbox(ctx, pod, runtime.node);
  advance(ctx, state, pod, "networking");
}

/** CNI ADD: from here on the pod has its address. */
export function plugPod(ctx: ControlContext, state: ControlState, due: PodStep): void {
  const found = findDue(ctx, state, due);
  if (!found) return;
  const { pod, runtime } = found;
  const result = plugIn(ctx, state, pod, runtime);
  if (!result.ok) {
    state.kubelets.pods.set(due.pod, { ...runtime, stage: "noAddress" });
    ctx.recordEvent(pod, "Warning", "FailedCreatePodSandBox", result.message, "kubelet");
    writeStatus(ctx, state, pod);
    return;
  }
  // Multus may have written to it meanwhile.
  const { namespace, name } = pod.metadata;
  writeSandboxStatus(ctx, ctx.store.find("Pod", namespace, name) ?? pod, formatIpv4(result.ip));
  advance(ctx, state, pod, "sandboxed", { ip: result.ip });
}

/** Processes start: their sockets listen, probes begin. */
export function startContainers(ctx: ControlContext, state: ControlState, due: PodStep): void {
  const found = findDue(ctx, state, due);
  if (!found) return;
  const { pod, runtime } = found;
  const containers = pod.spec.containers.map((container) => ({
    running: true,
    started: container.startupProbe === undefined,
    ready: container.readinessProbe === undefined,
    restarts:
      pod.status.containerStatuses?.find((one) => one.name === container.name)?.restartCount ?? 0,
    startedAtUs: ctx.nowUs,
    probes: {},
  }));
  state.kubelets.pods.set(due.pod, { ...runtime, stage: "running", containers });
  for (const index of pod.spec.containers.keys()) startProcess(ctx, state, pod, index);
  writeStatus(ctx, state, pod);
}
