import type { JsonObject } from "../../../core/api/json";
import type { KubeObject } from "../../../core/api/types";
import { refusalOf } from "../api";
import { failure, statusMessage } from "../failure";
import { type GivenManifests, reportManifests } from "../manifests";
import { formatObjects, objectName } from "../output/format";
import { outputOf } from "../output/given";
import type { Kubectl } from "../verb";

/** Of commands that never knew `--record`. */
export const UNRECORDED_FLAGS = {
  output: { short: "o", value: true },
  "dry-run": { value: "optional", bare: "unchanged" },
  "field-manager": { value: true },
  "save-config": {},
  "show-managed-fields": {},
  validate: { value: "optional", bare: "strict" },
  template: { value: true },
  "allow-missing-template-keys": { value: "optional" },
} as const;

export const WRITE_FLAGS = { ...UNRECORDED_FLAGS, record: {} } as const;

export type DryRun = "none" | "client" | "server";

export function dryRunOf({ flags }: Kubectl): DryRun {
  const value = flags.text("dry-run");
  switch (value) {
    case undefined:
    case "none":
    case "false":
      return "none";
    case "client":
    case "server":
      return value;
    default:
      throw failure(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`);
  }
}

/** `service/kuard created`, or the object in the form of `-o`. */
export async function printOutcome(
  kubectl: Kubectl,
  object: KubeObject,
  outcome: string,
  dryRun: DryRun = "none",
): Promise<void> {
  const output = outputOf(kubectl);
  if (output !== "") {
    const strict = !kubectl.flags.on("allow-missing-template-keys", true);
    const how = { single: true, noHeaders: false, columns: false, strict };
    await kubectl.write(formatObjects(output, [object], how) ?? "");
    return;
  }
  const note = dryRun === "none" ? "" : dryRun === "client" ? " (dry run)" : " (server dry run)";
  await kubectl.print(`${objectName(object)} ${outcome}${note}`);
}

interface Writing {
  readonly type: "create" | "replace";
  /** `created` */
  readonly outcome: string;
  /** `creating`, for what is refused. */
  readonly doing: string;
}

/** Creates or replaces one object after the other; one that is refused does not keep back the rest. */
export async function writeManifests(
  kubectl: Kubectl,
  given: GivenManifests,
  { type, outcome, doing }: Writing,
): Promise<number> {
  const dryRun = dryRunOf(kubectl);
  let failed = false;
  for (const { manifest, source } of given.manifests) {
    const result = kubectl.api.execute({ type, manifest }, dryRun !== "none");
    if (result.ok) {
      const object = result.applied[0]?.object;
      if (object) await printOutcome(kubectl, object, outcome, dryRun);
      continue;
    }
    failed = true;
    await kubectl.complain(statusMessage(refusalOf(result), `error when ${doing} "${source}"`));
  }
  return reportManifests(kubectl, given, failed);
}

/** Creates what a command has put together from its arguments. */
export async function createObject(
  kubectl: Kubectl,
  manifest: JsonObject,
  outcome = "created",
  wrap: (message: string) => Error = (message) => failure(message),
): Promise<void> {
  const dryRun = dryRunOf(kubectl);
  if (dryRun === "client") {
    await printOutcome(kubectl, emptyFields(manifest) as unknown as KubeObject, outcome, dryRun);
    return;
  }
  const object = storeObject(kubectl, manifest, wrap);
  if (object) await printOutcome(kubectl, object, outcome, dryRun);
}

/** Creates without a word. */
export function storeObject(
  kubectl: Kubectl,
  manifest: JsonObject,
  wrap: (message: string) => Error = (message) => failure(message),
): KubeObject | undefined {
  const metadata = manifest.metadata as JsonObject;
  const namespaced = manifest.kind !== "Namespace";
  const sent = namespaced
    ? { ...manifest, metadata: { namespace: kubectl.namespace, ...metadata } }
    : manifest;
  const rehearses = dryRunOf(kubectl) === "server";
  const result = kubectl.api.execute({ type: "create", manifest: sent }, rehearses);
  if (!result.ok) throw wrap(result.refusals[0]?.status.message ?? "");
  return result.applied[0]?.object;
}

/** What Go prints of an object that no server has seen: its empty fields. */
function emptyFields(manifest: JsonObject): JsonObject {
  const metadata = { creationTimestamp: null, ...(manifest.metadata as JsonObject) };
  const spec = (manifest.spec ?? {}) as JsonObject;
  const base = { ...manifest, metadata, spec, status: {} };
  const withResources = (pod: JsonObject) => ({
    ...pod,
    containers: (pod.containers as readonly JsonObject[]).map((one) => ({ ...one, resources: {} })),
  });
  switch (manifest.kind) {
    case "Pod":
      return { ...base, spec: withResources(spec) };
    case "Ingress":
    case "Service":
      return { ...base, status: { loadBalancer: {} } };
    case "Deployment": {
      const template = spec.template as JsonObject;
      const filled = {
        metadata: { creationTimestamp: null, ...(template.metadata as JsonObject) },
        spec: withResources(template.spec as JsonObject),
      };
      return { ...base, spec: { ...spec, strategy: {}, template: filled } };
    }
    default:
      return base;
  }
}
