import { objectKey, type Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { isNodeUp } from "../controllers/node-lifecycle";
import { findByShortKey, shortKey } from "../controllers/objects";
import { endContainer, type RestartDue, scheduleRestart } from "./container-end";
import { openPorts } from "./container-ports";
import type { ControlState } from "./control";
import { writeStatus } from "./pod-status";
import { startProbes } from "./probes";
import { setContainer } from "./set-container";
import type { ContainerRuntime } from "./state";

/** A container's process starts: it listens, and its probes begin. Where it cannot have its port, it exits. */
export function startProcess(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  index: number,
): void {
  const container = pod.spec.containers[index];
  if (!container) return;
  const imported = state.kubelets.pods.get(shortKey(pod))?.imported === true;
  const taken = openPorts(ctx, state, pod, container, imported);
  if (!imported) {
    const { image, name } = container;
    const present = `Container image "${image}" already present on machine`;
    ctx.recordEvent(pod, "Normal", "Pulled", present, "kubelet");
    ctx.recordEvent(pod, "Normal", "Created", `Created container: ${name}`, "kubelet");
    ctx.recordEvent(pod, "Normal", "Started", `Started container ${name}`, "kubelet");
  }
  if (!taken) {
    startProbes(ctx, state, pod, index);
    return;
  }
  ctx.mark({ kind: "exited", object: objectKey(pod), detail: container.name });
  const output = ctx.bindFailureOf(container, taken);
  endContainer(ctx, state, pod, index, { exitCode: 1, reason: "Error", output });
}

/** The machine was off when containers were to start again. */
export function restartStopped(ctx: ControlContext, state: ControlState, pod: Pod): void {
  const containers = state.kubelets.pods.get(shortKey(pod))?.containers ?? [];
  containers.forEach((one, index) => {
    if (!one.running) scheduleRestart(ctx, pod, index, one.restarts);
  });
}

export function restartContainer(ctx: ControlContext, state: ControlState, due: RestartDue): void {
  const runtime = state.kubelets.pods.get(due.pod);
  const pod = findByShortKey(ctx.store, "Pod", due.pod);
  const container = pod?.spec.containers[due.container];
  const stopped = runtime?.containers[due.container]?.running === false;
  if (!runtime || !container || !stopped || runtime.stage !== "running") return;
  if (pod.metadata.uid !== due.uid || !isNodeUp(ctx, runtime.node)) return;
  setContainer(state, pod, due.container, ({ backOffUs: _, ...one }) => ({
    ...one,
    running: true,
    started: container.startupProbe === undefined,
    ready: container.readinessProbe === undefined,
    startedAtUs: ctx.nowUs,
  }));
  startProcess(ctx, state, pod, due.container);
  writeStatus(ctx, state, pod);
}

/** As if a container had not died: it runs, with its probes and counts of before. */
export function reviveContainer(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  index: number,
  before: Pick<ContainerRuntime, "restarts" | "ready">,
): void {
  const container = pod.spec.containers[index];
  const was = state.kubelets.pods.get(shortKey(pod))?.containers[index];
  if (!container || !was) return;
  setContainer(state, pod, index, ({ backOffUs: _, lastEnd: __, ...one }) => ({
    ...one,
    running: true,
    dead: false,
    started: true,
    ready: before.ready,
    restarts: before.restarts,
  }));
  if (!was.running || was.dead) {
    openPorts(ctx, state, pod, container, true);
    startProbes(ctx, state, pod, index);
  }
  writeStatus(ctx, state, pod);
}
