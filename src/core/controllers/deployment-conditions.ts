import type { Condition, Deployment } from "../api/types";
import { formatTimestamp, parseTimestamp, SECOND } from "../sim/time";
import { findCondition } from "./pod-facts";
import { resolveRollingUpdate } from "./rollout";

/** What a Deployment counts; what is absent is none. */
export interface DeploymentCounts {
  readonly replicas: number;
  readonly updatedReplicas: number;
  readonly readyReplicas: number;
  readonly availableReplicas: number;
}

/** What the controller did to the ReplicaSet of the present template before it looked at progress. */
export interface NewReplicaSet {
  readonly name: string;
  readonly created: boolean;
}

const PROGRESSING = "Progressing";
export const TIMED_OUT = "ProgressDeadlineExceeded";
const NEW_SET_AVAILABLE = "NewReplicaSetAvailable";
const PAUSED = "DeploymentPaused";

/** `spec.progressDeadlineSeconds` that means none. Source: deployment/util, HasProgressDeadline. */
const NO_DEADLINE = 2 ** 31 - 1;

function deadlineSeconds({ spec }: Deployment): number | undefined {
  const seconds = spec.progressDeadlineSeconds ?? 600;
  return seconds === NO_DEADLINE ? undefined : seconds;
}

/** The conditions that come with new counts. Source: kubernetes deployment controller, sync.go and progress.go. */
export function deploymentConditions(
  deployment: Deployment,
  counts: DeploymentCounts,
  set: NewReplicaSet | undefined,
  nowUs: number,
): readonly Condition[] {
  const before = conditionsAfterSets(deployment, set, nowUs);
  const after = setCondition(before, availability(deployment, counts), nowUs);
  if (deadlineSeconds(deployment) === undefined)
    return after.filter(({ type }) => type !== PROGRESSING);
  return deployment.spec.paused ? after : withProgress(deployment, counts, set, after, nowUs);
}

/** Paused, resumed, a ReplicaSet made or found. */
function conditionsAfterSets(
  { spec, status }: Deployment,
  set: NewReplicaSet | undefined,
  nowUs: number,
): readonly Condition[] {
  const before = status?.conditions ?? [];
  const known = findCondition(before, PROGRESSING);
  const say = (status: Condition["status"], reason: string, message: string) =>
    setCondition(before, { type: PROGRESSING, status, reason, message }, nowUs);
  if (set?.created)
    return say("True", "NewReplicaSetCreated", `Created new replica set "${set.name}"`);
  if (spec.paused && known?.reason !== PAUSED && known?.reason !== TIMED_OUT)
    return say("Unknown", PAUSED, "Deployment is paused");
  if (!spec.paused && known?.reason === PAUSED)
    return say("Unknown", "DeploymentResumed", "Deployment is resumed");
  if (set && !known)
    return say("True", "FoundNewReplicaSet", `Found new replica set "${set.name}"`);
  return before;
}

function availability(deployment: Deployment, { availableReplicas }: DeploymentCounts): Condition {
  const rolling = resolveRollingUpdate(deployment);
  const maxUnavailable = rolling === "recreate" ? 0 : rolling.maxUnavailable;
  return availableReplicas >= deployment.spec.replicas - maxUnavailable
    ? {
        type: "Available",
        status: "True",
        reason: "MinimumReplicasAvailable",
        message: "Deployment has minimum availability.",
      }
    : {
        type: "Available",
        status: "False",
        reason: "MinimumReplicasUnavailable",
        message: "Deployment does not have minimum availability.",
      };
}

function withProgress(
  deployment: Deployment,
  counts: DeploymentCounts,
  set: NewReplicaSet | undefined,
  conditions: readonly Condition[],
  nowUs: number,
): readonly Condition[] {
  const { spec, status = {} } = deployment;
  const known = findCondition(conditions, PROGRESSING);
  const { replicas, updatedReplicas, readyReplicas, availableReplicas } = counts;
  if (replicas === updatedReplicas && known?.reason === NEW_SET_AVAILABLE) return conditions;
  const subject = set ? `ReplicaSet "${set.name}"` : `Deployment "${deployment.metadata.name}"`;
  const complete =
    updatedReplicas === spec.replicas &&
    replicas === spec.replicas &&
    availableReplicas === spec.replicas;
  if (complete) {
    const message = `${subject} has successfully progressed.`;
    const done = { type: PROGRESSING, status: "True", reason: NEW_SET_AVAILABLE, message } as const;
    return setCondition(conditions, done, nowUs);
  }
  const oldBefore = (status.replicas ?? 0) - (status.updatedReplicas ?? 0);
  const progressed =
    updatedReplicas > (status.updatedReplicas ?? 0) ||
    replicas - updatedReplicas < oldBefore ||
    readyReplicas > (status.readyReplicas ?? 0) ||
    availableReplicas > (status.availableReplicas ?? 0);
  if (progressed) {
    // Set anew even with the same reason: its lastUpdateTime is what the deadline counts from.
    const now = formatTimestamp(nowUs);
    const since = known?.status === "True" ? known.lastTransitionTime : undefined;
    const moving: Condition = {
      type: PROGRESSING,
      status: "True",
      reason: "ReplicaSetUpdated",
      message: `${subject} is progressing.`,
      lastUpdateTime: now,
      lastTransitionTime: since ?? now,
    };
    return [...conditions.filter(({ type }) => type !== PROGRESSING), moving];
  }
  if (!known || !isOverdue(deployment, known, nowUs)) return conditions;
  const message = `${subject} has timed out progressing.`;
  const late = { type: PROGRESSING, status: "False", reason: TIMED_OUT, message } as const;
  return setCondition(conditions, late, nowUs);
}

function isOverdue(deployment: Deployment, progressing: Condition, nowUs: number): boolean {
  if (progressing.reason === NEW_SET_AVAILABLE) return false;
  if (progressing.reason === TIMED_OUT) return true;
  const dueUs = deadlineUs(deployment, progressing);
  return dueUs !== undefined && nowUs > dueUs;
}

function deadlineUs(deployment: Deployment, { lastUpdateTime }: Condition): number | undefined {
  const fromUs = parseTimestamp(lastUpdateTime);
  const seconds = deadlineSeconds(deployment);
  return fromUs === undefined || seconds === undefined ? undefined : fromUs + seconds * SECOND;
}

/** When to look again whether a rollout is stuck; undefined where nothing is under way. */
export function findProgressCheckUs(
  deployment: Deployment,
  conditions: readonly Condition[],
): number | undefined {
  const progressing = findCondition(conditions, PROGRESSING);
  if (!progressing || deployment.spec.paused) return undefined;
  if (progressing.reason === NEW_SET_AVAILABLE || progressing.reason === TIMED_OUT)
    return undefined;
  const dueUs = deadlineUs(deployment, progressing);
  return dueUs === undefined ? undefined : dueUs + SECOND;
}

/** Left as it is where status and reason are the same; what is new comes last.
 *  Source: deployment/util, SetDeploymentCondition. */
function setCondition(
  conditions: readonly Condition[],
  next: Condition,
  nowUs: number,
): readonly Condition[] {
  const known = findCondition(conditions, next.type);
  if (known?.status === next.status && known.reason === next.reason) return conditions;
  const now = formatTimestamp(nowUs);
  const since = known?.status === next.status ? known.lastTransitionTime : undefined;
  const stamped = { ...next, lastUpdateTime: now, lastTransitionTime: since ?? now };
  return [...conditions.filter((one) => one !== known), stamped];
}
