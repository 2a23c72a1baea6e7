import type { DaemonSet, Deployment } from "../../../../core/api/types";
import { SECOND } from "../../../../core/sim/time";
import { failure } from "../../failure";
import type { Verb } from "../../verb";
import { secondsOf } from "../delete";
import { ROLLOUT_FLAGS, workloads } from "./workloads";

const REVISION = "deployment.kubernetes.io/revision";

export const rolloutStatus: Verb = {
  name: "rollout status",
  flags: {
    ...ROLLOUT_FLAGS,
    watch: { short: "w" },
    timeout: { value: true },
    revision: { value: true },
  },
  run: async (kubectl) => {
    const { api, flags, process } = kubectl;
    const wanted = flags.number("revision") ?? 0;
    for (const object of workloads(kubectl)) {
      const { kind } = object;
      if (kind !== "Deployment" && kind !== "DaemonSet")
        throw failure(`no status viewer has been implemented for ${kind}`);
      const { namespace, name } = object.metadata;
      const seconds = secondsOf(flags.text("timeout") ?? "0", "rollout status");
      const endUs = seconds > 0 ? api.nowUs + seconds * SECOND : Number.POSITIVE_INFINITY;
      let said = "";
      for (;;) {
        const now = api.cluster.world.store.find(kind, namespace, name);
        if (!now) throw failure(`object has been deleted`);
        const running = Number(now.metadata.annotations?.[REVISION] ?? 0);
        if (wanted > 0 && kind === "Deployment" && running !== wanted)
          throw failure(
            `desired revision (${wanted}) is different from the running revision (${running})`,
          );
        const { done, text } =
          now.kind === "Deployment" ? deploymentStatus(now) : daemonSetStatus(now);
        if (text !== said) await kubectl.print(text);
        said = text;
        if (done || !flags.on("watch", true)) break;
        const { resourceVersion } = now.metadata;
        const changed = await api.cluster.until(
          () =>
            api.cluster.world.store.find(kind, namespace, name)?.metadata.resourceVersion !==
            resourceVersion,
          { interrupt: process.interrupt, limitUs: endUs - api.nowUs },
        );
        if (!changed) throw failure("timed out waiting for the condition");
      }
    }
    return 0;
  },
};

/** Source: kubectl/pkg/polymorphichelpers/rollout_status.go. */
function deploymentStatus({ metadata, spec, status = {} }: Deployment) {
  const { name, generation = 1 } = metadata;
  if (generation > (status.observedGeneration ?? 0))
    return { done: false, text: "Waiting for deployment spec update to be observed..." };
  const progressing = status.conditions?.find(({ type }) => type === "Progressing");
  if (progressing?.reason === "ProgressDeadlineExceeded")
    throw failure(`deployment "${name}" exceeded its progress deadline`);
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status;
  const waiting = `Waiting for deployment "${name}" rollout to finish:`;
  if (updatedReplicas < spec.replicas)
    return {
      done: false,
      text: `${waiting} ${updatedReplicas} out of ${spec.replicas} new replicas have been updated...`,
    };
  if (replicas > updatedReplicas)
    return {
      done: false,
      text: `${waiting} ${replicas - updatedReplicas} old replicas are pending termination...`,
    };
  if (availableReplicas < updatedReplicas)
    return {
      done: false,
      text: `${waiting} ${availableReplicas} of ${updatedReplicas} updated replicas are available...`,
    };
  return { done: true, text: `deployment "${name}" successfully rolled out` };
}

function daemonSetStatus({ metadata, status = {} }: DaemonSet) {
  const { name, generation = 1 } = metadata;
  if (generation > (status.observedGeneration ?? 0))
    return { done: false, text: "Waiting for daemon set spec update to be observed..." };
  const {
    desiredNumberScheduled: desired = 0,
    updatedNumberScheduled: updated = 0,
    numberAvailable = 0,
  } = status;
  const waiting = `Waiting for daemon set "${name}" rollout to finish:`;
  if (updated < desired)
    return {
      done: false,
      text: `${waiting} ${updated} out of ${desired} new pods have been updated...`,
    };
  if (numberAvailable < desired)
    return {
      done: false,
      text: `${waiting} ${numberAvailable} of ${desired} updated pods are available...`,
    };
  return { done: true, text: `daemon set "${name}" successfully rolled out` };
}
