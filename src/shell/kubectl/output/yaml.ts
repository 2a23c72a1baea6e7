import { stringify } from "yaml";
import { isList, isObject } from "../../../core/api/json";

/** As `-o yaml` prints an object: keys in order, lists not indented, times and numbers in strings quoted. */
export function formatYaml(value: unknown): string {
  return stringify(sorted(value), {
    version: "1.1",
    lineWidth: 80,
    indentSeq: false,
    aliasDuplicateObjects: false,
    singleQuote: null,
    customTags: (tags) => tags.map(asGoReads),
  });
}

/** What Go takes for a number with an exponent; the library would quote `e1` too. Source: go-yaml, yamlStyleFloat. */
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)[eE][-+]?[0-9]+$/;

function asGoReads<T>(tag: T): T {
  const { format, test } = tag as { format?: unknown; test?: unknown };
  return format === "EXP" && test instanceof RegExp ? { ...tag, test: FLOAT } : tag;
}

/** As `-o json` prints it, with Go's escapes. */
export function formatJson(value: unknown, indent = 4): string {
  return JSON.stringify(sorted(value), undefined, indent).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Keys as Go sorts a map's; what is undefined is absent. */
export function sorted(value: unknown): unknown {
  if (isList(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries
      .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
      .map(([key, item]) => [key, sorted(item)]),
  );
}
