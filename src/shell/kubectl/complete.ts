import { type Completer, type CompletionContext, filesAt } from "../completion";
import { KubeApi } from "./api";
import { GLOBAL_FLAGS } from "./flags";
import { findResourceType, RESOURCE_TYPES, type ResourceType, typeOfKind } from "./resources";
import { FAMILIES, REAL_VERBS, VERBS } from "./verbs";

/** Verbs that are about pods, named without their type. */
const ABOUT_PODS = ["attach", "debug", "exec", "logs", "port-forward"];
const ABOUT_NODES = ["cordon", "drain", "uncordon"];
const OUTPUTS = [
  "custom-columns-file=",
  "custom-columns=",
  "go-template-file=",
  "go-template=",
  "json",
  "jsonpath-as-json=",
  "jsonpath-file=",
  "jsonpath=",
  "name",
  "wide",
  "yaml",
];
const WAITED_FOR = ["condition=Available", "condition=Ready", "create", "delete", "jsonpath="];
const ACTIONS = ["create", "delete", "get", "list", "patch", "update", "watch"];

/** Verbs, resource types, names of objects that are there, flags and their values. */
export const completeKubectl: Completer = (context) => {
  const [, ...words] = context.words;
  const last = words.at(-1) ?? "";
  if (last === "-n" || last === "--namespace") return names(context, typeOfKind("Namespace"));
  if (last === "-o" || last === "--output") return OUTPUTS;
  if (last === "-f" || last === "--filename") return filesAt(context.current, context);
  const plain = words.filter(
    (word, index) => !word.startsWith("-") && !VALUED.includes(words[index - 1] ?? ""),
  );
  const { verb, rest } = verbIn(plain);
  if (context.current.startsWith("--for=")) return WAITED_FOR.map((one) => `--for=${one}`);
  if (context.current.startsWith("-")) return flagNames(verb);
  if (last === "-c" || last === "--container") return containers(context, rest[0]);
  if (verb === undefined) return verbWords(plain);
  if (words.includes("--")) return [];
  if (ABOUT_NODES.includes(verb)) return names(context, typeOfKind("Node"));
  if (ABOUT_PODS.includes(verb) && rest.length === 0) return podNames(context);
  if (verb === "cp") return [...filesAt(context.current, context), ...podPaths(context)];
  if (verb === "auth can-i" && rest.length === 0) return ACTIONS;
  if (verb === "set image" && rest.length >= 2) return images(context, rest);
  return resources(context, rest);
};

/** Flags whose value is the next word. */
const VALUED = [
  "-n",
  "--namespace",
  "-o",
  "--output",
  "-f",
  "--filename",
  "-c",
  "--container",
  "-l",
];

/** The longest name of a verb that the words begin with. */
function verbIn(words: readonly string[]): {
  readonly verb: string | undefined;
  readonly rest: readonly string[];
} {
  const all = `${words.join(" ")} `;
  const open = [...VERBS.keys()].some((name) => name.startsWith(all));
  for (let count = Math.min(3, words.length); count > 0 && !open; count--) {
    const name = words.slice(0, count).join(" ");
    if (VERBS.has(name)) return { verb: name, rest: words.slice(count) };
  }
  return { verb: undefined, rest: [] };
}

/** The next word of the verbs that begin with these. */
function verbWords(words: readonly string[]): readonly string[] {
  const prefix = words.length === 0 ? "" : `${words.join(" ")} `;
  const all = [...VERBS.keys(), ...FAMILIES, ...(prefix === "" ? Object.keys(REAL_VERBS) : [])];
  return all
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length).split(" ")[0] ?? "")
    .filter((word) => word !== "");
}

function flagNames(verb: string | undefined): readonly string[] {
  const own = (verb !== undefined && VERBS.get(verb)?.flags) || {};
  return Object.entries({ ...GLOBAL_FLAGS, ...own }).map(
    ([name, { value }]) => `--${name}${value === true ? "=" : ""}`,
  );
}

function resources(context: CompletionContext, rest: readonly string[]): readonly string[] {
  const slash = context.current.indexOf("/");
  if (slash > 0) {
    const type = findResourceType(context.current.slice(0, slash));
    const prefix = context.current.slice(0, slash + 1);
    return type ? names(context, type).map((name) => prefix + name) : [];
  }
  const [given] = rest;
  if (given === undefined) return ["all", ...RESOURCE_TYPES.flatMap(({ plural }) => [plural])];
  const type = findResourceType(given);
  return type ? names(context, type).filter((name) => !rest.includes(name)) : [];
}

/** Names of objects in the namespace that `-n` names. */
function names(context: CompletionContext, type: ResourceType): readonly string[] {
  const namespace = namespaceOf(context);
  const scope = type.namespaced ? { namespace } : {};
  return new KubeApi(context.cluster).list(type, scope).map(({ metadata }) => metadata.name);
}

function namespaceOf({ words }: CompletionContext): string {
  const at = words.findIndex((word) => word === "-n" || word === "--namespace");
  const joined = words.find((word) => /^(?:--namespace=|-n.)/.test(word));
  return (at < 0 ? joined?.replace(/^(?:--namespace=|-n=?)/, "") : words[at + 1]) || "default";
}

function podNames(context: CompletionContext): readonly string[] {
  if (context.current.includes("/")) return resources(context, []);
  const kinds = ["deployment/", "pod/", "replicaset/", "service/"];
  return [...names(context, typeOfKind("Pod")), ...kinds];
}

/** `POD:` */
function podPaths(context: CompletionContext): readonly string[] {
  return names(context, typeOfKind("Pod")).map((name) => `${name}:`);
}

function containers(context: CompletionContext, pod: string | undefined): readonly string[] {
  const { store } = context.cluster.world;
  const found = pod === undefined ? undefined : store.find("Pod", namespaceOf(context), pod);
  return (found?.spec.containers ?? []).map(({ name }) => name);
}

/** `CONTAINER=` */
function images(
  context: CompletionContext,
  [type = "", name = ""]: readonly string[],
): readonly string[] {
  const found = findResourceType(type);
  const object = found && new KubeApi(context.cluster).find(found, namespaceOf(context), name);
  const spec =
    object?.kind === "Deployment" || object?.kind === "DaemonSet"
      ? object.spec.template.spec
      : undefined;
  return (spec?.containers ?? []).map((one) => `${one.name}=`);
}
