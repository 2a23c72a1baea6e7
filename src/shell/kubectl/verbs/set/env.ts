import { fieldOf, isList, isObject, type JsonObject } from "../../../../core/api/json";
import { failure } from "../../failure";
import type { Kubectl, Verb } from "../../verb";
import { changeContainers } from "./containers";
import {
  changeTemplates,
  findSettable,
  type NamedObject,
  specPath,
  UNRECORDED_TEMPLATE_FLAGS,
} from "./pod-templates";

const NAME_RULE =
  "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')";

export const setEnv: Verb = {
  name: "set env",
  flags: {
    ...UNRECORDED_TEMPLATE_FLAGS,
    containers: { short: "c", value: true },
    env: { short: "e", value: true },
    from: { value: true },
    keys: { value: true },
    prefix: { value: true },
    list: {},
    resolve: {},
    overwrite: { value: "optional", bare: "true" },
  },
  run: async (kubectl) => {
    const { args, flags } = kubectl;
    const { resources, pairs, removed } = split([...args, ...flags.all("env")]);
    if (resources.length === 0)
      throw failure(
        "one or more resources must be specified as <resource> <name> or <resource>/<name>",
      );
    if (flags.has("from")) return fromOther(kubectl, flags.text("from") ?? "");
    const pattern = flags.text("containers") ?? "*";
    if (flags.on("list")) return list(kubectl, resources, pattern);
    const warnings: string[] = [];
    const status = await changeTemplates(kubectl, resources, {
      outcome: "env updated",
      failing: "patch env update to pod template",
      change: (spec, named) => {
        const { spec: changed, matched } = changeContainers(spec, pattern, (container) =>
          withEnv(kubectl, container, pairs, removed, named),
        );
        const { kind, metadata } = named.object;
        if (matched === 0)
          warnings.push(
            `Warning: ${kind}/${metadata.name} does not have any containers matching "${pattern}"`,
          );
        return changed;
      },
    });
    for (const warning of warnings) await kubectl.complain(warning);
    return status;
  },
};

/** ConfigMaps and Secrets: there are none here. */
async function fromOther({ hint }: Kubectl, from: string): Promise<number> {
  const [type = "", name = ""] = from.split("/");
  const plural = /^(?:cm|configmaps?)$/.test(type) ? "configmaps" : "secrets";
  await hint(`${plural}: not modelled here; give the values as KEY=VALUE`);
  throw failure(`${plural} "${name}" not found`);
}

function split(words: readonly string[]) {
  const resources: string[] = [];
  const pairs = new Map<string, string>();
  const removed: string[] = [];
  for (const word of words) {
    const equals = word.indexOf("=");
    if (equals > 0) {
      const name = word.slice(0, equals);
      if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name))
        throw failure(`"${name}" is not a valid key name: ${NAME_RULE}`);
      pairs.set(name, word.slice(equals + 1));
    } else if (word.length > 1 && word.endsWith("-")) removed.push(word.slice(0, -1));
    else resources.push(word);
  }
  if (removed.some((name) => pairs.has(name)))
    throw failure(
      "can not both modify and remove the same environment variable in the same command",
    );
  return { resources, pairs, removed };
}

function withEnv(
  { flags }: Kubectl,
  container: JsonObject,
  pairs: ReadonlyMap<string, string>,
  removed: readonly string[],
  { type, object }: NamedObject,
): JsonObject {
  const before = envOf(container).filter((one) => !removed.includes(String(fieldOf(one, "name"))));
  const kept = before.map((one) => {
    const name = String(fieldOf(one, "name"));
    const value = pairs.get(name);
    if (value === undefined) return one;
    const old = fieldOf(one, "value");
    if (!flags.on("overwrite", true) && old !== value)
      throw failure(
        `${type.plural}/${object.metadata.name} '${name}' already has a value (${String(old ?? "")}), and --overwrite is false`,
      );
    return { name, value };
  });
  const names = new Set(kept.map((one) => fieldOf(one, "name")));
  const added = [...pairs].flatMap(([name, value]) => (names.has(name) ? [] : [{ name, value }]));
  const env = [...kept, ...added];
  const { env: _, ...rest } = container;
  return env.length > 0 || envOf(container).length > 0
    ? { ...rest, ...(env.length > 0 && { env }) }
    : container;
}

function envOf(container: JsonObject): readonly JsonObject[] {
  const env = fieldOf(container, "env");
  return isList(env) ? env.filter(isObject) : [];
}

async function list(
  kubectl: Kubectl,
  resources: readonly string[],
  pattern: string,
): Promise<number> {
  const { objects, errors } = findSettable(kubectl, resources);
  for (const { object } of objects) {
    const spec = (specPath(object.kind) ?? []).reduce<unknown>(fieldOf, object);
    const shown: JsonObject[] = [];
    if (isObject(spec))
      changeContainers(spec, pattern, (container) => {
        shown.push(container);
        return container;
      });
    for (const container of shown) {
      await kubectl.print(
        `# ${object.kind} ${object.metadata.name}, container ${String(container.name)}`,
      );
      for (const one of envOf(container)) await kubectl.print(line(one));
    }
  }
  for (const error of errors) await kubectl.complain(error);
  return errors.length > 0 ? 1 : 0;
}

function line(one: JsonObject): string {
  const name = String(fieldOf(one, "name"));
  const path = fieldOf(fieldOf(fieldOf(one, "valueFrom"), "fieldRef"), "fieldPath");
  return path === undefined
    ? `${name}=${String(fieldOf(one, "value") ?? "")}`
    : `# ${name} from field path ${String(path)}`;
}
