import { isList, isObject, type JsonObject, sameJson } from "../../core/api/json";

type Result = { readonly ok: true; readonly value: JsonObject } | { readonly ok: false };

const MAX_OPERATIONS = 10_000;

/** RFC 6902: add, remove, replace, test, copy, move. Where one operation fails, all do. */
export function applyJsonPatch(object: JsonObject, operations: readonly unknown[]): Result {
  if (operations.length > MAX_OPERATIONS) return { ok: false };
  let value: unknown = object;
  for (const operation of operations) {
    if (!isObject(operation) || typeof operation.path !== "string") return { ok: false };
    const path = pointer(operation.path);
    const from = typeof operation.from === "string" ? pointer(operation.from) : [];
    switch (operation.op) {
      case "add":
        value = write(value, path, operation.value, "add");
        break;
      case "replace":
        value = write(value, path, operation.value, "replace");
        break;
      case "remove":
        value = write(value, path, undefined, "remove");
        break;
      case "test":
        if (!sameJson(read(value, path), operation.value)) return { ok: false };
        break;
      case "copy":
        value = write(value, path, read(value, from), "add");
        break;
      case "move": {
        const moved = read(value, from);
        value = write(write(value, from, undefined, "remove"), path, moved, "add");
        break;
      }
      default:
        return { ok: false };
    }
    if (value === MISSING) return { ok: false };
  }
  return isObject(value) ? { ok: true, value } : { ok: false };
}

const MISSING = Symbol("missing");

function pointer(path: string): readonly string[] {
  return path
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

function read(value: unknown, [key, ...rest]: readonly string[]): unknown {
  if (key === undefined) return value;
  if (isList(value)) return read(value[Number(key)], rest);
  return isObject(value) && Object.hasOwn(value, key) ? read(value[key], rest) : undefined;
}

/** A copy with one place changed; MISSING where there is no such place. */
function write(
  value: unknown,
  [key, ...rest]: readonly string[],
  given: unknown,
  how: "add" | "replace" | "remove",
): unknown {
  if (value === MISSING) return MISSING;
  if (key === undefined) return given;
  if (isList(value)) {
    const at = key === "-" ? value.length : Number(key);
    if (!Number.isInteger(at) || at < 0 || at > value.length) return MISSING;
    if (rest.length > 0) {
      const inner = write(value[at], rest, given, how);
      return inner === MISSING
        ? MISSING
        : value.map((item, index) => (index === at ? inner : item));
    }
    if (how === "add") return [...value.slice(0, at), given, ...value.slice(at)];
    if (at >= value.length) return MISSING;
    return how === "remove"
      ? value.filter((_, index) => index !== at)
      : value.map((item, index) => (index === at ? given : item));
  }
  if (!isObject(value)) return MISSING;
  if (rest.length > 0) {
    const inner = Object.hasOwn(value, key) ? write(value[key], rest, given, how) : MISSING;
    return inner === MISSING ? MISSING : { ...value, [key]: inner };
  }
  if (how !== "add" && !Object.hasOwn(value, key)) return MISSING;
  if (how !== "remove") return { ...value, [key]: given };
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}
