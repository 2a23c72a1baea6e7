import { type Container, objectKey, type Pod, type Probe } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { isNodeUp } from "../controllers/node-lifecycle";
import { findByShortKey, shortKey } from "../controllers/objects";
import { SECOND } from "../sim/time";
import { endContainer } from "./container-end";
import { netnsOf } from "./container-ports";
import type { ControlState } from "./control";
import type { KubeletEvent } from "./events";
import { writeStatus } from "./pod-status";
import { failureMessage, probePort } from "./probe-messages";
import { setContainer } from "./set-container";
import type { PodRuntime, ProbeKind, ProbeRuntime } from "./state";

/** Source: Probe defaults, k8s.io/api core/v1. */
const PERIOD_SECONDS = 10;
const FAILURE_THRESHOLD = 3;

type ProbeDue = Extract<KubeletEvent, { type: "probeDue" }>;

function probeOf(container: Container, kind: ProbeKind): Probe | undefined {
  switch (kind) {
    case "readiness":
      return container.readinessProbe;
    case "liveness":
      return container.livenessProbe;
    case "startup":
      return container.startupProbe;
  }
}

/** A container runs: its start-up probe begins, or at once the other two. */
export function startProbes(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  index: number,
): void {
  const container = pod.spec.containers[index];
  const runtime = state.kubelets.pods.get(shortKey(pod));
  const one = runtime?.containers[index];
  if (!container || !one || runtime.givenReady !== undefined) return;
  const kinds: readonly ProbeKind[] = one.started ? ["readiness", "liveness"] : ["startup"];
  for (const kind of kinds) {
    const probe = probeOf(container, kind);
    if (!probe) continue;
    const firstAtUs = one.startedAtUs + (probe.initialDelaySeconds ?? 0) * SECOND;
    const delayUs = Math.max(0, firstAtUs - ctx.nowUs);
    scheduleProbe(ctx, state, { pod, index, kind, delayUs, successes: 0, failures: 0 });
  }
}

interface NextProbe {
  readonly pod: Pod;
  readonly index: number;
  readonly kind: ProbeKind;
  readonly delayUs: number;
  readonly successes: number;
  readonly failures: number;
}

/** A probe that will only confirm what is known is background; one that may change something is not. */
function scheduleProbe(ctx: ControlContext, state: ControlState, next: NextProbe): void {
  const { pod, index, kind, delayUs, successes, failures } = next;
  const ticket = state.kubelets.newTicket();
  const runtime = setContainer(state, pod, index, (one) => ({
    ...one,
    probes: {
      ...one.probes,
      [kind]: { ticket, nextAtUs: ctx.nowUs + delayUs, successes, failures } satisfies ProbeRuntime,
    },
  }));
  const one = runtime?.containers[index];
  if (!runtime || !one) return;
  const background = isSteady(ctx, pod, runtime, index, kind);
  ctx.schedule(delayUs, {
    type: "probeDue",
    pod: shortKey(pod),
    ticket,
    container: index,
    probe: kind,
    background,
  } satisfies ProbeDue);
}

function isSteady(
  ctx: ControlContext,
  pod: Pod,
  runtime: PodRuntime,
  index: number,
  kind: ProbeKind,
): boolean {
  const one = runtime.containers[index];
  const container = pod.spec.containers[index];
  const probe = container && probeOf(container, kind);
  if (!one || !probe) return true;
  const outcome = passes(ctx, pod, runtime, container, probe, kind);
  if (kind === "readiness") return one.ready === outcome;
  // A container that fails its probe after a restart will fail it for ever.
  return kind === "liveness" ? outcome || one.restarts > 0 : !outcome && one.restarts > 0;
}

/** Simplified: asks the socket table, sends no packet; every served port answers every path with 200. */
function passes(
  ctx: ControlContext,
  pod: Pod,
  runtime: PodRuntime,
  container: Container,
  probe: Probe,
  kind: ProbeKind,
): boolean {
  if (kind === "readiness" && runtime.failedByHand) return false;
  if (probe.exec) return true;
  const port = probePort(container, probe);
  const listeners = ctx.plane.find(netnsOf(pod))?.listeners ?? [];
  return listeners.some((one) => one.protocol === "tcp" && one.port === port);
}

/** Runs one probe, counts its result, acts when a threshold is reached, and schedules the next. */
export function runProbe(ctx: ControlContext, state: ControlState, due: ProbeDue): void {
  const runtime = state.kubelets.pods.get(due.pod);
  const pod = findByShortKey(ctx.store, "Pod", due.pod);
  const { container: index, probe: kind } = due;
  const one = runtime?.containers[index];
  const before = one?.probes[kind];
  const container = pod?.spec.containers[index];
  const probe = container && probeOf(container, kind);
  if (!runtime || !one || before?.ticket !== due.ticket || !probe) return;
  if (pod.metadata.uid !== runtime.uid || !isNodeUp(ctx, runtime.node)) return;
  const ok = passes(ctx, pod, runtime, container, probe, kind);
  const successes = ok ? before.successes + 1 : 0;
  const failures = ok ? 0 : before.failures + 1;
  if (!ok) {
    const message = failureMessage(pod, container, probe, kind, runtime.failedByHand);
    ctx.recordEvent(pod, "Warning", "Unhealthy", message, "kubelet");
  }
  const passed = ok && successes >= (probe.successThreshold ?? 1);
  const failed = !ok && failures >= (probe.failureThreshold ?? FAILURE_THRESHOLD);
  if (kind !== "readiness" && failed) {
    stopContainer(ctx, state, pod, index, kind);
    return;
  }
  if (kind === "startup" && passed) {
    setContainer(state, pod, index, (now) => ({ ...now, started: true, probes: {} }));
    startProbes(ctx, state, pod, index);
    writeStatus(ctx, state, pod);
    return;
  }
  if (kind === "readiness" && (passed || failed) && one.ready !== passed) {
    setContainer(state, pod, index, (now) => ({ ...now, ready: passed }));
    writeStatus(ctx, state, pod);
  }
  const delayUs = (probe.periodSeconds ?? PERIOD_SECONDS) * SECOND;
  scheduleProbe(ctx, state, { pod, index, kind, delayUs, successes, failures });
}

/** Liveness or start-up gave up: the container is killed, and started again after a back-off. */
function stopContainer(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  index: number,
  kind: ProbeKind,
): void {
  const container = pod.spec.containers[index];
  if (!container) return;
  const message = `Container ${container.name} failed ${kind} probe, will be restarted`;
  ctx.recordEvent(pod, "Normal", "Killing", message, "kubelet");
  ctx.mark({ kind: "exited", object: objectKey(pod), detail: container.name });
  endContainer(ctx, state, pod, index, { exitCode: 0, reason: "Completed", output: [] });
}

/** Brings the next probe of a kind forward under a new ticket: what decides its outcome has changed. */
export function reconsiderProbe(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  index: number,
  kind: ProbeKind,
): void {
  const before = state.kubelets.pods.get(shortKey(pod))?.containers[index]?.probes[kind];
  if (!before) return;
  const delayUs = Math.max(0, before.nextAtUs - ctx.nowUs);
  const { successes, failures } = before;
  scheduleProbe(ctx, state, { pod, index, kind, delayUs, successes, failures });
}
