import { FILE_FLAGS, type GivenManifest, readManifests, requireFiles } from "../manifests";
import { groupSingular } from "../resources";
import type { Kubectl, Verb } from "../verb";
import { SELECTION_FLAGS } from "./get";
import { UNRECORDED_FLAGS, writeManifests } from "./writing";

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
    requireFiles(kubectl);
    const given = await readManifests(kubectl);
    const forced = kubectl.flags.on("force");
    if (forced) for (const one of given.manifests) await deleteFirst(kubectl, one);
    const type = forced ? "create" : "replace";
    return writeManifests(kubectl, given, { type, outcome: "replaced", doing: "replacing" });
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
