import type { KubeObject } from "../../../../core/api/types";
import { notFound } from "../../api";
import { failure, statusFailure } from "../../failure";
import { findTargets, parseTargets } from "../../targets";
import type { Kubectl } from "../../verb";
import { SELECTION_FLAGS } from "../get";
import { WRITE_FLAGS } from "../writing";

export const ROLLOUT_FLAGS = {
  selector: SELECTION_FLAGS.selector,
  filename: { short: "f", value: true },
  recursive: { short: "R" },
  "field-manager": { value: true },
  output: WRITE_FLAGS.output,
  template: WRITE_FLAGS.template,
  "allow-missing-template-keys": WRITE_FLAGS["allow-missing-template-keys"],
  "show-managed-fields": {},
} as const;

/** The workloads that a rollout command is about. */
export function workloads(kubectl: Kubectl): readonly KubeObject[] {
  const { api, args, flags, namespace } = kubectl;
  if (args.length === 0) throw failure("required resource not specified");
  const targets = parseTargets(args);
  const { found, errors } = findTargets(api, targets, { namespace, allNamespaces: false }, flags);
  const [error] = errors;
  if (error !== undefined) {
    const name = targets.groups[0]?.names?.[0] ?? "";
    const type = targets.groups[0]?.type;
    throw type ? statusFailure(notFound(type, name)) : failure(error);
  }
  return found.flatMap(({ objects }) => objects);
}

/** `deployments.apps "web"` */
export function quotedName({ apiVersion, kind, metadata }: KubeObject): string {
  const group = apiVersion.includes("/") ? `.${apiVersion.split("/")[0]}` : "";
  const plural = kind === "Endpoints" ? "endpoints" : `${kind.toLowerCase()}s`;
  return `${plural}${group} "${metadata.name}"`;
}

/** Where a selector finds nothing. */
export async function sayNothingFound(kubectl: Kubectl): Promise<void> {
  await kubectl.complain(`No resources found in ${kubectl.namespace} namespace.`);
}
