import { keyOf } from "../../../core/api/types";
import { refusalOf } from "../api";
import { failure, statusMessage } from "../failure";
import { FILE_FLAGS, readManifests, reportManifests, requireFiles } from "../manifests";
import { groupResource } from "../resources";
import type { Verb } from "../verb";
import { dryRunOf, printOutcome, WRITE_FLAGS } from "./writing";

export const apply: Verb = {
  name: "apply",
  flags: {
    ...WRITE_FLAGS,
    ...FILE_FLAGS,
    selector: { short: "l", value: true },
    all: {},
    prune: {},
    "prune-allowlist": { value: true },
    overwrite: { value: "optional" },
    force: {},
    "force-conflicts": {},
    "server-side": {},
    wait: {},
    timeout: { value: true },
    "grace-period": { value: true },
    cascade: { value: "optional" },
  },
  run: async (kubectl) => {
    const { api, flags } = kubectl;
    requireFiles(kubectl);
    for (const name of ["prune", "server-side"])
      if (flags.on(name)) throw failure(`--${name} is not modelled here`);
    const given = await readManifests(kubectl);
    const dryRun = dryRunOf(kubectl);
    let failed = false;
    for (const { manifest, type, name, namespace, source } of given.manifests) {
      const key = keyOf(type.kind, namespace, name);
      const { world } = api.cluster;
      const before = api.findStored(type, namespace, name);
      if (before && world.lastApplied(key) === undefined)
        await kubectl.complain(
          `Warning: resource ${groupResource(type)}/${name} is missing the kubectl.kubernetes.io/last-applied-configuration annotation which is required by kubectl apply. kubectl apply should only be used on resources created declaratively by either kubectl create --save-config or kubectl apply. The missing annotation will be patched automatically.`,
        );
      const result = api.execute({ type: "apply", manifests: [manifest] }, dryRun !== "none");
      if (!result.ok) {
        failed = true;
        await kubectl.complain(
          statusMessage(refusalOf(result), doing(before !== undefined, source, type.plural, name)),
        );
        continue;
      }
      const applied = result.applied[0];
      if (applied) await printOutcome(kubectl, applied.object, applied.outcome, dryRun);
    }
    return reportManifests(kubectl, given, failed);
  },
};

function doing(exists: boolean, source: string, plural: string, name: string): string {
  return exists
    ? `error when applying patch to ${plural}/${name} for "${source}"`
    : `error when creating "${source}"`;
}
