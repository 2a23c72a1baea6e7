import { isList, isObject } from "../../../core/api/json";
import { failure } from "../failure";
import { formatJson } from "./yaml";

/** kubectl's JSONPath templates: `{range .items[*]}{.metadata.name}{"\n"}{end}`.
 *  Source: client-go/util/jsonpath. */
type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "path"; readonly steps: readonly Step[] }
  | { readonly kind: "range"; readonly steps: readonly Step[]; readonly body: readonly Part[] };

type Step =
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "wildcard" }
  | { readonly kind: "recursive" }
  | {
      readonly kind: "index";
      readonly from?: number;
      readonly to?: number;
      readonly single: boolean;
      readonly step: number;
    }
  | { readonly kind: "union"; readonly names: readonly string[] }
  | {
      readonly kind: "filter";
      readonly left: Operand;
      readonly operator: string;
      readonly right?: Operand;
    };

type Operand =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "path"; readonly steps: readonly Step[] };

export type Template = readonly Part[];

/** `{.a}`; braces may be left out, as may the first dot. */
export function parseJsonPath(given: string): Template {
  return parseParts(new Reader(given), false);
}

class Reader {
  at = 0;
  constructor(readonly text: string) {}
}

function parseParts(reader: Reader, inRange: boolean): Part[] {
  const parts: Part[] = [];
  while (reader.at < reader.text.length) {
    const open = reader.text.indexOf("{", reader.at);
    const end = open < 0 ? reader.text.length : open;
    if (end > reader.at) parts.push({ kind: "text", text: reader.text.slice(reader.at, end) });
    if (open < 0) {
      reader.at = end;
      break;
    }
    const close = findClose(reader.text, open);
    const inner = reader.text.slice(open + 1, close).trim();
    reader.at = close + 1;
    if (inner === "end") {
      if (!inRange)
        throw failure(`error parsing jsonpath ${reader.text}, not in range, nothing to end`);
      return parts;
    }
    if (inner.startsWith("range ")) {
      const steps = parseSteps(inner.slice("range ".length).trim(), reader.text);
      parts.push({ kind: "range", steps, body: parseParts(reader, true) });
    } else for (const word of wordsOf(inner)) parts.push(parseWord(word, reader.text));
  }
  if (inRange) throw failure(`error parsing jsonpath ${reader.text}, unterminated range`);
  return parts;
}

function findClose(text: string, open: number): number {
  let quote = "";
  for (let at = open + 1; at < text.length; at++) {
    const char = text[at] as string;
    if (quote !== "") {
      if (char === "\\") at++;
      else if (char === quote) quote = "";
    } else if (char === '"' || char === "'") quote = char;
    else if (char === "}") return at;
  }
  throw failure(`error parsing jsonpath ${text}, unclosed action`);
}

/** `{.a "\n" .b}` is three. */
function wordsOf(inner: string): readonly string[] {
  return inner.match(/"(?:\\.|[^"])*"|'(?:\\.|[^'])*'|(?:\[[^\]]*\]|[^\s"'[])+/g) ?? [];
}

function parseWord(word: string, template: string): Part {
  if (/^["']/.test(word)) return { kind: "text", text: unquote(word) };
  return { kind: "path", steps: parseSteps(word, template) };
}

function unquote(word: string): string {
  const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
  return word.slice(1, -1).replace(/\\(.)/g, (_, char: string) => escapes[char] ?? char);
}

export function parseSteps(given: string, template = given): readonly Step[] {
  let text = given.replace(/^[$@]/, "");
  if (text !== "" && !/^[.[]/.test(text)) text = `.${text}`;
  const steps: Step[] = [];
  while (text !== "") {
    if (text.startsWith("..")) {
      steps.push({ kind: "recursive" });
      text = text.slice(1);
      continue;
    }
    const field = /^\.((?:\\.|[^.[\]\\\s])*)/.exec(text);
    if (field) {
      text = text.slice(field[0].length);
      const name = (field[1] ?? "").replace(/\\(.)/g, "$1");
      if (name === "*") steps.push({ kind: "wildcard" });
      else if (name !== "") steps.push({ kind: "field", name });
      continue;
    }
    const close = closingBracket(text);
    if (!text.startsWith("[") || close < 0)
      throw failure(
        `error parsing jsonpath ${template}, unrecognized character in action: U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")} '${text[0]}'`,
      );
    steps.push(parseBracket(text.slice(1, close), template));
    text = text.slice(close + 1);
  }
  return steps;
}

function closingBracket(text: string): number {
  let depth = 0;
  let quote = "";
  for (const [at, char] of [...text].entries()) {
    if (quote !== "") {
      if (char === quote) quote = "";
    } else if (char === "'" || char === '"') quote = char;
    else if (char === "[") depth++;
    else if (char === "]" && --depth === 0) return at;
  }
  return -1;
}

function parseBracket(inner: string, template: string): Step {
  const text = inner.trim();
  if (text === "*") return { kind: "wildcard" };
  const filter = /^\?\((.*)\)$/.exec(text);
  if (filter) return parseFilter(filter[1] ?? "");
  if (/^['"]/.test(text))
    return {
      kind: "union",
      names: (text.match(/'[^']*'|"[^"]*"/g) ?? []).map((one) => one.slice(1, -1)),
    };
  const slice = /^(-?\d*)(?::(-?\d*))?(?::(\d*))?$/.exec(text);
  if (!slice || text === "")
    throw failure(`error parsing jsonpath ${template}, invalid array index ${text}`);
  const [, from = "", to, step] = slice;
  return {
    kind: "index",
    single: to === undefined,
    step: Number(step) || 1,
    ...(from !== "" && { from: Number(from) }),
    ...(to !== undefined && to !== "" && { to: Number(to) }),
  };
}

function parseFilter(text: string): Step {
  const match = /^(.+?)\s*(==|!=|<=|>=|<|>)\s*(.+)$/.exec(text.trim());
  if (!match) return { kind: "filter", left: operand(text.trim()), operator: "exists" };
  const [, left = "", operator = "", right = ""] = match;
  return { kind: "filter", left: operand(left.trim()), operator, right: operand(right.trim()) };
}

function operand(text: string): Operand {
  if (/^['"]/.test(text)) return { kind: "value", value: text.slice(1, -1) };
  if (/^-?\d+(?:\.\d+)?$/.test(text)) return { kind: "value", value: Number(text) };
  if (text === "true" || text === "false") return { kind: "value", value: text === "true" };
  return { kind: "path", steps: parseSteps(text) };
}

/** What the steps lead to from a value: nothing, one or several. */
export function follow(value: unknown, steps: readonly Step[]): readonly unknown[] {
  return steps.reduce<readonly unknown[]>(
    (found, step) => found.flatMap((one) => take(one, step)),
    [value],
  );
}

function take(value: unknown, step: Step): readonly unknown[] {
  switch (step.kind) {
    case "field":
      return isObject(value) && Object.hasOwn(value, step.name) ? [value[step.name]] : [];
    case "wildcard":
      return isList(value) ? value : isObject(value) ? Object.values(value) : [];
    case "recursive":
      return descendants(value);
    case "union":
      return step.names.flatMap((name) => take(value, { kind: "field", name }));
    case "filter":
      return isList(value) ? value.filter((item) => passes(item, step)) : [];
    case "index": {
      if (!isList(value)) return [];
      const at = (index: number) => (index < 0 ? index + value.length : index);
      if (step.single) {
        const item = value[at(step.from ?? 0)];
        return item === undefined ? [] : [item];
      }
      const part = value.slice(at(step.from ?? 0), step.to === undefined ? undefined : at(step.to));
      return part.filter((_, index) => index % step.step === 0);
    }
  }
}

function descendants(value: unknown): readonly unknown[] {
  const children = isList(value) ? value : isObject(value) ? Object.values(value) : [];
  return [value, ...children.flatMap(descendants)];
}

function passes(
  item: unknown,
  { left, operator, right }: Extract<Step, { kind: "filter" }>,
): boolean {
  const values = (operand: Operand | undefined) =>
    operand === undefined
      ? []
      : operand.kind === "value"
        ? [operand.value]
        : follow(item, operand.steps);
  const [a] = values(left);
  if (operator === "exists") return a !== undefined;
  const [b] = values(right);
  if (a === undefined || b === undefined) return false;
  switch (operator) {
    case "==":
      return a === b;
    case "!=":
      return a !== b;
    case "<":
      return (a as number) < (b as number);
    case "<=":
      return (a as number) <= (b as number);
    case ">":
      return (a as number) > (b as number);
    default:
      return (a as number) >= (b as number);
  }
}

/** The template's text for a value. */
export function printJsonPath(template: Template, value: unknown): string {
  return template.map((part) => printPart(part, value)).join("");
}

function printPart(part: Part, value: unknown): string {
  switch (part.kind) {
    case "text":
      return part.text;
    case "path":
      return follow(value, part.steps).map(textOf).join(" ");
    case "range":
      return follow(value, part.steps)
        .map((item) => printJsonPath(part.body, item))
        .join("");
  }
}

/** What a template's paths lead to, in order. */
export function findJsonPath(template: Template, value: unknown): readonly unknown[] {
  return template.flatMap((part) => foundBy(part, value));
}

function foundBy(part: Part, value: unknown): readonly unknown[] {
  switch (part.kind) {
    case "text":
      return [part.text];
    case "path":
      return follow(value, part.steps);
    case "range":
      return follow(value, part.steps).flatMap((item) => findJsonPath(part.body, item));
  }
}

export function textOf(value: unknown): string {
  return isObject(value) || isList(value) ? formatJson(value, 0) : String(value ?? "");
}
