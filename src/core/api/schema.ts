/** What a kind's JSON looks like to the API server's decoder: names, Go types, and whether we know every field. */
export type Schema =
  | { readonly type: "any" }
  | { readonly type: "string"; readonly go: string }
  | { readonly type: "bool" }
  | { readonly type: "int"; readonly bits: 32 | 64 }
  | { readonly type: "intOrString" }
  | { readonly type: "map"; readonly of: Schema }
  | { readonly type: "list"; readonly of: Schema }
  | StructSchema;

export interface StructSchema {
  readonly type: "struct";
  /** `v1.ServiceSpec` */
  readonly go: string;
  readonly fields: Fields;
  /** Fields that are not listed are kept as they came, rather than refused. */
  readonly open: boolean;
}

export type Fields = Readonly<Record<string, Schema>>;

export const any: Schema = { type: "any" };
export const string: Schema = { type: "string", go: "string" };
export const bool: Schema = { type: "bool" };
export const int32: Schema = { type: "int", bits: 32 };
export const int64: Schema = { type: "int", bits: 64 };
export const intOrString: Schema = { type: "intOrString" };
export const stringMap: Schema = { type: "map", of: string };
export const strings: Schema = { type: "list", of: string };

/** A string type with a name: `v1.ServiceType`. */
export function named(go: string): Schema {
  return { type: "string", go };
}

export function list(of: Schema): Schema {
  return { type: "list", of };
}

export function struct(go: string, fields: Fields): StructSchema {
  return { type: "struct", go, fields, open: false };
}

export function openStruct(go: string, fields: Fields): StructSchema {
  return { type: "struct", go, fields, open: true };
}

/** The Go type, as decode errors name it. */
export function goType(schema: Schema): string {
  switch (schema.type) {
    case "any":
      return "interface {}";
    case "string":
    case "struct":
      return schema.go;
    case "bool":
      return "bool";
    case "int":
      return `int${schema.bits}`;
    case "intOrString":
      return "intstr.IntOrString";
    case "map":
      return `map[string]${goType(schema.of)}`;
    case "list":
      return `[]${goType(schema.of)}`;
  }
}
