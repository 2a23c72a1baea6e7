import type { DaemonSet, Node, Pod, Taint, Toleration } from "../api/types";
import type { ControlContext } from "./context";
import { findByShortKey, requestDelete } from "./objects";
import { isActive, isFinished, isPodReady, isTerminating } from "./pod-facts";
import { claimPods, createPod } from "./replica-set";
import type { ControllerState } from "./state";
import { templateHash } from "./template-hash";
import { findUntolerated, matchesNodeSelector } from "./tolerations";

const COMPONENT = "daemonset-controller";
const REVISION_LABEL = "controller-revision-hash";

const REFUSING: readonly Taint["effect"][] = ["NoSchedule", "NoExecute"];
const NO_PODS: readonly Pod[] = [];

/** Source: kubernetes daemon_controller util, AddOrUpdateDaemonPodTolerations. */
const DAEMON_TOLERATIONS: readonly Toleration[] = [
  { key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
  { key: "node.kubernetes.io/disk-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/memory-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/pid-pressure", operator: "Exists", effect: "NoSchedule" },
  { key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" },
];

const HOST_NETWORK_TOLERATION: Toleration = {
  key: "node.kubernetes.io/network-unavailable",
  operator: "Exists",
  effect: "NoSchedule",
};

/** One pod on every eligible node; pods of an older template are replaced one at a time.
 *  Simplified: pods are made for their node at once, where upstream pins them with node affinity and lets the
 *  scheduler bind them. */
export function syncDaemonSet(ctx: ControlContext, state: ControllerState, key: string): void {
  const set = findByShortKey(ctx.store, "DaemonSet", key);
  if (!set || isTerminating(set)) return;
  const claimed = claimPods(ctx, state, set);
  const revision = currentRevision(state, set, claimed);
  const byNode = new Map<string, Pod[]>();
  for (const pod of claimed) {
    const node = pod.spec.nodeName ?? "";
    const there = byNode.get(node);
    if (there) there.push(pod);
    else byNode.set(node, [pod]);
  }
  const tolerations = tolerationsOf(set);
  let desired = 0;
  let current = 0;
  const ready: Pod[] = [];
  const outdated: Pod[] = [];
  for (const node of ctx.store.list("Node")) {
    const pods = byNode.get(node.metadata.name) ?? NO_PODS;
    if (!isEligible(set, node, tolerations)) {
      for (const pod of pods.filter(isActive)) removePod(ctx, set, pod);
      continue;
    }
    desired++;
    for (const pod of pods) {
      if (isFinished(pod) && !isTerminating(pod)) requestDelete(ctx, pod);
    }
    let pod: Pod | undefined;
    for (const one of pods) {
      if (!isActive(one)) continue;
      if (pod) removePod(ctx, set, one);
      else pod = one;
    }
    if (pod) {
      current++;
      if (isPodReady(pod)) ready.push(pod);
      if ((pod.metadata.labels?.[REVISION_LABEL] ?? revision) !== revision) outdated.push(pod);
    } else if (pods.length === 0) {
      current++;
      addPod(ctx, set, node.metadata.name, revision);
    }
  }
  replaceOutdated(ctx, set, { desired, ready, outdated });
  updateStatus(ctx, set, { desired, current, ready: ready.length });
}

/** The revision label for the present template. Pods that came with a label (an exported cluster) count as made
 *  from the template that came with them. */
function currentRevision(state: ControllerState, set: DaemonSet, pods: readonly Pod[]): string {
  const { uid } = set.metadata;
  const hash = templateHash(set.spec.template);
  const known = state.daemonSetRevisions.get(uid);
  if (known?.templateHash === hash) return known.revision;
  const given = known ? undefined : pods[0]?.metadata.labels?.[REVISION_LABEL];
  const revision = given ?? hash;
  state.daemonSetRevisions.set(uid, { templateHash: hash, revision });
  return revision;
}

function tolerationsOf(set: DaemonSet): readonly Toleration[] {
  const { tolerations = [], hostNetwork } = set.spec.template.spec;
  const added = hostNetwork ? [...DAEMON_TOLERATIONS, HOST_NETWORK_TOLERATION] : DAEMON_TOLERATIONS;
  const has = (one: Toleration) =>
    tolerations.some((given) => given.key === one.key && given.effect === one.effect);
  return [...tolerations, ...added.filter((one) => !has(one))];
}

function isEligible(set: DaemonSet, node: Node, tolerations: readonly Toleration[]): boolean {
  if (isTerminating(node) || !matchesNodeSelector(set.spec.template.spec, node)) return false;
  if (!node.spec.taints) return true;
  // A pod that is there stays through `not ready` and `unreachable`; those say nothing of eligibility.
  const taints = node.spec.taints.filter((taint) => !NODE_CONDITION_TAINTS.includes(taint.key));
  return findUntolerated(taints, tolerations, REFUSING) === undefined;
}

const NODE_CONDITION_TAINTS: readonly string[] = [
  "node.kubernetes.io/not-ready",
  "node.kubernetes.io/unreachable",
];

function addPod(ctx: ControlContext, set: DaemonSet, nodeName: string, revision: string): void {
  const pod = createPod(ctx, set, set.spec.template, {
    spec: { nodeName, tolerations: tolerationsOf(set) },
    labels: { [REVISION_LABEL]: revision },
  });
  ctx.recordEvent(
    set,
    "Normal",
    "SuccessfulCreate",
    `Created pod: ${pod.metadata.name}`,
    COMPONENT,
  );
}

function removePod(ctx: ControlContext, set: DaemonSet, pod: Pod): void {
  requestDelete(ctx, pod);
  ctx.recordEvent(
    set,
    "Normal",
    "SuccessfulDelete",
    `Deleted pod: ${pod.metadata.name}`,
    COMPONENT,
  );
}

/** Rolling update with maxUnavailable 1 (the default): not-ready pods are replaced at once, they cost nothing. */
function replaceOutdated(
  ctx: ControlContext,
  set: DaemonSet,
  pods: {
    readonly desired: number;
    readonly ready: readonly Pod[];
    readonly outdated: readonly Pod[];
  },
): void {
  let mayStop = 1 - (pods.desired - pods.ready.length);
  for (const pod of pods.outdated) {
    if (!isPodReady(pod)) removePod(ctx, set, pod);
    else if (mayStop-- > 0) removePod(ctx, set, pod);
  }
}

function updateStatus(
  ctx: ControlContext,
  set: DaemonSet,
  counts: { readonly desired: number; readonly current: number; readonly ready: number },
): void {
  const latest = ctx.store.find("DaemonSet", set.metadata.namespace, set.metadata.name);
  if (!latest) return;
  const before = latest.status;
  if (
    before?.desiredNumberScheduled === counts.desired &&
    before.currentNumberScheduled === counts.current &&
    before.numberReady === counts.ready
  ) {
    return;
  }
  const status = {
    ...before,
    desiredNumberScheduled: counts.desired,
    currentNumberScheduled: counts.current,
    numberReady: counts.ready,
    numberAvailable: counts.ready,
    updatedNumberScheduled: counts.current,
    numberMisscheduled: 0,
    observedGeneration: latest.metadata.generation ?? 1,
  };
  ctx.store.put({ ...latest, status });
}
