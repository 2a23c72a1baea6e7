import type { Condition, Container, ContainerStatus, Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { findByShortKey, shortKey } from "../controllers/objects";
import { findCondition, internalIp, withCondition } from "../controllers/pod-facts";
import { formatTimestamp, MS, SECOND } from "../sim/time";
import type { ControlState } from "./control";
import type { ContainerExit, ContainerRuntime, PodRuntime } from "./state";

/** The sandbox stands: from here on the pod has its address. */
export function writeSandboxStatus(ctx: ControlContext, pod: Pod, podIP: string | undefined): void {
  const node = ctx.store.find("Node", "", pod.spec.nodeName ?? "");
  const hostIP = node && internalIp(node);
  const ip = pod.spec.hostNetwork ? hostIP : podIP;
  const at = formatTimestamp(ctx.nowUs);
  const scheduled: Condition = { type: "PodScheduled", status: "True", lastTransitionTime: at };
  let conditions = withCondition(pod.status.conditions, scheduled);
  const sandbox = {
    type: "PodReadyToStartContainers",
    status: "True",
    lastTransitionTime: at,
  } as const;
  conditions = withCondition(conditions, sandbox);
  ctx.store.put<Pod>({
    ...pod,
    status: {
      ...pod.status,
      ...(ip && { podIP: ip, podIPs: [{ ip }] }),
      ...(hostIP && { hostIP, hostIPs: [{ ip: hostIP }] }),
      startTime: pod.status.startTime ?? at,
      conditions,
      containerStatuses:
        pod.status.containerStatuses ??
        pod.spec.containers.map((one) => waiting(one.name, one.image)),
    },
  });
}

function waiting(name: string, image: string): ContainerStatus {
  return {
    name,
    image,
    ready: false,
    started: false,
    restartCount: 0,
    state: { waiting: { reason: "ContainerCreating" } },
  };
}

/** From a probe's result to the API server's having it: the status manager and one request. Typical, not measured. */
const STATUS_LAG_US = 10 * MS;

/** The kubelet knows something new of a pod; the API server hears of it in a moment. */
export function writeStatusSoon(ctx: ControlContext, state: ControlState, pod: Pod): void {
  const lagUs = ctx.lagUs("kubeletStatus") ?? STATUS_LAG_US;
  if (lagUs === 0) writeStatus(ctx, state, pod);
  else ctx.schedule(lagUs, { type: "podStatusDue", pod: shortKey(pod), uid: pod.metadata.uid });
}

export function writeStatusDue(
  ctx: ControlContext,
  state: ControlState,
  due: { readonly pod: string; readonly uid: string },
): void {
  const pod = findByShortKey(ctx.store, "Pod", due.pod);
  if (pod?.metadata.uid === due.uid) writeStatus(ctx, state, pod);
}

/** Writes the pod's status as its runtime has it, if that says anything new. */
export function writeStatus(ctx: ControlContext, state: ControlState, about: Pod): void {
  const { namespace, name } = about.metadata;
  const pod = ctx.store.find("Pod", namespace, name);
  const runtime = state.kubelets.pods.get(shortKey(about));
  if (!pod || !runtime || runtime.uid !== pod.metadata.uid) return;
  const at = formatTimestamp(ctx.nowUs);
  const containerStatuses = pod.spec.containers.map((container, index) => {
    const before = pod.status.containerStatuses?.find((one) => one.name === container.name);
    const one = runtime.containers[index];
    if (!one) return before ?? waiting(container.name, container.image);
    return containerStatus(pod, before, container, one, isContainerReady(pod, runtime, index));
  });
  const unready = containerStatuses.filter((one) => !one.ready).map((one) => one.name);
  const began = runtime.containers.length > 0;
  const stopped = runtime.stage === "stopped" || runtime.stage === "unplugged";
  let conditions: readonly Condition[] = pod.status.conditions ?? [];
  const set = (type: string, ok: boolean, more: { reason?: string; message?: string } = {}) => {
    const status = ok ? "True" : "False";
    conditions = withCondition(conditions, { type, status, ...more, lastTransitionTime: at });
  };
  const why =
    unready.length > 0
      ? {
          reason: "ContainersNotReady",
          message: `containers with unready status: [${unready.join(" ")}]`,
        }
      : {};
  if (began || !pod.spec.initContainers?.length) set("Initialized", true);
  const imported = runtime.givenReady !== undefined;
  const gate = unready.length > 0 || imported ? undefined : findClosedGate(pod);
  set("Ready", unready.length === 0 && !gate, gate ?? why);
  set("ContainersReady", unready.length === 0, why);
  if (stopped && !pod.spec.hostNetwork) set("PodReadyToStartContainers", false);
  const status = {
    ...pod.status,
    phase: began ? ("Running" as const) : pod.status.phase,
    conditions,
    containerStatuses,
  };
  if (JSON.stringify(status) !== JSON.stringify(pod.status)) ctx.store.put<Pod>({ ...pod, status });
}

/** Whoever opens a readiness gate writes its condition into the pod's status. Source: kubelet, GeneratePodReadyCondition. */
function findClosedGate(pod: Pod): { reason: string; message: string } | undefined {
  for (const { conditionType } of pod.spec.readinessGates ?? []) {
    const found = findCondition(pod.status.conditions, conditionType);
    if (found?.status === "True") continue;
    const state = found
      ? `status of pod readiness gate "${conditionType}" is not "True", but ${found.status}`
      : `corresponding condition of pod readiness gate "${conditionType}" does not exist.`;
    return { reason: "ReadinessGatesNotReady", message: state };
  }
  return undefined;
}

/** Probes decide; a condition that came with the object, then a hand, override them. */
function isContainerReady(pod: Pod, runtime: PodRuntime, index: number): boolean {
  const one = runtime.containers[index];
  if (!one?.running) return false;
  if (runtime.givenReady !== undefined) return runtime.givenReady;
  const probed = pod.spec.containers.some((container) => container.readinessProbe);
  if (!probed && runtime.failedByHand) return false;
  return one.started && one.ready;
}

/** Source: kubelet, doBackOff. */
function containerState(
  { metadata: { name, namespace, uid } }: Pod,
  before: ContainerStatus | undefined,
  container: Container,
  { running, restarts, startedAtUs, backOffUs, lastEnd }: ContainerRuntime,
): ContainerStatus["state"] {
  const startedAt = formatTimestamp(startedAtUs);
  if (running) return { running: before?.state.running ?? { startedAt } };
  if (backOffUs === undefined || !lastEnd)
    return { terminated: { reason: "Completed", exitCode: 0 } };
  if (restarts < 2) return endOf(lastEnd);
  const pod = `${name}_${namespace}(${uid})`;
  const message = `back-off ${formatBackOff(backOffUs)} restarting failed container=${container.name} pod=${pod}`;
  return { waiting: { reason: "CrashLoopBackOff", message } };
}

function endOf({ exitCode, reason, startedAtUs, finishedAtUs }: ContainerExit) {
  return {
    terminated: {
      reason,
      exitCode,
      startedAt: formatTimestamp(startedAtUs),
      finishedAt: formatTimestamp(finishedAtUs),
    },
  };
}

/** As Go writes a duration: `10s`, `1m20s`. */
function formatBackOff(us: number): string {
  const seconds = us / SECOND;
  const minutes = Math.floor(seconds / 60);
  return minutes > 0 ? `${minutes}m${seconds % 60}s` : `${seconds}s`;
}

function containerStatus(
  pod: Pod,
  before: ContainerStatus | undefined,
  container: Container,
  runtime: ContainerRuntime,
  ready: boolean,
): ContainerStatus {
  const { backOffUs } = runtime;
  const isDue = !runtime.running && backOffUs !== undefined;
  const state = containerState(pod, before, container, runtime);
  return {
    ...before,
    name: container.name,
    image: container.image,
    ready,
    started: runtime.running && runtime.started,
    // What is still to be started again does not count yet.
    restartCount: isDue ? runtime.restarts - 1 : runtime.restarts,
    state,
    ...(runtime.lastEnd && !state.terminated && { lastState: endOf(runtime.lastEnd) }),
  };
}
