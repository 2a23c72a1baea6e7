import type { JsonObject } from "../../../core/api/json";
import type { DaemonSet, Deployment, KubeObject, ReplicaSet } from "../../../core/api/types";
import { formatTimestamp, SECOND } from "../../../core/sim/time";
import { keyOfObject, notFound } from "../api";
import { describePodTemplate } from "../describe/pod-template";
import { failure, statusFailure } from "../failure";
import { objectName } from "../output/format";
import { typeOfKind } from "../resources";
import { findTargets, parseTargets, selectorOf } from "../targets";
import type { Kubectl, Verb } from "../verb";
import { secondsOf } from "./delete";
import { SELECTION_FLAGS } from "./get";
import { dryRunOf, printOutcome, WRITE_FLAGS } from "./writing";

const REVISION = "deployment.kubernetes.io/revision";
const CAUSE = "kubernetes.io/change-cause";
const HASH = "pod-template-hash";

const FLAGS = {
  ...WRITE_FLAGS,
  selector: SELECTION_FLAGS.selector,
  filename: { short: "f", value: true },
  recursive: { short: "R" },
} as const;

/** The workloads that a rollout command is about. */
async function workloads(kubectl: Kubectl, command: string): Promise<readonly KubeObject[]> {
  const { api, args, flags, namespace } = kubectl;
  if (args.length === 0) throw failure("required resource not specified");
  const targets = parseTargets(args, `kubectl rollout ${command}`);
  if (!targets.named && !selectorOf(flags) && command !== "status")
    if (command === "undo" || command === "restart")
      throw failure("resource(s) were provided, but no name was specified");
  const { found, errors } = findTargets(api, targets, { namespace, allNamespaces: false }, flags);
  const [error] = errors;
  if (error !== undefined) {
    const name = targets.groups[0]?.names?.[0] ?? "";
    const type = targets.groups[0]?.type;
    throw type ? statusFailure(notFound(type, name)) : failure(error);
  }
  return found.flatMap(({ objects }) => objects);
}

export const rolloutStatus: Verb = {
  name: "rollout status",
  flags: { ...FLAGS, watch: { short: "w" }, timeout: { value: true }, revision: { value: true } },
  run: async (kubectl) => {
    const { api, flags, process } = kubectl;
    for (const object of await workloads(kubectl, "status")) {
      const { kind } = object;
      if (kind !== "Deployment" && kind !== "DaemonSet")
        throw failure(`no status viewer has been implemented for ${kind}`);
      const { namespace, name } = object.metadata;
      const seconds = secondsOf(flags.text("timeout") ?? "0");
      const endUs = seconds > 0 ? api.nowUs + seconds * SECOND : Number.POSITIVE_INFINITY;
      let said = "";
      for (;;) {
        const now = api.cluster.world.store.find(kind, namespace, name);
        if (!now) throw failure(`object has been deleted`);
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

interface Revision {
  readonly number: number;
  readonly set: ReplicaSet;
}

/** A Deployment's ReplicaSets by their revision, oldest first. */
function revisionsOf({ api }: Kubectl, deployment: Deployment): readonly Revision[] {
  return api
    .list(typeOfKind("ReplicaSet"), { namespace: deployment.metadata.namespace })
    .filter((set): set is ReplicaSet => set.kind === "ReplicaSet")
    .filter((set) =>
      set.metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid),
    )
    .map((set) => ({ number: Number(set.metadata.annotations?.[REVISION] ?? 0), set }))
    .sort((a, b) => a.number - b.number);
}

export const rolloutHistory: Verb = {
  name: "rollout history",
  flags: { ...FLAGS, revision: { value: true } },
  run: async (kubectl) => {
    const wanted = kubectl.flags.number("revision") ?? 0;
    for (const object of await workloads(kubectl, "history")) {
      if (object.kind !== "Deployment")
        throw failure(
          object.kind === "DaemonSet"
            ? "the history of daemon sets is not modelled here"
            : `no history viewer has been implemented for "${object.kind}"`,
        );
      const revisions = revisionsOf(kubectl, object);
      if (wanted > 0) {
        const found = revisions.find(({ number }) => number === wanted);
        if (!found) throw failure("unable to find the specified revision");
        await kubectl.print(`${objectName(object)} with revision #${wanted}`);
        await kubectl.print(describePodTemplate(found.set.spec.template).replace(/\n$/, ""));
        await kubectl.print("");
        continue;
      }
      await kubectl.print(`${objectName(object)} `);
      const rows = revisions.map(({ number, set }) => [
        String(number),
        set.metadata.annotations?.[CAUSE] ?? "<none>",
      ]);
      for (const [number = "", cause = ""] of [["REVISION", "CHANGE-CAUSE"], ...rows])
        await kubectl.print(`${number.padEnd(10)}${cause}`);
      await kubectl.print("");
    }
    return 0;
  },
};

export const rolloutUndo: Verb = {
  name: "rollout undo",
  flags: { ...FLAGS, "to-revision": { value: true } },
  run: async (kubectl) => {
    const to = kubectl.flags.number("to-revision") ?? 0;
    const dryRun = dryRunOf(kubectl);
    for (const object of await workloads(kubectl, "undo")) {
      if (object.kind !== "Deployment")
        throw failure(`no rollbacker has been implemented for "${object.kind}"`);
      const revisions = revisionsOf(kubectl, object);
      if (revisions.length <= 1 && to === 0)
        throw failure(`no rollout history found for deployment "${object.metadata.name}"`);
      const target = to === 0 ? revisions.at(-2) : revisions.find(({ number }) => number === to);
      if (!target) throw failure(`unable to find specified revision ${to} in history`);
      if (target === revisions.at(-1)) {
        await printOutcome(
          kubectl,
          object,
          `skipped rollback (current template already matches revision ${target.number})`,
        );
        continue;
      }
      const after = kubectl.api.must(
        { type: "replace", manifest: rolledBack(kubectl, object, target.set) },
        undefined,
        dryRun !== "none",
      );
      await printOutcome(kubectl, after, "rolled back", dryRun);
    }
    return 0;
  },
};

function rolledBack({ api }: Kubectl, { metadata }: Deployment, set: ReplicaSet): JsonObject {
  const stored = api.cluster.world.store.find("Deployment", metadata.namespace, metadata.name);
  if (!stored) throw failure("object has been deleted");
  const { template } = set.spec;
  const { [HASH]: _, ...labels } = template.metadata?.labels ?? {};
  const manifest = {
    ...stored,
    spec: { ...stored.spec, template: { ...template, metadata: { ...template.metadata, labels } } },
  };
  return manifest as unknown as JsonObject;
}

export const rolloutRestart: Verb = {
  name: "rollout restart",
  flags: FLAGS,
  run: async (kubectl) => {
    const dryRun = dryRunOf(kubectl);
    const at = formatTimestamp(kubectl.api.nowUs);
    for (const object of await workloads(kubectl, "restart")) {
      if (object.kind !== "Deployment" && object.kind !== "DaemonSet")
        throw failure(
          `${objectName(object).split("/")[0]}s "${object.metadata.name}" restarting is not supported`,
        );
      const annotations = { "kubectl.kubernetes.io/restartedAt": at };
      const patch = { spec: { template: { metadata: { annotations } } } };
      const after = kubectl.api.must(
        { type: "patch", key: keyOfObject(object), patch },
        undefined,
        dryRun !== "none",
      );
      await printOutcome(kubectl, after, "restarted", dryRun);
    }
    return 0;
  },
};
