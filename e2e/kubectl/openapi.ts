import { schemaOf } from "../../src/core/api/decode";
import type { Schema } from "../../src/core/api/schema";
import { descriptionOf, isRequired } from "../../src/shell/kubectl/descriptions/descriptions";
import { apiVersionOf, RESOURCE_TYPES, type ResourceType } from "../../src/shell/kubectl/resources";

/** What `kubectl explain` asks: our schemas as an OpenAPI document. Undefined for other paths. */
export function openApi(path: string): unknown {
  if (path === "/openapi/v3")
    return {
      paths: Object.fromEntries(
        [...new Set(RESOURCE_TYPES.map(prefixOf))].map((prefix) => [
          prefix,
          { serverRelativeURL: `/openapi/v3/${prefix}` },
        ]),
      ),
    };
  const prefix = /^\/openapi\/v3\/(.+)$/.exec(path)?.[1];
  if (prefix === undefined) return undefined;
  const types = RESOURCE_TYPES.filter((type) => type.modelled && prefixOf(type) === prefix);
  const schemas: Record<string, unknown> = {};
  for (const type of types) addKind(schemas, type);
  return {
    openapi: "3.0.0",
    info: { title: "kubehop", version: "v1" },
    paths: Object.fromEntries(types.map(pathOf)),
    components: { schemas },
  };
}

function prefixOf(type: ResourceType): string {
  return `${type.group === "" ? "api" : "apis"}/${apiVersionOf(type)}`;
}

function pathOf(type: ResourceType) {
  const home = type.namespaced ? "namespaces/{namespace}/" : "";
  const { group, version, kind } = type;
  return [
    `/${prefixOf(type)}/${home}${type.plural}`,
    { get: { "x-kubernetes-group-version-kind": { group, version, kind } } },
  ] as const;
}

function addKind(
  schemas: Record<string, unknown>,
  { group, version, kind, modelled }: ResourceType,
) {
  if (!modelled) return;
  const schema = schemaOf(modelled);
  addStruct(schemas, schema);
  schemas[schema.go] = {
    ...(schemas[schema.go] as object),
    "x-kubernetes-group-version-kind": [{ group, kind, version }],
  };
}

function addStruct(schemas: Record<string, unknown>, schema: Schema): void {
  if (schema.type === "list" || schema.type === "map") addStruct(schemas, schema.of);
  if (schema.type !== "struct" || schemas[schema.go]) return;
  const properties = Object.entries(schema.fields).map(([name, field]) => [
    name,
    { ...typed(field), description: descriptionOf(schema.go, name) },
  ]);
  schemas[schema.go] = {
    type: "object",
    description: descriptionOf(schema.go),
    properties: Object.fromEntries(properties),
    required: Object.keys(schema.fields).filter((name) => isRequired(schema.go, name)),
  };
  for (const field of Object.values(schema.fields)) addStruct(schemas, field);
}

function typed(schema: Schema): object {
  const reference = (name: string) => ({
    allOf: [{ $ref: `#/components/schemas/${name}` }],
    default: {},
  });
  switch (schema.type) {
    case "string":
      return { type: "string" };
    case "bool":
      return { type: "boolean" };
    case "int":
      return { type: "integer", format: `int${schema.bits}` };
    case "intOrString":
      return reference("IntOrString");
    case "any":
      return { type: "object" };
    case "list":
      return { type: "array", items: typed(schema.of) };
    case "map":
      return { type: "object", additionalProperties: typed(schema.of) };
    case "struct":
      return reference(schema.go);
  }
}
