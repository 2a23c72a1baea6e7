import type { Deployment } from "../api/types";

/** How far a rolling update may go above and below the desired count; "recreate" stops everything first. */
export type RollingLimits =
  | { readonly maxSurge: number; readonly maxUnavailable: number }
  | "recreate";

export interface ReplicaLoad {
  readonly replicas: number;
  readonly available: number;
}

export interface RolloutInput {
  readonly desired: number;
  readonly rolling: RollingLimits;
  /** The ReplicaSet of the present template, when it exists. */
  readonly current?: ReplicaLoad | undefined;
  /** The others, oldest first. */
  readonly old: readonly ReplicaLoad[];
  /** Pods of old ReplicaSets exist, terminating ones included. */
  readonly oldPodsLeft: boolean;
}

export interface RolloutPlan {
  /** Undefined: not yet to be created. */
  readonly current: number | undefined;
  readonly old: readonly number[];
}

const DEFAULT_LIMIT = "25%";

/** Percentages are of the desired count: surge rounds up, unavailable down; both zero would never move.
 *  Source: kubernetes deployment/util, ResolveFenceposts. */
export function resolveRollingUpdate(deployment: Deployment): RollingLimits {
  const { strategy, replicas } = deployment.spec;
  if (strategy?.type === "Recreate") return "recreate";
  const { maxSurge = DEFAULT_LIMIT, maxUnavailable = DEFAULT_LIMIT } =
    strategy?.rollingUpdate ?? {};
  const surge = resolveLimit(maxSurge, replicas, Math.ceil);
  const unavailable = resolveLimit(maxUnavailable, replicas, Math.floor);
  return { maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

function resolveLimit(
  limit: number | string,
  total: number,
  round: (value: number) => number,
): number {
  if (typeof limit === "number") return limit;
  const percent = Number.parseInt(limit, 10);
  return limit.endsWith("%") ? round((percent * total) / 100) : percent;
}

/** How many replicas every ReplicaSet should have next.
 *  Source: kubernetes deployment controller, rolling.go and recreate.go.
 *  Simplified: scaling in mid-rollout is not shared out in proportion. */
export function planRollout(input: RolloutInput): RolloutPlan {
  const { desired, rolling, current, old } = input;
  const oldReplicas = old.reduce((sum, set) => sum + set.replicas, 0);
  if (rolling === "recreate") {
    const waiting = oldReplicas > 0 || input.oldPodsLeft;
    const next = waiting ? current?.replicas : desired;
    return { current: next, old: old.map(() => 0) };
  }
  const next = nextCurrent(desired, rolling.maxSurge, current?.replicas ?? 0, oldReplicas);
  const grown = next > (current?.replicas ?? 0);
  // One step at a time, as upstream: scaling down waits for the next sync after scaling up.
  if (grown || oldReplicas === 0) return { current: next, old: old.map((set) => set.replicas) };
  return { current: next, old: shrinkOld(input, rolling.maxUnavailable, next) };
}

function nextCurrent(desired: number, maxSurge: number, current: number, old: number): number {
  if (current >= desired) return desired;
  const room = desired + maxSurge - (current + old);
  return current + Math.max(0, Math.min(room, desired - current));
}

/** Unavailable old replicas go first, then available ones as far as the minimum allows. */
function shrinkOld(input: RolloutInput, maxUnavailable: number, current: number): number[] {
  const { desired, old } = input;
  const replicas = old.map((set) => set.replicas);
  const available = old.map((set) => Math.min(set.available, set.replicas));
  const currentAvailable = Math.min(input.current?.available ?? 0, current);
  const minAvailable = desired - maxUnavailable;
  const total = sum(replicas) + current;
  let removable = Math.max(0, total - minAvailable - (current - currentAvailable));
  for (let i = 0; i < replicas.length; i++) {
    const broken = Math.min((replicas[i] ?? 0) - (available[i] ?? 0), removable);
    replicas[i] = (replicas[i] ?? 0) - broken;
    removable -= broken;
  }
  let spare = Math.max(0, sum(available) + currentAvailable - minAvailable);
  for (let i = 0; i < replicas.length; i++) {
    const cut = Math.min(replicas[i] ?? 0, spare, removable);
    replicas[i] = (replicas[i] ?? 0) - cut;
    spare -= cut;
    removable -= cut;
  }
  return replicas;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
