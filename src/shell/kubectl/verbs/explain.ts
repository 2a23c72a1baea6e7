import { schemaOf } from "../../../core/api/decode";
import { goType, type Schema, type StructSchema } from "../../../core/api/schema";
import { descriptionOf, isRequired } from "../descriptions/descriptions";
import { failure, KubectlFailure } from "../failure";
import { apiVersionOf, findResourceType, type ResourceType } from "../resources";
import type { Kubectl, Verb } from "../verb";

/** Fields, their types, and what they mean in our own words. */
export const explain: Verb = {
  name: "explain",
  flags: { recursive: {}, "api-version": { value: true }, output: { short: "o", value: true } },
  run: async (kubectl) => {
    const { args, flags } = kubectl;
    const [given] = args;
    if (given === undefined || args.length > 1)
      throw failure(
        given === undefined
          ? 'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.'
          : "We accept only this format: explain RESOURCE",
      );
    const output = flags.text("output") ?? "plaintext";
    if (!FORMATS.includes(output)) throw failure(`unrecognized format: ${output}`);
    const { type, path } = subjectOf(given);
    const root = type.modelled && schemaOf(type.modelled);
    if (!root) {
      await kubectl.hint(`${type.plural}: not modelled here`);
      return 1;
    }
    await printKind(kubectl, type);
    const above = path.slice(0, -1).reduce<Schema>(fieldSchema, root);
    const last = path.at(-1);
    const schema = last === undefined ? root : fieldSchema(above, last);
    await printAbout(kubectl, last, above, schema);
    const { fields = {}, open = false } = structIn(schema) ?? {};
    if (Object.keys(fields).length > 0) {
      await kubectl.print("FIELDS:");
      await printFields(kubectl, schema, 1, flags.on("recursive"));
    }
    await kubectl.print("");
    const words = open ? "; further fields are kept as they come, and not modelled" : "";
    await kubectl.hint(`the descriptions are kubehop's${words}`);
    return 0;
  },
};

/** The other one is the form of before 1.27, which looks the same here. */
const FORMATS: readonly string[] = ["plaintext", "plaintext-openapiv2"];

/** `svc.spec.ports`, `deployments.apps.spec`: the type's name is as long as there is such a type. */
function subjectOf(given: string): {
  readonly type: ResourceType;
  readonly path: readonly string[];
} {
  const words = given.split(".");
  for (let count = words.length; count > 0; count--) {
    const type = findResourceType(words.slice(0, count).join("."));
    if (type) return { type, path: words.slice(count) };
  }
  throw new KubectlFailure(`the server doesn't have a resource type "${words[0]}"`);
}

async function printKind(kubectl: Kubectl, type: ResourceType): Promise<void> {
  if (type.group !== "") await kubectl.print(`GROUP:      ${type.group}`);
  await kubectl.print(`KIND:       ${type.kind}`);
  await kubectl.print(`VERSION:    ${type.group === "" ? apiVersionOf(type) : type.version}\n`);
}

/** What a field is, and what its type is. */
async function printAbout(
  kubectl: Kubectl,
  field: string | undefined,
  above: Schema,
  schema: Schema,
): Promise<void> {
  if (field !== undefined) await kubectl.print(`FIELD: ${field} <${typeName(schema)}>\n\n`);
  const struct = structIn(schema);
  const texts = [
    field === undefined ? "" : descriptionOf(structIn(above)?.go ?? "", field),
    struct ? descriptionOf(struct.go) : "",
  ].filter((text) => text !== "");
  await kubectl.print("DESCRIPTION:");
  for (const text of texts.length > 0 ? texts : ["<empty>"])
    await kubectl.print(wrapped(text, "    "));
  await kubectl.print("    ");
}

async function printFields(
  kubectl: Kubectl,
  schema: Schema,
  level: number,
  recursive: boolean,
): Promise<void> {
  const { go = "", fields = {} } = structIn(schema) ?? {};
  const indent = "  ".repeat(level);
  for (const name of Object.keys(fields).sort()) {
    const field = fields[name] as Schema;
    const mark = isRequired(go, name) ? " -required-" : "";
    await kubectl.print(`${indent}${name}\t<${typeName(field)}>${mark}`);
    if (recursive) await printFields(kubectl, field, level + 1, true);
    else
      await kubectl.print(
        `${wrapped(descriptionOf(go, name) || "<no description>", `${indent}  `)}\n`,
      );
  }
}

/** Characters of a line, beside what it begins with. Source: kubectl/pkg/explain/v2, plaintext.tmpl. */
const WIDTH = 76;

function wrapped(text: string, indent: string): string {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines.map((line) => indent + line).join("\n");
}

function structIn(schema: Schema): StructSchema | undefined {
  if (schema.type === "list" || schema.type === "map") return structIn(schema.of);
  return schema.type === "struct" ? schema : undefined;
}

function fieldSchema(schema: Schema, field: string): Schema {
  const { fields = {} } = structIn(schema) ?? {};
  const found = Object.hasOwn(fields, field) ? fields[field] : undefined;
  if (!found) throw failure(`field "${field}" does not exist`);
  return found;
}

function typeName(schema: Schema): string {
  switch (schema.type) {
    case "any":
      return "Object";
    case "bool":
      return "boolean";
    case "int":
      return "integer";
    case "intOrString":
      return "IntOrString";
    case "list":
      return `[]${typeName(schema.of)}`;
    case "map":
      return `map[string]${typeName(schema.of)}`;
    case "string":
      return "string";
    case "struct":
      return goType(schema).replace(/^.*\./, "");
  }
}
