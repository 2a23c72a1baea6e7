import { Document, Scalar, visit } from "yaml";
import { isList, isObject } from "../../../core/api/json";

/** As `-o yaml` prints an object: keys in order, lists not indented; in double quotes what would be read as something
 *  else than text, in single quotes what has YAML's own signs in it. */
export function formatYaml(value: unknown): string {
  const document = new Document(sorted(value), {
    version: "1.1",
    aliasDuplicateObjects: false,
    customTags: (tags) => tags.map(withGoFloats),
  });
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value !== "string") return;
      if (looksLikeOther(scalar.value)) scalar.type = Scalar.QUOTE_DOUBLE;
      else if (/^(?:---|\.\.\.)/.test(scalar.value)) scalar.type = Scalar.QUOTE_SINGLE;
    },
  });
  return document.toString({ lineWidth: 80, indentSeq: false, singleQuote: true });
}

/** Source: go-yaml, resolve.go. */
const OTHERS: readonly RegExp[] = [
  /^$/,
  /^(?:y|n|yes|no|on|off|true|false|null|~)$/i,
  /^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[\da-f_]+|[\d_]+)$/i,
  /^[-+]?(?:\.[\d]+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i,
  /^[-+]?\.(?:inf|nan)$/i,
  /^[-+]?\d+(?::[0-5]?\d)+(?:\.\d*)?$/,
  /^\d{4}-\d\d?-\d\d?(?:[Tt ].*)?$/,
];

function looksLikeOther(text: string): boolean {
  return OTHERS.some((pattern) => pattern.test(text));
}

const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:e[-+]?\d+)?$/i;

/** The library takes `e1` and `.` for numbers and would quote them; Go does not. Source: go-yaml, yamlStyleFloat. */
function withGoFloats<T>(tag: T): T {
  const { test, tag: name } = tag as { test?: unknown; tag?: unknown };
  const float = name === "tag:yaml.org,2002:float" && test instanceof RegExp && !test.test(".inf");
  return float ? { ...tag, test: FLOAT } : tag;
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
