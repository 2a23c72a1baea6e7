import type { KubeObject } from "../../core/api/types";
import { type KubeApi, notFound } from "./api";
import { failure, KubectlFailure, statusMessage } from "./failure";
import type { Flags } from "./flags";
import { findResourceType, RESOURCE_TYPES, type ResourceType } from "./resources";
import { isSelectable, parseFieldSelector, parseSelector } from "./selectors";

/** What the arguments of a command name: types, and names of one type or `TYPE/NAME` pairs. */
export interface Targets {
  /** Each type with the names that are asked for; without names: all of them. */
  readonly groups: readonly { readonly type: ResourceType; readonly names?: readonly string[] }[];
  /** Every object was named. */
  readonly named: boolean;
  /** A single object was asked for: `pod web`. */
  readonly single: boolean;
}

export const RESOURCE_HELP = `You must provide one or more resources by argument or filename.
Example resource specifications include:
   '-f rsrc.yaml'
   '--filename=rsrc.json'
   '<resource> <name>'
   '<resource>'`;

export function typeNamed(given: string): ResourceType {
  const type = findResourceType(given);
  if (!type) throw failure(`the server doesn't have a resource type "${given.split(".")[0]}"`);
  return type;
}

/** `pods,svc`, `pod a b`, `pod/a svc/b`, `all`. Source: cli-runtime/pkg/resource, Builder.ResourceTypeOrNameArgs. */
export function parseTargets(args: readonly string[]): Targets {
  const [first = "", ...rest] = args;
  if (args.some((argument) => argument.includes("/"))) {
    const pairs = args.map((argument) => {
      const [type = "", name = "", ...more] = argument.split("/");
      if (!argument.includes("/"))
        throw failure(
          `there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'`,
        );
      if (type === "" || name === "" || more.length > 0)
        throw failure(`arguments in resource/name form may not have more than one slash`);
      return { type: typeNamed(type), names: [name] };
    });
    return { groups: pairs, named: true, single: pairs.length === 1 };
  }
  const types = first
    .split(",")
    .filter((one) => one !== "")
    .flatMap(typesNamed);
  if (rest.length === 0)
    return { groups: types.map((type) => ({ type })), named: false, single: false };
  return {
    groups: types.map((type) => ({ type, names: rest })),
    named: true,
    single: types.length === 1 && rest.length === 1,
  };
}

/** Of verbs that change nothing unless something was named or selected. */
export function parseChosenTargets(args: readonly string[], flags: Flags): Targets {
  const targets = parseTargets(args);
  const selects = flags.has("selector") || flags.has("field-selector") || flags.on("all");
  if (!targets.named && !selects)
    throw failure("resource(s) were provided, but no name was specified");
  return targets;
}

function typesNamed(given: string): readonly ResourceType[] {
  if (given !== "all") return [typeNamed(given)];
  const all = RESOURCE_TYPES.filter((type) => type.all);
  return ORDER_OF_ALL.flatMap((plural) => all.filter((type) => type.plural === plural));
}

const ORDER_OF_ALL = [
  "pods",
  "replicationcontrollers",
  "services",
  "daemonsets",
  "deployments",
  "replicasets",
  "statefulsets",
  "horizontalpodautoscalers",
  "cronjobs",
  "jobs",
];

export interface Found {
  readonly type: ResourceType;
  readonly objects: readonly KubeObject[];
}

export interface Scope {
  readonly namespace: string;
  readonly allNamespaces: boolean;
}

/** The objects, and what was not found, in words. */
export function findTargets(
  api: KubeApi,
  { groups }: Targets,
  { namespace, allNamespaces }: Scope,
  flags: Flags,
): { readonly found: readonly Found[]; readonly errors: readonly string[] } {
  const errors: string[] = [];
  const labels = selectorOf(flags);
  const fields = fieldsOf(flags);
  const found = groups.map(({ type, names }) => {
    if (names) {
      if (allNamespaces && type.namespaced)
        throw failure("a resource cannot be retrieved by name across all namespaces");
      const objects = names.flatMap((name) => {
        const object = api.find(type, namespace, name);
        if (!object) errors.push(statusMessage(notFound(type, name)));
        return object ? [object] : [];
      });
      return { type, objects };
    }
    if (fields)
      checkFields(
        type,
        fields.map(({ path }) => path),
        flags.text("field-selector") ?? "",
      );
    const home = type.namespaced && !allNamespaces ? namespace : undefined;
    return { type, objects: api.list(type, { namespace: home, labels, fields }) };
  });
  return { found, errors };
}

function checkFields(
  { plural, modelled, version, group }: ResourceType,
  paths: readonly string[],
  text: string,
): void {
  if (!modelled) return;
  const wrong = paths.find((path) => !isSelectable(modelled, path));
  if (wrong === undefined) return;
  const words =
    group === ""
      ? `field label not supported: ${wrong}`
      : `"${wrong}" is not a known field selector: only "metadata.name", "metadata.namespace"`;
  const resource = `${group === "" ? "/" : `${group}/`}${version}, Resource=${plural}`;
  const selector = text.replaceAll("==", "=");
  throw new KubectlFailure(
    `Error from server (BadRequest): Unable to find "${resource}" that match label selector "", field selector "${selector}": ${words}`,
  );
}

export function selectorOf(flags: Flags) {
  const text = flags.text("selector");
  if (text === undefined) return undefined;
  const parsed = parseSelector(text);
  if (!parsed.ok) throw failure(parsed.error);
  return parsed.matches;
}

function fieldsOf(flags: Flags) {
  const text = flags.text("field-selector");
  if (text === undefined) return undefined;
  const parsed = parseFieldSelector(text);
  if (!parsed)
    throw failure(
      `invalid field selector: invalid selector: '${text}'; can't understand '${text}'`,
    );
  return parsed;
}
