import { objectKey, type Pod, type Probe } from "../api/types";
import {
  type CheckAnswer,
  type CheckPurpose,
  type Followed,
  PROBE_KINDS,
  type ProbeKind,
} from "../controllers/check";
import type { ControlContext } from "../controllers/context";
import { isNodeUp } from "../controllers/node-lifecycle";
import { findByShortKey, shortKey } from "../controllers/objects";
import { SECOND } from "../sim/time";
import { endContainer } from "./container-end";
import { netnsOf } from "./container-ports";
import type { ControlState } from "./control";
import type { KubeletEvent } from "./events";
import { writeStatusSoon } from "./pod-status";
import { planProbe, probeOf, probePort } from "./probe-check";
import {
  isKnownAtOnce,
  type ProbeResult,
  resultOf,
  timeoutUs,
  unhealthyText,
} from "./probe-messages";
import { setContainer } from "./set-container";
import type { PodRuntime, ProbeRuntime } from "./state";

/** Source: Probe defaults, k8s.io/api core/v1. */
const PERIOD_SECONDS = 10;
const FAILURE_THRESHOLD = 3;

type ProbeDue = Extract<KubeletEvent, { type: "probeDue" }>;
type ProbeTimedOut = Extract<KubeletEvent, { type: "probeTimedOut" }>;
type ProbePurpose = Extract<CheckPurpose, { kind: "probe" }>;

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
  for (const kind of PROBE_KINDS) {
    const probe = probeOf(container, kind);
    if (!probe || (kind === "startup") === one.started) continue;
    const firstAtUs = one.startedAtUs + (probe.initialDelaySeconds ?? 0) * SECOND;
    const delayUs = Math.max(0, firstAtUs - ctx.nowUs);
    scheduleProbe(ctx, state, { pod, index, kind, delayUs, successes: 0, failures: 0 });
  }
}

interface NextProbe extends Pick<ProbeRuntime, "successes" | "failures" | "last"> {
  readonly pod: Pod;
  readonly index: number;
  readonly kind: ProbeKind;
  readonly delayUs: number;
}

/** A probe that will only confirm what is known is background; one that may change something is not. */
function scheduleProbe(ctx: ControlContext, state: ControlState, next: NextProbe): void {
  const { pod, index, kind, delayUs, ...counts } = next;
  const ticket = state.kubelets.newTicket();
  const runtime = setProbe(state, pod, index, kind, {
    ticket,
    nextAtUs: ctx.nowUs + delayUs,
    ...counts,
  });
  if (!runtime) return;
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

function setProbe(
  state: ControlState,
  pod: Pod,
  index: number,
  kind: ProbeKind,
  probe: ProbeRuntime,
): PodRuntime | undefined {
  return setContainer(state, pod, index, (one) => ({
    ...one,
    probes: { ...one.probes, [kind]: probe },
  }));
}

/** Whether the next result is likely to change nothing. It decides how long others wait, not what comes of it. */
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
  const likely = one.probes[kind]?.last ?? isServed(ctx, pod, runtime, index, probe, kind);
  if (kind === "readiness") return one.ready === likely;
  // A container that fails its probe after a restart will fail it for ever.
  return kind === "liveness" ? likely || one.restarts > 0 : !likely && one.restarts > 0;
}

function isServed(
  ctx: ControlContext,
  pod: Pod,
  runtime: PodRuntime,
  index: number,
  probe: Probe,
  kind: ProbeKind,
): boolean {
  if (kind === "readiness" && runtime.failedByHand) return false;
  const container = pod.spec.containers[index];
  if (probe.exec || !container) return true;
  const port = probePort(container, probe);
  const listeners = ctx.plane.find(netnsOf(pod))?.listeners ?? [];
  return listeners.some((one) => one.protocol === "tcp" && one.port === port);
}

/** A probe that can be made, with all that belongs to it. */
interface Probing {
  readonly pod: Pod;
  readonly runtime: PodRuntime;
  readonly index: number;
  readonly kind: ProbeKind;
  readonly probe: Probe;
  readonly before: ProbeRuntime;
}

function findProbing(
  ctx: ControlContext,
  state: ControlState,
  { pod: key, container: index, probe: kind }: Omit<ProbePurpose, "kind">,
): Probing | undefined {
  const runtime = state.kubelets.pods.get(key);
  const pod = findByShortKey(ctx.store, "Pod", key);
  const before = runtime?.containers[index]?.probes[kind];
  const container = pod?.spec.containers[index];
  const probe = container && probeOf(container, kind);
  if (!runtime || !before || !probe || pod.metadata.uid !== runtime.uid) return undefined;
  return isNodeUp(ctx, runtime.node) ? { pod, runtime, index, kind, probe, before } : undefined;
}

/** A probe is due: its packets are sent, and what comes of them is counted. */
export function runProbe(ctx: ControlContext, state: ControlState, due: ProbeDue): void {
  const probing = findProbing(ctx, state, due);
  if (!probing || probing.before.ticket !== due.ticket) return;
  const { pod, index, kind, probe, runtime, before } = probing;
  if (!state.hasBegun && due.background && before.last) {
    // Simplified: until the run begins, what has passed is not asked again.
    conclude(ctx, state, probing, ctx.nowUs, { ok: true });
    return;
  }
  const plan = planProbe(pod, index, kind, probe);
  switch (plan.kind) {
    case "exec":
      conclude(ctx, state, probing, ctx.nowUs, ofCommand(runtime, kind));
      break;
    case "error":
      conclude(ctx, state, probing, ctx.nowUs, { ok: false, errored: true, message: plan.message });
      break;
    case "check":
      hear(ctx, state, probing, ctx.nowUs, ctx.check(plan.check));
      break;
  }
}

/** Simplified: a command succeeds unless somebody made the pod not ready by hand. */
function ofCommand({ failedByHand }: PodRuntime, kind: ProbeKind): ProbeResult {
  return failedByHand && kind === "readiness" ? { ok: false, message: "" } : { ok: true };
}

/** Makes a probe now that somebody follows, in place of the one that is due. What comes of it is told to `hearProbe`. */
export function followProbe(
  ctx: ControlContext,
  state: ControlState,
  purpose: ProbePurpose,
): Followed {
  const probing = findProbing(ctx, state, purpose);
  if (!probing) {
    const error = `pod ${purpose.pod} has no ${purpose.probe} probe that runs`;
    return { ok: false, error };
  }
  const { pod, index, kind, probe, before } = probing;
  const plan = planProbe(pod, index, kind, probe);
  if (plan.kind === "exec")
    return { ok: false, error: `the ${kind} probe is a command in the container: no packets` };
  if (plan.kind === "error") return { ok: false, error: plan.message };
  const ticket = state.kubelets.newTicket();
  setProbe(state, pod, index, kind, { ...before, ticket, nextAtUs: ctx.nowUs });
  return { ok: true, journey: ctx.follow(plan.check) };
}

/** What came of a probe that was followed. */
export function hearProbe(
  ctx: ControlContext,
  state: ControlState,
  purpose: ProbePurpose,
  startedAtUs: number,
  answer: CheckAnswer,
): void {
  const probing = findProbing(ctx, state, purpose);
  if (probing) hear(ctx, state, probing, startedAtUs, answer);
}

/** An answer counts at once; silence when the time is up. */
function hear(
  ctx: ControlContext,
  state: ControlState,
  probing: Probing,
  startedAtUs: number,
  answer: CheckAnswer,
): void {
  const { pod, index, kind, probe, before } = probing;
  const plan = planProbe(pod, index, kind, probe);
  if (plan.kind !== "check") return;
  const result = resultOf(probe, plan.target, answer);
  const leftUs = startedAtUs + timeoutUs(probe) - ctx.nowUs;
  if (isKnownAtOnce(probe, answer) || leftUs <= 0 || result.ok) {
    conclude(ctx, state, probing, startedAtUs, result);
    return;
  }
  ctx.schedule(leftUs, {
    type: "probeTimedOut",
    pod: shortKey(pod),
    ticket: before.ticket,
    container: index,
    probe: kind,
    startedAtUs,
    message: result.message,
    background: before.last === false,
  } satisfies ProbeTimedOut);
}

export function endProbe(ctx: ControlContext, state: ControlState, due: ProbeTimedOut): void {
  const probing = findProbing(ctx, state, due);
  if (!probing || probing.before.ticket !== due.ticket) return;
  conclude(ctx, state, probing, due.startedAtUs, { ok: false, message: due.message });
}

/** Counts a result, acts when a threshold is reached, and schedules the next probe. */
function conclude(
  ctx: ControlContext,
  state: ControlState,
  { pod, runtime, index, kind, probe, before }: Probing,
  startedAtUs: number,
  result: ProbeResult,
): void {
  const { ok } = result;
  const successes = ok ? before.successes + 1 : 0;
  const failures = ok ? 0 : before.failures + 1;
  const failuresWanted = probe.failureThreshold ?? FAILURE_THRESHOLD;
  if (!result.ok) {
    const text = unhealthyText(kind, result);
    ctx.recordEvent(pod, "Warning", "Unhealthy", text, "kubelet");
    const isNews = kind !== "readiness" || runtime.containers[index]?.ready === true;
    const detail = `${failures} of ${failuresWanted}: ${text}`;
    if (isNews) ctx.mark({ kind: "probeFailed", object: objectKey(pod), detail });
  }
  const passed = ok && successes >= (probe.successThreshold ?? 1);
  const failed = !ok && failures >= failuresWanted;
  if (kind !== "readiness" && failed) {
    stopContainer(ctx, state, pod, index, kind);
    return;
  }
  if (kind === "startup" && passed) {
    setContainer(state, pod, index, (now) => ({ ...now, started: true, probes: {} }));
    startProbes(ctx, state, pod, index);
    writeStatusSoon(ctx, state, pod);
    return;
  }
  if (kind === "readiness" && (passed || failed) && runtime.containers[index]?.ready !== passed) {
    setContainer(state, pod, index, (now) => ({ ...now, ready: passed }));
    if (passed) ctx.mark({ kind: "probePassed", object: objectKey(pod) });
    writeStatusSoon(ctx, state, pod);
  }
  const nextAtUs = startedAtUs + (probe.periodSeconds ?? PERIOD_SECONDS) * SECOND;
  const delayUs = Math.max(0, nextAtUs - ctx.nowUs);
  scheduleProbe(ctx, state, { pod, index, kind, delayUs, successes, failures, last: ok });
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
