import type { JsonObject } from "../../../../core/api/json";
import type { Deployment, PodTemplate, ReplicaSet } from "../../../../core/api/types";
import { describePodTemplate } from "../../describe/pod-template";
import { failure } from "../../failure";
import { objectName } from "../../output/format";
import { typeOfKind } from "../../resources";
import type { Kubectl, Verb } from "../../verb";
import { dryRunOf, printOutcome, WRITE_FLAGS } from "../writing";
import { ROLLOUT_FLAGS, workloads } from "./workloads";

const REVISION = "deployment.kubernetes.io/revision";
const CAUSE = "kubernetes.io/change-cause";
const HASH = "pod-template-hash";

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
  flags: { ...ROLLOUT_FLAGS, revision: { value: true } },
  run: async (kubectl) => {
    const wanted = kubectl.flags.number("revision") ?? 0;
    for (const object of workloads(kubectl)) {
      if (object.kind === "DaemonSet") {
        await kubectl.print(`${objectName(object)} `);
        await kubectl.print("No rollout history found.");
        await kubectl.hint("a DaemonSet's ControllerRevisions are not modelled here");
        continue;
      }
      if (object.kind !== "Deployment")
        throw failure(
          `error retrieving history for "${object.kind}", no visitor method exists for { ${object.kind}}`,
        );
      const revisions = revisionsOf(kubectl, object);
      if (wanted > 0) {
        const found = revisions.find(({ number }) => number === wanted);
        if (!found) throw failure("unable to find the specified revision");
        await kubectl.print(`${objectName(object)} with revision #${wanted}`);
        await kubectl.print(describePodTemplate(withCause(found.set)).replace(/\n$/, ""));
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

/** A revision's template, and why there is one. */
function withCause({ metadata, spec }: ReplicaSet): PodTemplate {
  const cause = metadata.annotations?.[CAUSE];
  if (cause === undefined) return spec.template;
  const annotations = { ...spec.template.metadata?.annotations, [CAUSE]: cause };
  return { ...spec.template, metadata: { ...spec.template.metadata, annotations } };
}

export const rolloutUndo: Verb = {
  name: "rollout undo",
  flags: {
    ...ROLLOUT_FLAGS,
    "dry-run": WRITE_FLAGS["dry-run"],
    "to-revision": { value: true },
  },
  run: async (kubectl) => {
    const to = kubectl.flags.number("to-revision") ?? 0;
    const dryRun = dryRunOf(kubectl);
    for (const object of workloads(kubectl)) {
      if (object.kind === "DaemonSet") throw failure("no last revision to roll back to");
      if (object.kind !== "Deployment")
        throw failure(
          `error retrieving rollbacker for "${object.kind}", no visitor method exists for { ${object.kind}}`,
        );
      const revisions = revisionsOf(kubectl, object);
      if (revisions.length <= 1 && to === 0)
        throw failure(`no rollout history found for deployment "${object.metadata.name}"`);
      const target = to === 0 ? revisions.at(-2) : revisions.find(({ number }) => number === to);
      if (!target) throw failure(`unable to find specified revision ${to} in history`);
      if (object.spec.paused)
        throw failure(
          "you cannot rollback a paused deployment; resume it first with 'kubectl rollout resume' and try again",
        );
      if (target === revisions.at(-1)) {
        await printOutcome(
          kubectl,
          object,
          `skipped rollback (current template already matches revision ${target.number})`,
        );
        continue;
      }
      if (dryRun === "client") {
        await kubectl.write(
          `${objectName(object)} ${describePodTemplate(target.set.spec.template)}\n`,
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
