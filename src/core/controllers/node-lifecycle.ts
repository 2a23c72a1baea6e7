import type { Condition, Labels, Node, Pod, Taint } from "../api/types";
import { formatIpv4, ipv4 } from "../net/ipv4";
import { hash32 } from "../sim/random";
import { formatTimestamp, MS, SECOND } from "../sim/time";
import type { ControlContext } from "./context";
import type { ControllerEvent } from "./events";
import { findAll, findByShortKey, requestDelete, shortKey } from "./objects";
import { assignFreedCidr, lacksPodCidr, podCidrOf, reportNoCidr } from "./pod-cidrs";
import { findCondition, internalIp, isFinished, isTerminating, withCondition } from "./pod-facts";
import type { ControllerState } from "./state";
import { findUntolerated, tolerates } from "./tolerations";

/** Source: kubelet nodeStatusUpdateFrequency and the lease's renewal interval. */
const HEARTBEAT_PERIOD_US = 10 * SECOND;

/** Source: kube-controller-manager --node-monitor-grace-period: 40 s for years, 50 s from 1.32 on. */
const NODE_MONITOR_GRACE_US = 40 * SECOND;

/** Source: admission plugin DefaultTolerationSeconds: tolerationSeconds of not-ready and unreachable. */
const POD_EVICTION_US = 300 * SECOND;

/** Source: PodGC quarantineTime. */
const ORPHANED_PODS_DELAY_US = 40 * SECOND;

const FIRST_NODE_IP = ipv4("10.0.1.11");

/** Source: node lifecycle controller, NodeNotReady: what a node that reports itself NotReady is tainted with. */
const NOT_READY: readonly Taint[] = [
  { key: "node.kubernetes.io/not-ready", effect: "NoSchedule" },
  { key: "node.kubernetes.io/not-ready", effect: "NoExecute" },
];

const UNREACHABLE: readonly Taint[] = [
  { key: "node.kubernetes.io/unreachable", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unreachable", effect: "NoExecute" },
];

/** A node that is new: a pod CIDR, a Ready condition unless it came with one, and its heartbeats. */
export function syncNode(ctx: ControlContext, state: ControllerState, name: string): void {
  const node = ctx.store.find("Node", "", name);
  if (!node || state.nodes.has(name)) return;
  const given = findCondition(node.status.conditions, "Ready");
  state.nodes.set(name, {
    lastHeartbeatUs: ctx.nowUs,
    graceDue: false,
    givenReady: given !== undefined,
  });
  const podCIDR = node.spec.podCIDR ?? podCidrOf(ctx, state);
  const spec = { ...node.spec, ...(podCIDR && { podCIDR }) };
  const ready = given ?? (lacksPodCidr(ctx, { ...node, spec }) ? noNetwork(ctx) : undefined);
  const taints = ready ? withConditionTaints(node, ready) : node.spec.taints;
  const registered = ctx.store.put<Node>({
    ...node,
    metadata: { ...node.metadata, labels: { ...defaultLabels(node), ...node.metadata.labels } },
    spec: {
      ...node.spec,
      ...(podCIDR && { podCIDR, podCIDRs: node.spec.podCIDRs ?? [podCIDR] }),
      ...(taints && { taints }),
    },
    status: {
      ...node.status,
      addresses: addressesOf(ctx, node),
      conditions: given
        ? node.status.conditions
        : withCondition(node.status.conditions, ready ?? readyCondition(ctx)),
    },
  });
  if (lacksPodCidr(ctx, registered)) reportNoCidr(ctx, registered);
  const phaseMs = 1_000 + (hash32(name) % 9_000);
  ctx.schedule(phaseMs * MS, { type: "nodeHeartbeatDue", node: name, background: true });
}

/** What a kubelet says of its machine when it registers. Source: kubelet_node_status.go, initialNode. */
function defaultLabels({ metadata, status }: Node): Labels {
  const { architecture: arch = "amd64", operatingSystem: os = "linux" } = status.nodeInfo ?? {};
  return {
    "beta.kubernetes.io/arch": arch,
    "beta.kubernetes.io/os": os,
    "kubernetes.io/arch": arch,
    "kubernetes.io/hostname": metadata.name,
    "kubernetes.io/os": os,
  };
}

/** A node that came NotReady or Unknown keeps new pods away. */
function withConditionTaints(node: Node, ready: Condition): readonly Taint[] | undefined {
  if (ready.status === "True") return node.spec.taints;
  const wanted = ready.status === "Unknown" ? UNREACHABLE : NOT_READY;
  const present = node.spec.taints ?? [];
  const missing = wanted.filter(
    ({ key, effect }) => !present.some((one) => one.key === key && one.effect === effect),
  );
  return [...present, ...missing];
}

/** A node without an InternalIP gets the next free one of the default range. */
function addressesOf(ctx: ControlContext, node: Node): Node["status"]["addresses"] {
  const given = node.status.addresses ?? [];
  if (internalIp(node)) return given;
  const taken = new Set<string>();
  for (const other of ctx.store.list("Node")) taken.add(internalIp(other) ?? "");
  for (const { spec } of ctx.store.list("Host")) taken.add(spec.ip);
  let ip = FIRST_NODE_IP;
  while (taken.has(formatIpv4(ip))) ip++;
  return [...given, { type: "InternalIP", address: formatIpv4(ip) }];
}

function readyCondition(ctx: ControlContext): Condition {
  return {
    type: "Ready",
    status: "True",
    reason: "KubeletReady",
    message: "kubelet is posting ready status",
    lastTransitionTime: formatTimestamp(ctx.nowUs),
  };
}

/** Without a pod CIDR no plugin is configured. Source: kubelet, runtimeState and containerd's CRI Status. */
function noNetwork(ctx: ControlContext): Condition {
  return {
    type: "Ready",
    status: "False",
    reason: "KubeletNotReady",
    message:
      "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
    lastTransitionTime: formatTimestamp(ctx.nowUs),
  };
}

/** Whether a node's machine is on. */
export function isNodeUp(ctx: ControlContext, node: string): boolean {
  return ctx.plane.find(`node/${node}`)?.up === true;
}

/** The kubelet renews its lease, if its machine is on. */
export function heartbeat(ctx: ControlContext, state: ControllerState, name: string): void {
  if (!state.nodes.has(name)) return;
  observePower(ctx, state, name);
  ctx.schedule(HEARTBEAT_PERIOD_US, { type: "nodeHeartbeatDue", node: name, background: true });
}

/** A machine that answers is ready again at once; one that does not starts the grace period. */
export function observePower(ctx: ControlContext, state: ControllerState, name: string): void {
  const record = state.nodes.get(name);
  if (!record) return;
  if (isNodeUp(ctx, name)) {
    state.nodes.set(name, { ...record, lastHeartbeatUs: ctx.nowUs, graceDue: false });
    if (!record.givenReady) markReady(ctx, name);
    return;
  }
  if (record.graceDue) return;
  state.nodes.set(name, { ...record, graceDue: true });
  const left = record.lastHeartbeatUs + NODE_MONITOR_GRACE_US - ctx.nowUs;
  ctx.schedule(Math.max(0, left), { type: "nodeGraceDue", node: name });
}

function markReady(ctx: ControlContext, name: string): void {
  const node = ctx.store.find("Node", "", name);
  if (!node || lacksPodCidr(ctx, node)) return;
  if (findCondition(node.status.conditions, "Ready")?.status === "True") return;
  const ours = new Set([...NOT_READY, ...UNREACHABLE].map(({ key }) => key));
  const taints = (node.spec.taints ?? []).filter(({ key }) => !ours.has(key));
  const { taints: _, ...spec } = node.spec;
  const ready = ctx.store.put<Node>({
    ...node,
    spec: taints.length > 0 ? { ...spec, taints } : spec,
    status: {
      ...node.status,
      conditions: withCondition(node.status.conditions, readyCondition(ctx)),
    },
  });
  ctx.recordEvent(ready, "Normal", "NodeReady", `Node ${name} status is now: NodeReady`, "kubelet");
}

/** Heartbeats stayed away for the whole grace period: NotReady, tainted, its pods out of every Service. */
export function endGrace(ctx: ControlContext, state: ControllerState, name: string): void {
  const record = state.nodes.get(name);
  const node = ctx.store.find("Node", "", name);
  if (!record?.graceDue || !node || isNodeUp(ctx, name)) return;
  // Its own condition is history now: when it comes back, it is Ready.
  state.nodes.set(name, { ...record, givenReady: false });
  const others = (node.spec.taints ?? []).filter((taint) => taint.key !== UNREACHABLE[0]?.key);
  const lost = ctx.store.put<Node>({
    ...node,
    spec: { ...node.spec, taints: [...others, ...UNREACHABLE] },
    status: {
      ...node.status,
      conditions: withCondition(node.status.conditions, {
        type: "Ready",
        status: "Unknown",
        reason: "NodeStatusUnknown",
        message: "Kubelet stopped posting node status.",
        lastTransitionTime: formatTimestamp(ctx.nowUs),
      }),
    },
  });
  const message = `Node ${name} status is now: NodeNotReady`;
  ctx.recordEvent(lost, "Normal", "NodeNotReady", message, "node-controller");
  for (const pod of findAll(ctx.store, "Pod", state.podsByNode.keys(name))) {
    markPodNotReady(ctx, pod);
    scheduleEviction(ctx, pod);
  }
}

function markPodNotReady(ctx: ControlContext, pod: Pod): void {
  const ready = findCondition(pod.status.conditions, "Ready");
  if (isFinished(pod) || ready?.status !== "True") return;
  const marked = ctx.store.put<Pod>({
    ...pod,
    status: {
      ...pod.status,
      conditions: withCondition(pod.status.conditions, {
        type: "Ready",
        status: "False",
        lastTransitionTime: formatTimestamp(ctx.nowUs),
      }),
    },
  });
  ctx.recordEvent(marked, "Warning", "NodeNotReady", "Node is not ready", "node-controller");
}

/** Pods that tolerate the taint without a limit (DaemonSets') stay; the others have 300 s. */
function scheduleEviction(ctx: ControlContext, pod: Pod): void {
  const taint = UNREACHABLE[1];
  if (taint && pod.spec.tolerations?.some((one) => tolerates(one, taint) && !hasLimit(one))) return;
  // In the background: a cluster that has lost a node counts as quiet long before its pods are evicted.
  ctx.schedule(POD_EVICTION_US, {
    type: "podEvictionDue",
    key: shortKey(pod),
    uid: pod.metadata.uid,
    notReadySinceUs: ctx.nowUs,
    background: true,
  } satisfies ControllerEvent);
}

/** tolerationSeconds is on pods that the API server filled in, and not otherwise part of our types. */
function hasLimit(toleration: object): boolean {
  return "tolerationSeconds" in toleration;
}

/** Marks the pod for deletion if its node never came back meanwhile. */
export function evictPod(
  ctx: ControlContext,
  state: ControllerState,
  due: { readonly key: string; readonly uid: string; readonly notReadySinceUs: number },
): void {
  const pod = findByShortKey(ctx.store, "Pod", due.key);
  if (!pod || pod.metadata.uid !== due.uid || isTerminating(pod)) return;
  const node = ctx.store.find("Node", "", pod.spec.nodeName ?? "");
  const record = state.nodes.get(pod.spec.nodeName ?? "");
  if (!node || !record || record.lastHeartbeatUs > due.notReadySinceUs) return;
  if (!findUntolerated(node.spec.taints, undefined, ["NoExecute"])) return;
  ctx.recordEvent(
    pod,
    "Normal",
    "TaintManagerEviction",
    `Marking for deletion Pod ${due.key}`,
    "taint-eviction-controller",
  );
  requestDelete(ctx, pod);
}

/** The Node object is gone: its pods follow once PodGC is sure of it. */
export function forgetNode(ctx: ControlContext, state: ControllerState, name: string): void {
  state.nodes.delete(name);
  assignFreedCidr(ctx, state);
  ctx.schedule(ORPHANED_PODS_DELAY_US, { type: "orphanedPodsDue", node: name });
}

export function collectOrphanedPods(
  ctx: ControlContext,
  state: ControllerState,
  node: string,
): void {
  if (ctx.store.find("Node", "", node)) return;
  for (const pod of findAll(ctx.store, "Pod", state.podsByNode.keys(node))) {
    ctx.recordEvent(
      pod,
      "Normal",
      "DeletingOrphanedPod",
      "PodGC: node no longer exists",
      "pod-garbage-collector",
    );
    requestDelete(ctx, pod);
  }
}
