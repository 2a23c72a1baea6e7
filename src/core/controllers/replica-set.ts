import { matchesSelector } from "../api/labels";
import type { KubeObject, Pod, PodTemplate, ReplicaSet } from "../api/types";
import { narrowestBucket } from "./buckets";
import type { ControlContext } from "./context";
import { wholeNamespace } from "./indexing";
import {
  findAll,
  findByShortKey,
  findOwner,
  generateName,
  newMeta,
  ownerReference,
  requestDelete,
} from "./objects";
import { controllerRef, isActive, isPodReady, isTerminating } from "./pod-facts";
import type { ControllerState } from "./state";

const COMPONENT = "replicaset-controller";

/** Creates or deletes pods until there are as many as wanted.
 *  Simplified: no slow start; all missing pods are created in one sync. */
export function syncReplicaSet(ctx: ControlContext, state: ControllerState, key: string): void {
  const set = findByShortKey(ctx.store, "ReplicaSet", key);
  if (!set) return;
  const pods = claimPods(ctx, state, set).filter(isActive);
  if (!isTerminating(set)) {
    const missing = set.spec.replicas - pods.length;
    for (let i = 0; i < missing; i++) {
      const pod = createPod(ctx, set, set.spec.template);
      ctx.recordEvent(
        set,
        "Normal",
        "SuccessfulCreate",
        `Created pod: ${pod.metadata.name}`,
        COMPONENT,
      );
      pods.push(pod);
    }
    if (missing < 0) {
      for (const pod of pods.sort(byDispensability(pods)).splice(0, -missing)) {
        requestDelete(ctx, pod);
        ctx.recordEvent(
          set,
          "Normal",
          "SuccessfulDelete",
          `Deleted pod: ${pod.metadata.name}`,
          COMPONENT,
        );
      }
    }
  }
  updateStatus(ctx, set, pods);
}

/** A controller's pods: its own that still match, matching orphans adopted, those that no longer match released. */
export function claimPods(
  ctx: ControlContext,
  state: ControllerState,
  owner: KubeObject & { readonly spec: { readonly selector: ReplicaSet["spec"]["selector"] } },
): Pod[] {
  const { namespace, uid } = owner.metadata;
  const { selector } = owner.spec;
  const bucket = narrowestBucket(namespace, selector.matchLabels) ?? wholeNamespace(namespace);
  const claimed: Pod[] = [];
  for (const pod of findAll(ctx.store, "Pod", state.dependentsByOwner.keys(uid))) {
    if (matchesSelector(selector, pod.metadata.labels)) claimed.push(pod);
    else if (!isTerminating(pod)) release(ctx, pod, uid);
  }
  for (const pod of findAll(ctx.store, "Pod", state.podsByLabel.keys(bucket))) {
    const ref = controllerRef(pod);
    if (ref?.uid === uid || !isActive(pod) || isTerminating(owner)) continue;
    if (ref && findOwner(ctx.store, namespace, ref)) continue;
    if (!matchesSelector(selector, pod.metadata.labels)) continue;
    const metadata = { ...pod.metadata, ownerReferences: [ownerReference(owner)] };
    claimed.push(ctx.store.put({ ...pod, metadata }));
  }
  return claimed;
}

function release(ctx: ControlContext, pod: Pod, uid: string): void {
  const ownerReferences = (pod.metadata.ownerReferences ?? []).filter((ref) => ref.uid !== uid);
  const { ownerReferences: _, ...metadata } = pod.metadata;
  ctx.store.put({
    ...pod,
    metadata: ownerReferences.length > 0 ? { ...metadata, ownerReferences } : metadata,
  });
}

/** A pod from a template, not yet bound to a node unless `nodeName` says so. */
export function createPod(
  ctx: ControlContext,
  owner: KubeObject,
  template: PodTemplate,
  more: {
    readonly spec?: Partial<Pod["spec"]>;
    readonly labels?: Readonly<Record<string, string>>;
  } = {},
): Pod {
  const { namespace, name } = owner.metadata;
  const base = `${name}-`;
  const podName = generateName(ctx, "Pod", namespace, base);
  const { annotations, labels } = template.metadata ?? {};
  return ctx.store.put<Pod>({
    apiVersion: "v1",
    kind: "Pod",
    metadata: newMeta(ctx, {
      kind: "Pod",
      namespace,
      name: podName,
      generateName: base,
      labels: more.labels ? { ...labels, ...more.labels } : (labels ?? {}),
      ...(annotations && { annotations }),
      owner,
    }),
    spec: more.spec ? { ...template.spec, ...more.spec } : template.spec,
    status: { phase: "Pending" },
  });
}

const PHASE_RANK: Record<string, number> = { Pending: 0, Unknown: 1, Running: 2 };

/** Who goes first on scale down: unassigned, pending, not ready, crowded on its node, newer.
 *  Source: kubernetes controller_utils.go, ActivePodsWithRanks.
 *  Simplified: pod-deletion-cost and time since ready are left out. */
function byDispensability(pods: readonly Pod[]): (a: Pod, b: Pod) => number {
  const onNode = new Map<string, number>();
  for (const { spec } of pods)
    onNode.set(spec.nodeName ?? "", (onNode.get(spec.nodeName ?? "") ?? 0) + 1);
  const rank = (pod: Pod): readonly number[] => [
    pod.spec.nodeName ? 1 : 0,
    PHASE_RANK[pod.status.phase] ?? 1,
    isPodReady(pod) ? 1 : 0,
    -(onNode.get(pod.spec.nodeName ?? "") ?? 0),
  ];
  return (a, b) => {
    const left = rank(a);
    const right = rank(b);
    for (let i = 0; i < left.length; i++) {
      const difference = (left[i] ?? 0) - (right[i] ?? 0);
      if (difference !== 0) return difference;
    }
    const newer = compare(b.metadata.creationTimestamp ?? "", a.metadata.creationTimestamp ?? "");
    return newer !== 0 ? newer : compare(b.metadata.name, a.metadata.name);
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function updateStatus(ctx: ControlContext, set: ReplicaSet, pods: readonly Pod[]): void {
  const latest = ctx.store.find("ReplicaSet", set.metadata.namespace, set.metadata.name);
  if (!latest) return;
  const ready = pods.filter(isPodReady).length;
  const status = {
    ...latest.status,
    replicas: pods.length,
    fullyLabeledReplicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
    observedGeneration: latest.metadata.generation ?? 1,
  };
  const before = latest.status;
  if (
    before?.replicas === status.replicas &&
    before?.readyReplicas === ready &&
    before?.availableReplicas === ready
  ) {
    return;
  }
  ctx.store.put({ ...latest, status });
}
