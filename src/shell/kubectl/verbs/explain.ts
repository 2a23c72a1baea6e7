import { schemaOf } from "../../../core/api/decode";
import { goType, type Schema } from "../../../core/api/schema";
import { failure, usageFailure } from "../failure";
import { apiVersionOf, type ResourceType } from "../resources";
import { typeNamed } from "../targets";
import type { Kubectl, Verb } from "../verb";

/** Fields and their types; the server's descriptions of them are not modelled. */
export const explain: Verb = {
  name: "explain",
  flags: { recursive: {}, "api-version": { value: true }, output: { short: "o", value: true } },
  run: async (kubectl) => {
    const { args, flags } = kubectl;
    const [given] = args;
    if (given === undefined || args.length > 1)
      throw usageFailure(
        given === undefined
          ? 'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.'
          : "We accept only this format: explain RESOURCE",
        "explain",
      );
    const [name = "", ...path] = given.split(".");
    const type = typeNamed(name);
    const root = type.modelled && schemaOf(type.modelled);
    if (!root) {
      await kubectl.hint(`${type.plural}: not modelled here`);
      return 1;
    }
    const schema = path.reduce<Schema>((inner, field) => fieldSchema(inner, field), root);
    await printHead(kubectl, type, path.at(-1), schema);
    const { fields, open } = fieldsIn(schema);
    if (Object.keys(fields).length > 0) {
      await kubectl.print("FIELDS:");
      await printFields(kubectl, fields, 1, flags.on("recursive"));
    }
    if (open) await kubectl.hint("further fields are kept as they come, and not modelled");
    await kubectl.hint("descriptions of fields are not modelled here");
    return 0;
  },
};

async function printHead(
  kubectl: Kubectl,
  type: ResourceType,
  field: string | undefined,
  schema: Schema,
): Promise<void> {
  if (type.group !== "") await kubectl.print(`GROUP:      ${type.group}`);
  await kubectl.print(`KIND:       ${type.kind}`);
  await kubectl.print(`VERSION:    ${type.group === "" ? apiVersionOf(type) : type.version}\n`);
  if (field !== undefined) await kubectl.print(`FIELD: ${field} <${typeName(schema)}>\n\n`);
  await kubectl.print("DESCRIPTION:\n    <empty>\n    ");
}

async function printFields(
  kubectl: Kubectl,
  fields: Readonly<Record<string, Schema>>,
  level: number,
  recursive: boolean,
): Promise<void> {
  for (const name of Object.keys(fields).sort()) {
    const schema = fields[name] as Schema;
    await kubectl.print(`${"  ".repeat(level)}${name}\t<${typeName(schema)}>`);
    if (recursive) await printFields(kubectl, fieldsIn(schema).fields, level + 1, true);
    else await kubectl.print(`${"  ".repeat(level)}  <no description>\n`);
  }
}

function fieldsIn(schema: Schema): {
  readonly fields: Readonly<Record<string, Schema>>;
  readonly open: boolean;
} {
  if (schema.type === "list") return fieldsIn(schema.of);
  return schema.type === "struct" ? schema : { fields: {}, open: false };
}

function fieldSchema(schema: Schema, field: string): Schema {
  const { fields } = fieldsIn(schema);
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
