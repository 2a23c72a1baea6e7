import { fieldOf, isObject, type JsonObject } from "../../../api/json";

export function versionOf(stdin: JsonObject): string {
  return String(fieldOf(stdin, "cniVersion"));
}

/** What the plugin before it made, to be handed on. */
export function prevResult(stdin: JsonObject): { readonly result?: JsonObject } {
  const result = fieldOf(stdin, "prevResult");
  return isObject(result) ? { result } : {};
}
