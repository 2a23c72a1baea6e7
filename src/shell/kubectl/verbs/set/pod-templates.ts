import { isObject, type JsonObject, sameJson } from "../../../../core/api/json";
import type { KubeObject } from "../../../../core/api/types";
import { refusalOf } from "../../api";
import type { ResourceType } from "../../resources";
import { findTargets, parseChosenTargets } from "../../targets";
import type { Kubectl } from "../../verb";
import { SELECTION_FLAGS } from "../get";
import { scopeOf } from "../get-table";
import { dryRunOf, printOutcome, UNRECORDED_FLAGS, WRITE_FLAGS } from "../writing";

export const UNRECORDED_TEMPLATE_FLAGS = {
  ...UNRECORDED_FLAGS,
  ...SELECTION_FLAGS,
  all: {},
  local: {},
  filename: { short: "f", value: true },
  recursive: { short: "R" },
} as const;

export const TEMPLATE_FLAGS = { ...WRITE_FLAGS, ...UNRECORDED_TEMPLATE_FLAGS } as const;

export interface NamedObject {
  readonly type: ResourceType;
  readonly object: KubeObject;
}

/** What `set` is about; `stored`, so that a changed copy can be sent back. */
export function findSettable(
  kubectl: Kubectl,
  resources: readonly string[],
): { readonly objects: readonly NamedObject[]; readonly errors: readonly string[] } {
  const { api, flags } = kubectl;
  const targets = parseChosenTargets(resources, flags);
  const { found, errors } = findTargets(api, targets, scopeOf(kubectl), flags);
  const objects = found.flatMap((one) =>
    one.objects.flatMap(({ metadata }) => {
      const object = api.findStored(one.type, metadata.namespace ?? "", metadata.name);
      return object ? [{ type: one.type, object }] : [];
    }),
  );
  return { objects, errors };
}

export interface TemplateChange {
  /** `env updated` */
  readonly outcome: string;
  /** `patch env update to pod template` */
  readonly failing: string;
  /** Whether it says so where nothing changed, too. */
  readonly always?: boolean;
  change(spec: JsonObject, object: NamedObject): JsonObject;
}

/** Changes the pod specs of what the words name; what stays as it is goes unmentioned. */
export async function changeTemplates(
  kubectl: Kubectl,
  resources: readonly string[],
  { outcome, failing, always = false, change }: TemplateChange,
): Promise<number> {
  const { objects, errors } = findSettable(kubectl, resources);
  const dryRun = dryRunOf(kubectl);
  let failed = errors.length > 0;
  for (const named of objects) {
    const path = specPath(named.object.kind);
    if (!path) {
      failed = true;
      const name = `${named.type.plural}/${named.object.metadata.name}`;
      const goType = `*v1.${named.object.kind}`;
      await kubectl.complain(
        `error: ${name} the object is not a pod or does not have a pod template: ${goType}`,
      );
      continue;
    }
    const stored = named.object as unknown as JsonObject;
    const manifest = changedAt(stored, path, (spec) => change(spec, named));
    if (!always && sameJson(manifest, stored)) continue;
    const result = kubectl.api.execute({ type: "replace", manifest }, dryRun !== "none");
    if (result.ok) {
      const object = result.applied[0]?.object;
      if (object) await printOutcome(kubectl, object, outcome, dryRun);
      continue;
    }
    failed = true;
    await kubectl.complain(`error: failed to ${failing}: ${refusalOf(result).message}`);
  }
  for (const error of errors) await kubectl.complain(error);
  return failed ? 1 : 0;
}

const WITH_TEMPLATE = ["DaemonSet", "Deployment", "ReplicaSet"];

/** Where a kind keeps its pod spec. */
export function specPath(kind: string): readonly string[] | undefined {
  if (kind === "Pod") return ["spec"];
  return WITH_TEMPLATE.includes(kind) ? ["spec", "template", "spec"] : undefined;
}

/** A copy with what lies at a path changed. */
export function changedAt(
  object: JsonObject,
  [key, ...rest]: readonly string[],
  change: (inner: JsonObject) => JsonObject,
): JsonObject {
  if (key === undefined) return change(object);
  const inner = object[key];
  return { ...object, [key]: changedAt(isObject(inner) ? inner : {}, rest, change) };
}
