import { isList, isObject, type JsonObject } from "./json";
import { goType, type Schema, type StructSchema } from "./schema";
import type { FieldError } from "./validation/field-error";

export interface Decoded {
  /** As the schema says, nulls left out; meaningful only without type errors. */
  readonly value: unknown;
  /** In document order, in the words of Go's encoding/json. */
  readonly typeErrors: readonly FieldError[];
  /** `unknown field "spec.selectr"`, as strict decoding says. */
  readonly unknownFields: readonly FieldError[];
}

/** Where the decoder is: in Go's words (no indices, innermost struct) and in ours. */
interface Position {
  readonly path: string;
  readonly goPath: string;
  readonly struct: string;
}

export function decodeValue(schema: Schema, value: unknown): Decoded {
  const typeErrors: FieldError[] = [];
  const unknownFields: FieldError[] = [];
  const mismatch = (at: Position, expected: Schema, found: string) => {
    const where = at.struct === "" ? "Go value" : `Go struct field ${at.struct}.${at.goPath}`;
    const message = `json: cannot unmarshal ${found} into ${where} of type ${goType(expected)}`;
    typeErrors.push({ field: at.path, message });
  };

  const decodeStruct = (expected: StructSchema, object: JsonObject, at: Position): unknown => {
    const struct = expected.go.slice(expected.go.lastIndexOf(".") + 1);
    const entries: [string, unknown][] = [];
    for (const [key, item] of Object.entries(object)) {
      const path = at.path === "" ? key : `${at.path}.${key}`;
      const field = Object.hasOwn(expected.fields, key) ? expected.fields[key] : undefined;
      if (field) {
        if (item === null || item === undefined) continue;
        const goPath = at.goPath === "" ? key : `${at.goPath}.${key}`;
        entries.push([key, decode(field, item, { path, goPath, struct })]);
      } else if (expected.open) {
        entries.push([key, item]);
      } else {
        unknownFields.push({ field: path, message: `unknown field "${path}"` });
      }
    }
    return Object.fromEntries(entries);
  };

  const decode = (expected: Schema, item: unknown, at: Position): unknown => {
    const found = jsonType(item);
    switch (expected.type) {
      case "any":
        return item;
      case "string":
      case "bool":
        if (found !== expected.type) mismatch(at, expected, found);
        return item;
      case "int":
        if (typeof item !== "number") mismatch(at, expected, found);
        else if (!fits(item, expected.bits)) mismatch(at, expected, `number ${item}`);
        return item;
      case "intOrString":
        if (found === "string") return item;
        // It decodes itself, so Go names no field.
        if (typeof item !== "number" || !fits(item, 32)) {
          const what = found === "number" ? `number ${item}` : found;
          const message = `json: cannot unmarshal ${what} into Go value of type int32`;
          typeErrors.push({ field: at.path, message });
        }
        return item;
      case "list":
        if (!isList(item)) {
          mismatch(at, expected, found);
          return [];
        }
        return item.map((one, index) =>
          one === null
            ? zeroOf(expected.of)
            : decode(expected.of, one, { ...at, path: `${at.path}[${index}]` }),
        );
      case "map":
        if (!isObject(item)) {
          mismatch(at, expected, found);
          return {};
        }
        return Object.fromEntries(
          Object.entries(item).map(([key, one]) => [
            key,
            one === null
              ? zeroOf(expected.of)
              : decode(expected.of, one, { ...at, path: `${at.path}.${key}` }),
          ]),
        );
      case "struct":
        if (!isObject(item)) {
          mismatch(at, expected, found);
          return {};
        }
        return decodeStruct(expected, item, at);
    }
  };

  const decoded = decode(schema, value, { path: "", goPath: "", struct: "" });
  return { value: decoded, typeErrors, unknownFields };
}

function fits(value: number, bits: 32 | 64): boolean {
  if (!Number.isInteger(value)) return false;
  return bits === 64 ? Number.isSafeInteger(value) : value >= -(2 ** 31) && value < 2 ** 31;
}

/** What Go makes of null inside a list or a map. */
function zeroOf(schema: Schema): unknown {
  switch (schema.type) {
    case "any":
      return null;
    case "string":
      return "";
    case "bool":
      return false;
    case "int":
    case "intOrString":
      return 0;
    case "list":
      return [];
    case "map":
    case "struct":
      return {};
  }
}

function jsonType(value: unknown): string {
  if (isList(value)) return "array";
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "bool";
    case "number":
    case "bigint":
      return "number";
    default:
      return "object";
  }
}
