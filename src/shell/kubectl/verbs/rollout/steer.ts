import type { KubeObject } from "../../../../core/api/types";
import { formatTimestamp } from "../../../../core/sim/time";
import { keyOfObject } from "../../api";
import type { Kubectl, Verb } from "../../verb";
import { printOutcome } from "../writing";
import { quotedName, ROLLOUT_FLAGS, sayNothingFound, workloads } from "./workloads";

interface Steering {
  readonly command: string;
  readonly outcome: string;
  /** What is wrong with it for an object, after its name; undefined where nothing is. */
  objection(object: KubeObject): string | undefined;
  patch(nowUs: number): object;
}

const steering = ({ command, outcome, objection, patch }: Steering): Verb => ({
  name: `rollout ${command}`,
  flags: ROLLOUT_FLAGS,
  run: async (kubectl: Kubectl) => {
    const objects = workloads(kubectl);
    if (objects.length === 0) await sayNothingFound(kubectl);
    let failed = false;
    for (const object of objects) {
      const wrong = objection(object);
      if (wrong !== undefined) {
        failed = true;
        await kubectl.complain(`error: ${quotedName(object)} ${wrong}`);
        continue;
      }
      const after = kubectl.api.must({
        type: "patch",
        key: keyOfObject(object),
        patch: { ...patch(kubectl.api.nowUs) },
      });
      await printOutcome(kubectl, after, outcome);
    }
    return failed ? 1 : 0;
  },
});

const isPaused = (object: KubeObject) =>
  object.kind === "Deployment" && object.spec.paused === true;

export const rolloutPause = steering({
  command: "pause",
  outcome: "paused",
  objection: (object) =>
    object.kind !== "Deployment"
      ? "pausing is not supported"
      : isPaused(object)
        ? "is already paused"
        : undefined,
  patch: () => ({ spec: { paused: true } }),
});

export const rolloutResume = steering({
  command: "resume",
  outcome: "resumed",
  objection: (object) =>
    object.kind !== "Deployment"
      ? "resuming is not supported"
      : isPaused(object)
        ? undefined
        : "is not paused",
  patch: () => ({ spec: { paused: null } }),
});

export const rolloutRestart = steering({
  command: "restart",
  outcome: "restarted",
  objection: (object) => {
    if (object.kind !== "Deployment" && object.kind !== "DaemonSet")
      return "restarting is not supported";
    return isPaused(object)
      ? "can't restart paused deployment (run rollout resume first)"
      : undefined;
  },
  patch: (nowUs) => {
    const annotations = { "kubectl.kubernetes.io/restartedAt": formatTimestamp(nowUs) };
    return { spec: { template: { metadata: { annotations } } } };
  },
});
