import type { Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import { isNodeUp } from "../controllers/node-lifecycle";
import { findAll, shortKey } from "../controllers/objects";
import { findCondition, isFinished, isTerminating } from "../controllers/pod-facts";
import { contains } from "../net/cidr";
import { formatIpv4, type Ipv4, parseIpv4 } from "../net/ipv4";
import { addPodNetns } from "./cni/bridge";
import { allocateIp, EMPTY_IPAM, reserveIp } from "./cni/host-local";
import type { ControlState } from "./control";
import type { PodStep } from "./events";
import { podCidrOfNode } from "./node-network";
import { readSwitch } from "./node-settings";
import { writeSandboxStatus, writeStatus } from "./pod-status";
import { advance, continuePod, findDue } from "./pod-steps";
import { markLeaving } from "./pod-stop";
import { openPorts, startProbes } from "./probes";
import { scheduleRoutes } from "./routes";
import type { PodRuntime } from "./state";

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
    if (isTerminating(pod)) markLeaving(ctx, state, pod);
    continuePod(ctx, state, pod);
  }
}

/** RunPodSandbox: a namespace and, through CNI ADD, an address. */
export function startSandbox(ctx: ControlContext, state: ControlState, due: PodStep): void {
  const found = findDue(ctx, state, due);
  if (!found) return;
  const { pod, runtime } = found;
  if (pod.spec.hostNetwork) {
    writeSandboxStatus(ctx, pod, undefined);
    advance(ctx, state, pod, "sandboxed");
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
  advance(ctx, state, pod, "sandboxed", { ip: result });
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
