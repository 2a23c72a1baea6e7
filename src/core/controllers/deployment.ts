import { sameJson } from "../api/json";
import { matchesSelector, sameLabels } from "../api/labels";
import type { Deployment, Labels, ReplicaSet } from "../api/types";
import { narrowestBucket } from "./buckets";
import type { ControlContext } from "./context";
import {
  deploymentConditions,
  findProgressCheckUs,
  type NewReplicaSet,
} from "./deployment-conditions";
import { wholeNamespace } from "./indexing";
import {
  findAll,
  findByShortKey,
  findOwner,
  newMeta,
  ownerReference,
  requestDelete,
} from "./objects";
import { controllerRef, isTerminating } from "./pod-facts";
import { planRollout, resolveRollingUpdate } from "./rollout";
import type { ControllerState } from "./state";
import { TEMPLATE_HASH_LABEL, templateHash } from "./template-hash";

const COMPONENT = "deployment-controller";
const REVISION = "deployment.kubernetes.io/revision";
const DESIRED = "deployment.kubernetes.io/desired-replicas";
const MAX = "deployment.kubernetes.io/max-replicas";

/** Old, empty ReplicaSets that are kept for `kubectl rollout undo`. Source: DeploymentSpec.revisionHistoryLimit. */
const REVISION_HISTORY_LIMIT = 10;

/** Drives a Deployment's ReplicaSets towards its template and count. */
export function syncDeployment(ctx: ControlContext, state: ControllerState, key: string): void {
  const deployment = findByShortKey(ctx.store, "Deployment", key);
  if (!deployment || isTerminating(deployment)) return;
  const sets = claimReplicaSets(ctx, state, deployment);
  const hash = templateHash(deployment.spec.template);
  const current = sets.find((set) => templateHash(set.spec.template) === hash);
  const old = sets.filter((set) => set !== current);
  if (deployment.spec.paused) {
    scalePaused(ctx, deployment, current, old);
    updateStatus(ctx, state, deployment, { hash, set: current && named(current) });
    return;
  }
  const oldPodsLeft = old.some((set) => state.dependentsByOwner.size(set.metadata.uid) > 0);
  const plan = planRollout({
    desired: deployment.spec.replicas,
    rolling: resolveRollingUpdate(deployment),
    current: current && loadOf(current),
    old: old.map(loadOf),
    oldPodsLeft,
  });
  let set = current && named(current);
  if (current) {
    keepRevision(ctx, deployment, current, old);
    copyAnnotations(ctx, deployment, current);
    scale(ctx, deployment, current, plan.current);
  } else if (plan.current !== undefined) {
    const created = createReplicaSet(ctx, deployment, hash, plan.current, old);
    set = { name: created.metadata.name, created: true };
  }
  for (const [index, set] of old.entries()) scale(ctx, deployment, set, plan.old[index]);
  forgetOldest(ctx, old);
  updateStatus(ctx, state, deployment, { hash, set });
}

function named({ metadata }: ReplicaSet): NewReplicaSet {
  return { name: metadata.name, created: false };
}

/** A paused Deployment rolls nothing out; its count still goes to the one ReplicaSet that has pods, or to the newest.
 *  Simplified: where several have pods, they stay as they are. */
function scalePaused(
  ctx: ControlContext,
  deployment: Deployment,
  current: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): void {
  const all = current ? [...old, current] : old;
  const active = all.filter((set) => set.spec.replicas > 0);
  const newest = [...all].sort((a, b) => revisionOf(a) - revisionOf(b)).at(-1);
  const [only = newest, ...others] = active;
  if (only && others.length === 0) scale(ctx, deployment, only, deployment.spec.replicas);
}

function loadOf(set: ReplicaSet) {
  return { replicas: set.spec.replicas, available: set.status?.availableReplicas ?? 0 };
}

/** Its own ReplicaSets and matching orphans, oldest first. */
function claimReplicaSets(
  ctx: ControlContext,
  state: ControllerState,
  deployment: Deployment,
): readonly ReplicaSet[] {
  const { namespace, uid } = deployment.metadata;
  const { selector } = deployment.spec;
  const bucket = narrowestBucket(namespace, selector.matchLabels) ?? wholeNamespace(namespace);
  const keys = new Set(state.dependentsByOwner.keys(uid));
  for (const key of state.replicaSetsByLabel.keys(bucket)) keys.add(key);
  const claimed: ReplicaSet[] = [];
  for (const set of findAll(ctx.store, "ReplicaSet", keys)) {
    if (isTerminating(set)) continue;
    const ref = controllerRef(set);
    if (ref?.uid === uid) claimed.push(set);
    else if (ref && findOwner(ctx.store, namespace, ref)) continue;
    else if (matchesSelector(selector, set.metadata.labels)) {
      const metadata = { ...set.metadata, ownerReferences: [ownerReference(deployment)] };
      claimed.push(ctx.store.put({ ...set, metadata }));
    }
  }
  return claimed;
}

function createReplicaSet(
  ctx: ControlContext,
  deployment: Deployment,
  hash: string,
  replicas: number,
  old: readonly ReplicaSet[],
): ReplicaSet {
  const { namespace, name } = deployment.metadata;
  const { template, selector } = deployment.spec;
  const labels = { ...template.metadata?.labels, [TEMPLATE_HASH_LABEL]: hash };
  const revision = String(highestRevision(old) + 1);
  const set = ctx.store.put<ReplicaSet>({
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      ...newMeta(ctx, {
        kind: "ReplicaSet",
        namespace,
        name: `${name}-${hash}`,
        labels,
        annotations: {
          ...ownAnnotations(deployment),
          ...sizeAnnotations(deployment),
          [REVISION]: revision,
        },
        owner: deployment,
      }),
      generation: 1,
    },
    spec: {
      replicas,
      selector: {
        ...selector,
        matchLabels: { ...selector.matchLabels, [TEMPLATE_HASH_LABEL]: hash },
      },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0 },
  });
  setRevision(ctx, deployment, revision);
  if (replicas > 0) {
    const message = `Scaled up replica set ${set.metadata.name} from 0 to ${replicas}`;
    ctx.recordEvent(deployment, "Normal", "ScalingReplicaSet", message, COMPONENT);
  }
  return set;
}

/** What a ReplicaSet does not take over. Source: deployment/util, annotationsToSkip. */
const NOT_COPIED: readonly string[] = [
  REVISION,
  DESIRED,
  MAX,
  "deployment.kubernetes.io/revision-history",
  "deprecated.deployment.rollback.to",
  "kubectl.kubernetes.io/last-applied-configuration",
];

/** The annotations that its ReplicaSet of the present template has as well, such as the cause of a change. */
export function ownAnnotations({ metadata }: Deployment): Labels {
  const entries = Object.entries(metadata.annotations ?? {});
  return Object.fromEntries(entries.filter(([name]) => !NOT_COPIED.includes(name)));
}

function copyAnnotations(ctx: ControlContext, deployment: Deployment, set: ReplicaSet): void {
  const latest = ctx.store.find("ReplicaSet", set.metadata.namespace, set.metadata.name);
  if (!latest) return;
  const annotations = { ...latest.metadata.annotations, ...ownAnnotations(deployment) };
  if (sameLabels(annotations, latest.metadata.annotations ?? {})) return;
  ctx.store.put({ ...latest, metadata: { ...latest.metadata, annotations } });
}

/** How large the Deployment was when its ReplicaSet was last scaled. */
function sizeAnnotations(deployment: Deployment): Labels {
  const rolling = resolveRollingUpdate(deployment);
  const { replicas } = deployment.spec;
  const surge = rolling === "recreate" ? 0 : rolling.maxSurge;
  return { [DESIRED]: String(replicas), [MAX]: String(replicas + surge) };
}

function revisionOf(set: ReplicaSet): number {
  return Number(set.metadata.annotations?.[REVISION] ?? 0);
}

function highestRevision(sets: readonly ReplicaSet[]): number {
  return Math.max(0, ...sets.map(revisionOf));
}

/** A template that comes back (`rollout undo`) becomes the newest revision. */
function keepRevision(
  ctx: ControlContext,
  deployment: Deployment,
  current: ReplicaSet,
  old: readonly ReplicaSet[],
): void {
  const highest = highestRevision(old);
  if (old.length === 0 || revisionOf(current) > highest) return;
  const revision = String(highest + 1);
  const annotations = { ...current.metadata.annotations, [REVISION]: revision };
  ctx.store.put({ ...current, metadata: { ...current.metadata, annotations } });
  setRevision(ctx, deployment, revision);
}

function setRevision(ctx: ControlContext, deployment: Deployment, revision: string): void {
  const latest = ctx.store.find(
    "Deployment",
    deployment.metadata.namespace,
    deployment.metadata.name,
  );
  if (!latest || latest.metadata.annotations?.[REVISION] === revision) return;
  const annotations = { ...latest.metadata.annotations, [REVISION]: revision };
  ctx.store.put({ ...latest, metadata: { ...latest.metadata, annotations } });
}

function scale(
  ctx: ControlContext,
  deployment: Deployment,
  set: ReplicaSet,
  replicas: number | undefined,
): void {
  const latest = ctx.store.find("ReplicaSet", set.metadata.namespace, set.metadata.name);
  if (!latest || replicas === undefined || latest.spec.replicas === replicas) return;
  const from = latest.spec.replicas;
  ctx.store.put({
    ...latest,
    metadata: {
      ...latest.metadata,
      generation: (latest.metadata.generation ?? 0) + 1,
      annotations: { ...latest.metadata.annotations, ...sizeAnnotations(deployment) },
    },
    spec: { ...latest.spec, replicas },
  });
  const direction = replicas > from ? "up" : "down";
  const message = `Scaled ${direction} replica set ${set.metadata.name} from ${from} to ${replicas}`;
  ctx.recordEvent(deployment, "Normal", "ScalingReplicaSet", message, COMPONENT);
}

function forgetOldest(ctx: ControlContext, old: readonly ReplicaSet[]): void {
  const idle = old.filter((set) => set.spec.replicas === 0 && (set.status?.replicas ?? 0) === 0);
  idle.sort((a, b) => revisionOf(a) - revisionOf(b));
  for (const set of idle.slice(0, Math.max(0, idle.length - REVISION_HISTORY_LIMIT))) {
    requestDelete(ctx, set);
  }
}

function updateStatus(
  ctx: ControlContext,
  state: ControllerState,
  deployment: Deployment,
  { hash, set }: { readonly hash: string; readonly set: NewReplicaSet | undefined },
): void {
  const { namespace, name, uid } = deployment.metadata;
  const latest = ctx.store.find("Deployment", namespace, name);
  if (!latest) return;
  const counts = { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0 };
  for (const one of findAll(ctx.store, "ReplicaSet", state.dependentsByOwner.keys(uid))) {
    const { replicas = 0, readyReplicas = 0, availableReplicas = 0 } = one.status ?? {};
    counts.replicas += replicas;
    counts.readyReplicas += readyReplicas;
    counts.availableReplicas += availableReplicas;
    if (templateHash(one.spec.template) === hash) counts.updatedReplicas += replicas;
  }
  const conditions = deploymentConditions(latest, counts, set, ctx.nowUs);
  const status = {
    ...latest.status,
    observedGeneration: latest.metadata.generation ?? 1,
    ...counts,
    unavailableReplicas: Math.max(0, latest.spec.replicas - counts.availableReplicas),
    conditions,
  };
  if (sameJson(latest.status, status)) return;
  ctx.store.put({ ...latest, status });
  if (conditions === latest.status?.conditions) return;
  const checkUs = findProgressCheckUs(latest, conditions);
  if (checkUs !== undefined)
    ctx.schedule(checkUs - ctx.nowUs, {
      type: "progressCheckDue",
      key: `${namespace}/${name}`,
      background: true,
    });
}
