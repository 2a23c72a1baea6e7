export interface YamlError {
  readonly message: string;
  /** Where our parser stopped, from 1. */
  readonly line?: number | undefined;
}

/** go-yaml counts its scanner's lines from 1 and its parser's from 0, and tells of no first line. */
const scanner = (line: number, words: string) => (line > 1 ? `line ${line}: ${words}` : words);

/** What kubectl says of a text that is no YAML, by what our parser says of it. Undefined: of another kind.
 *  Source: sigs.k8s.io/yaml goyaml.v2, scannerc.go, parserc.go and decode.go (fail). */
export function yamlWords(text: string, errors: readonly YamlError[]): string | undefined {
  const [first, second] = errors;
  if (!first) return undefined;
  const { message, line = 1 } = first;
  const lines = text.split("\n");
  const at = lines[line - 1] ?? "";
  if (/^All mapping items must start/.test(message)) return parserWords(line, "key");
  if (/^Sequence item without - indicator/.test(message))
    return parserWords(line, isIndentless(lines, line) ? "key" : "'-' indicator");
  if (/^Nested mappings are not allowed/.test(message)) {
    const goesOn = /^Implicit keys need/.test(second?.message ?? "") && second?.line === line;
    return scanner(line + (goesOn ? 1 : 0), "mapping values are not allowed in this context");
  }
  if (/^Implicit keys need to be on a single line/.test(message)) {
    if (/^Unexpected block-seq-ind/.test(second?.message ?? "")) return parserWords(line, "key");
    return /^\s*- |:/.test(at)
      ? scanner(line + 1, "mapping values are not allowed in this context")
      : scanner(line + 1, "could not find expected ':'");
  }
  if (/^Implicit map keys need to be followed/.test(message))
    return scanner(line + 1, "could not find expected ':'");
  if (/^Tabs are not allowed/.test(message))
    return /[:-]\s*$/.test(lines[line - 2] ?? ":")
      ? scanner(line, "found character that cannot start any token")
      : scanner(line, "found a tab character that violates indentation");
  if (/^Plain value cannot start/.test(message))
    return scanner(line, "found character that cannot start any token");
  if (/^Missing closing ["']quote/.test(message))
    return scanner(line, "found unexpected end of stream");
  if (/^Flow sequence in block/.test(message)) return parserWords(line, "',' or ']'");
  if (/^Flow map in block/.test(message)) return parserWords(line, "',' or '}'");
  const anchor = /^Unresolved alias .*: (\S+)$/.exec(message)?.[1];
  return anchor === undefined ? undefined : `unknown anchor '${anchor}' referenced`;
}

function parserWords(line: number, expected: string): string {
  const words = `did not find expected ${expected}`;
  return line > 1 ? `line ${line - 1}: ${words}` : words;
}

/** Whether the sequence before a line stands as far left as the key that it belongs to. */
function isIndentless(lines: readonly string[], line: number): boolean {
  const before = lines.slice(0, line - 1).reverse();
  const wrong = (lines[line - 1] ?? "").search(/\S/);
  const dash = before.find((one) => /^\s*-/.test(one) && one.search(/\S/) < wrong);
  if (dash === undefined) return false;
  const column = dash.search(/\S/);
  const above = before.slice(before.indexOf(dash));
  const owner = above.find((one) => /^\s*[^\s-]/.test(one) && one.search(/\S/) <= column);
  return owner !== undefined && owner.search(/\S/) === column;
}
