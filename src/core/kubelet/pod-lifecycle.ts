import type { Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { enqueue } from "../controllers/events";
import { isNodeUp } from "../controllers/node-lifecycle";
import { findAll, findByShortKey, shortKey } from "../controllers/objects";
import { findCondition, isFinished, isTerminating } from "../controllers/pod-facts";
import { contains } from "../net/cidr";
import { formatIpv4, type Ipv4, parseIpv4 } from "../net/ipv4";
import { MS } from "../sim/time";
import { addPodNetns, podNetnsId, removePodNetns } from "./cni/bridge";
import { allocateIp, EMPTY_IPAM, releaseIp, reserveIp } from "./cni/host-local";
import type { ControlState } from "./control";
import type { PodStep, PodStepType } from "./events";
import { podCidrOfNode } from "./node-network";
import { readSwitch } from "./node-settings";
import { writeSandboxStatus, writeStatus } from "./pod-status";
import { closePorts, openPorts, restartStopped, startProbes } from "./probes";
import { scheduleRoutes } from "./routes";
import type { PodRuntime, PodStage } from "./state";

/** From seeing the pod to a sandbox with a network: runtime, CNI ADD. Typical, not measured. */
const SANDBOX_MS = { from: 300, to: 800 } as const;
/** From the sandbox to running processes: image is present, containers are created and started. */
const CONTAINERS_MS = { from: 400, to: 600 } as const;
/** Each init container runs this long. Simplified: init containers always succeed. */
const INIT_CONTAINER_US = 500 * MS;
/** From SIGTERM to the last process' exit: programs here do not drain. */
const EXIT_MS = { from: 60, to: 200 } as const;
const SANDBOX_STOP_US = 150 * MS;
const OBJECT_REMOVAL_US = 50 * MS;
/** An imported pod is running already; this is only the order of things. */
const IMPORTED_US = 1 * MS;

/** Takes up a pod that was bound to a node; does nothing for one that is known. */
export function admitPod(ctx: ControlContext, state: ControlState, pod: Pod, isNew: boolean): void {
  const { kubelets } = state;
  const key = shortKey(pod);
  const node = pod.spec.nodeName ?? "";
  if (isFinished(pod) || kubelets.pods.get(key)?.uid === pod.metadata.uid) return;
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
    if (isTerminating(pod)) startStop(ctx, state, pod);
    else continuePod(ctx, state, pod);
  }
}

/** Schedules the next step of a pod by its stage. */
function continuePod(ctx: ControlContext, state: ControlState, pod: Pod): void {
  const runtime = state.kubelets.pods.get(shortKey(pod));
  if (!runtime) return;
  const { stage, imported } = runtime;
  const random = ctx.random(`kubelet/${pod.metadata.uid}/${stage}`);
  const pick = (range: { readonly from: number; readonly to: number }) =>
    imported ? IMPORTED_US : random.int(range.from, range.to) * MS;
  if (stage === "waiting" || stage === "noAddress") {
    step(ctx, state, pod, "podSandboxDue", pick(SANDBOX_MS), stage);
  } else if (stage === "sandboxed") {
    const inits = imported ? 0 : (pod.spec.initContainers?.length ?? 0);
    const delay = pick(CONTAINERS_MS) + inits * INIT_CONTAINER_US;
    step(ctx, state, pod, "podContainersDue", delay, stage);
  } else if (stage === "running") {
    restartStopped(ctx, state, pod);
  } else if (stage === "stopping") {
    step(ctx, state, pod, "podProcessesStopped", pick(EXIT_MS), stage);
  } else if (stage === "stopped") {
    step(ctx, state, pod, "podSandboxStopped", SANDBOX_STOP_US, stage);
  } else if (stage === "unplugged") {
    step(ctx, state, pod, "podRemovalDue", OBJECT_REMOVAL_US, stage);
  }
}

function step(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  type: PodStepType,
  delayUs: number,
  stage: PodStage,
): void {
  const key = shortKey(pod);
  const runtime = state.kubelets.pods.get(key);
  if (!runtime) return;
  const ticket = state.kubelets.newTicket();
  state.kubelets.pods.set(key, { ...runtime, stage, ticket });
  ctx.schedule(delayUs, { type, pod: key, ticket } satisfies PodStep);
}

/** The pod and its runtime if this step is still the one that is due, on a machine that is on. */
function findDue(
  ctx: ControlContext,
  state: ControlState,
  due: PodStep,
): { readonly pod: Pod; readonly runtime: PodRuntime } | undefined {
  const runtime = state.kubelets.pods.get(due.pod);
  const pod = findByShortKey(ctx.store, "Pod", due.pod);
  if (!runtime || runtime.ticket !== due.ticket || pod?.metadata.uid !== runtime.uid)
    return undefined;
  return isNodeUp(ctx, runtime.node) ? { pod, runtime } : undefined;
}

function advance(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  change: Partial<PodRuntime>,
): void {
  const key = shortKey(pod);
  const runtime = state.kubelets.pods.get(key);
  if (!runtime) return;
  state.kubelets.pods.set(key, { ...runtime, ...change });
  continuePod(ctx, state, pod);
}

/** RunPodSandbox: a namespace and, through CNI ADD, an address. */
export function startSandbox(ctx: ControlContext, state: ControlState, due: PodStep): void {
  const found = findDue(ctx, state, due);
  if (!found) return;
  const { pod, runtime } = found;
  if (pod.spec.hostNetwork) {
    writeSandboxStatus(ctx, pod, undefined);
    advance(ctx, state, pod, { stage: "sandboxed" });
    return;
  }
  const result = attach(ctx, state, pod, runtime);
  if (typeof result === "string") {
    state.kubelets.pods.set(due.pod, { ...runtime, stage: "noAddress" });
    const id = sandboxId(ctx, pod);
    const message =
      "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox " +
      `"${id}": plugin type="bridge" name="bridge" failed (add): ${result}`;
    ctx.recordEvent(pod, "Warning", "FailedCreatePodSandBox", message, "kubelet");
    writeStatus(ctx, state, pod);
    return;
  }
  writeSandboxStatus(ctx, pod, formatIpv4(result));
  advance(ctx, state, pod, { stage: "sandboxed", ip: result });
}

/** The pod's address, or what the plugin says instead. */
function attach(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  runtime: PodRuntime,
): Ipv4 | string {
  const { kubelets } = state;
  const node = ctx.store.find("Node", "", runtime.node);
  const podCidr = node && podCidrOfNode(node);
  if (!podCidr) return "no pod CIDR is assigned to this node";
  const ipam = kubelets.ipam.get(runtime.node) ?? EMPTY_IPAM;
  let { ip } = runtime;
  if (ip === undefined) {
    const allocation = allocateIp(ipam, podCidr);
    if (!allocation.ok) return allocation.message;
    ip = allocation.ip;
    kubelets.ipam.set(runtime.node, allocation.ipam);
  } else if (!contains(podCidr, ip)) {
    kubelets.foreignIps.set(ip, runtime.node);
    scheduleRoutes(ctx, state);
  }
  const hairpin = readSwitch(ctx, state, runtime.node, "hairpin_mode");
  addPodNetns(ctx.plane, { pod, node: runtime.node, ip, podCidr, hairpin, up: true });
  return ip;
}

function sandboxId(ctx: ControlContext, pod: Pod): string {
  const random = ctx.random(`sandbox/${pod.metadata.uid}`);
  let id = "";
  while (id.length < 64) id += random.int(0, 15).toString(16);
  return id;
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
  openPorts(ctx, state, pod, pod.spec.containers);
  if (!runtime.imported) {
    for (const { name, image } of pod.spec.containers) {
      const present = `Container image "${image}" already present on machine`;
      ctx.recordEvent(pod, "Normal", "Pulled", present, "kubelet");
      ctx.recordEvent(pod, "Normal", "Created", `Created container: ${name}`, "kubelet");
      ctx.recordEvent(pod, "Normal", "Started", `Started container ${name}`, "kubelet");
    }
  }
  for (const index of pod.spec.containers.keys()) startProbes(ctx, state, pod, index);
  writeStatus(ctx, state, pod);
}

/** The pod was marked for deletion: SIGTERM. */
export function startStop(ctx: ControlContext, state: ControlState, pod: Pod): void {
  const runtime = state.kubelets.pods.get(shortKey(pod));
  if (!isNodeUp(ctx, pod.spec.nodeName ?? "")) return;
  if (!runtime || isFinished(pod)) {
    ctx.store.remove("Pod", pod.metadata.namespace, pod.metadata.name);
    return;
  }
  if (runtime.stage === "stopped" || runtime.stage === "unplugged") {
    continuePod(ctx, state, pod);
    return;
  }
  if (runtime.stage === "stopping") {
    if (runtime.ticket === 0) continuePod(ctx, state, pod);
    return;
  }
  if (runtime.stage === "running") {
    for (const { name } of pod.spec.containers) {
      ctx.recordEvent(pod, "Normal", "Killing", `Stopping container ${name}`, "kubelet");
    }
  }
  advance(ctx, state, pod, { stage: "stopping" });
}

/** Nobody listens any more. */
export function finishStop(ctx: ControlContext, state: ControlState, due: PodStep): void {
  const found = findDue(ctx, state, due);
  if (!found) return;
  const { pod, runtime } = found;
  closePorts(ctx, state, pod, pod.spec.containers);
  const containers = runtime.containers.map((one) => ({
    ...one,
    running: false,
    ready: false,
    probes: {},
  }));
  state.kubelets.pods.set(due.pod, { ...runtime, stage: "stopped", containers });
  writeStatus(ctx, state, pod);
  continuePod(ctx, state, pod);
}

/** CNI DEL: the namespace goes, its address is free again. */
export function unplug(ctx: ControlContext, state: ControlState, due: PodStep): void {
  const found = findDue(ctx, state, due);
  if (!found) return;
  const { pod, runtime } = found;
  detach(ctx, state, pod, runtime);
  const { ip: _, ...rest } = runtime;
  state.kubelets.pods.set(due.pod, { ...rest, stage: "unplugged" });
  continuePod(ctx, state, pod);
}

function detach(ctx: ControlContext, state: ControlState, pod: Pod, runtime: PodRuntime): void {
  const { kubelets } = state;
  if (pod.spec.hostNetwork) return;
  removePodNetns(ctx.plane, pod, runtime.node);
  if (runtime.ip === undefined) return;
  const ipam = kubelets.ipam.get(runtime.node);
  if (ipam) kubelets.ipam.set(runtime.node, releaseIp(ipam, runtime.ip));
  if (kubelets.foreignIps.delete(runtime.ip)) scheduleRoutes(ctx, state);
  retryWithoutAddress(ctx, state, runtime.node);
}

/** An address came free: pods that wait for one try again.
 *  Simplified: a kubelet retries by its own clock; here nothing is tried while it must fail. */
function retryWithoutAddress(ctx: ControlContext, state: ControlState, node: string): void {
  for (const pod of findAll(ctx.store, "Pod", state.controllers.podsByNode.keys(node))) {
    const waits = state.kubelets.pods.get(shortKey(pod))?.stage === "noAddress";
    if (waits && !isTerminating(pod)) continuePod(ctx, state, pod);
  }
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
  const id = pod.spec.hostNetwork ? `node/${runtime.node}` : podNetnsId(pod);
  ctx.plane.removeListenersOf(id, podNetnsId(pod));
  detach(ctx, state, pod, runtime);
  if (pod.spec.hostNetwork) enqueue(ctx, state.controllers, "healthzListenersDue", "");
}
