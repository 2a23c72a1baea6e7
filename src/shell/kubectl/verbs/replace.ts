import { refusalOf } from "../api";
import { failure, statusMessage } from "../failure";
import { FILE_FLAGS, type GivenManifest, readManifests, reportManifests } from "../manifests";
import { groupSingular } from "../resources";
import type { Kubectl, Verb } from "../verb";
import { SELECTION_FLAGS } from "./get";
import { dryRunOf, printOutcome, UNRECORDED_FLAGS } from "./writing";

export const replace: Verb = {
  name: "replace",
  flags: {
    ...UNRECORDED_FLAGS,
    ...FILE_FLAGS,
    selector: SELECTION_FLAGS.selector,
    force: {},
    "grace-period": { value: true },
    timeout: { value: true },
    cascade: { value: "optional" },
    wait: {},
    raw: { value: true },
    subresource: { value: true },
  },
  run: async (kubectl) => {
    const { api, flags } = kubectl;
    if (!flags.has("filename") && !flags.has("kustomize"))
      throw failure("must specify one of -f and -k");
    const given = await readManifests(kubectl);
    const dryRun = dryRunOf(kubectl);
    if (flags.on("force")) for (const one of given.manifests) await deleteFirst(kubectl, one);
    let failed = false;
    for (const { manifest, source } of given.manifests) {
      const type = flags.on("force") ? "create" : "replace";
      const result = api.execute({ type, manifest }, dryRun !== "none");
      if (result.ok) {
        const object = result.applied[0]?.object;
        if (object) await printOutcome(kubectl, object, "replaced", dryRun);
        continue;
      }
      failed = true;
      await kubectl.complain(statusMessage(refusalOf(result), `error when replacing "${source}"`));
    }
    return reportManifests(kubectl, given, failed);
  },
};

/** Waits until the old one is gone. */
async function deleteFirst(
  { api, process, print }: Kubectl,
  { type, namespace, name }: GivenManifest,
): Promise<void> {
  const stored = api.findStored(type, namespace, name);
  if (!stored) return;
  const home = type.namespaced ? namespace : "";
  api.execute({ type: "delete", key: `${stored.kind}/${home === "" ? "" : `${home}/`}${name}` });
  await print(`${groupSingular(type)} "${name}" deleted`);
  const { uid } = stored.metadata;
  await api.cluster.until(() => api.findStored(type, namespace, name)?.metadata.uid !== uid, {
    interrupt: process.interrupt,
  });
}
