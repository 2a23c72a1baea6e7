import { unescapeText } from "../builtins/printf";
import { gnuError, parseOptions } from "../options";
import { fail, type Program } from "../process";
import { linesOf, readInputs } from "./input-files";
import { compileRegExp, extendedSource } from "./regexp";

/** What people use of awk in one line: `/pattern/ {print $1, $NF}`, `NR>1 {…}`, `$2=="x"`, `-F:`.
 *  Simplified: no variables of one's own, no functions, no BEGIN and END. */
export const awk: Program = async (process) => {
  const options = { F: { value: true }, v: { value: true } } as const;
  const { values, rest, error } = parseOptions(process.args, options, { untilWord: true });
  if (error) return fail(process, gnuError("awk", error), 2);
  const [script, ...paths] = rest;
  if (script === undefined) return fail(process, "Usage: awk [-F fs] 'program' [file ...]", 2);
  const rule = parseRule(script);
  if (!rule) return fail(process, `awk: not modelled here: ${script}`, 2);
  const { texts, failed } = await readInputs(process, paths);
  const separator = values.F?.at(-1);
  const lines = texts.flatMap(({ text }) => linesOf(text));
  for (const [index, line] of lines.entries()) {
    const record = { line, fields: fieldsOf(line, separator), number: index + 1 };
    if (!rule.wanted(record)) continue;
    await process.stdout.write(`${rule.print(record)}\n`);
  }
  return failed ? 2 : 0;
};

interface AwkRecord {
  readonly line: string;
  readonly fields: readonly string[];
  readonly number: number;
}

interface Rule {
  wanted(record: AwkRecord): boolean;
  print(record: AwkRecord): string;
}

function fieldsOf(line: string, separator: string | undefined): readonly string[] {
  if (separator === undefined || separator === " ") return line.trim().split(/\s+/);
  const pattern = separator.length === 1 ? undefined : compileRegExp(extendedSource(separator));
  return line.split(pattern ?? unescapeText(separator).text);
}

function parseRule(script: string): Rule | undefined {
  const match = /^\s*([^{]*?)\s*(?:\{\s*print\s*(.*?)\s*;?\s*\})?\s*$/.exec(script);
  if (!match || script.trim() === "") return undefined;
  const [, condition = "", printed] = match;
  if (/[{}]/.test(condition)) return undefined;
  const wanted = parseCondition(condition);
  const print = parsePrint(printed ?? "");
  return wanted && print && { wanted, print };
}

function parseCondition(text: string): Rule["wanted"] | undefined {
  if (text === "") return () => true;
  const both = text.split("&&").map((one) => one.trim());
  if (both.length > 1) {
    const parts = both.map(parseCondition);
    return parts.every((part) => part !== undefined)
      ? (record) => parts.every((part) => part?.(record))
      : undefined;
  }
  const regexp = /^(!?)\/(.*)\/$/.exec(text);
  if (regexp) {
    const pattern = compileRegExp(extendedSource(regexp[2] ?? ""));
    return pattern && (({ line }) => pattern.test(line) !== (regexp[1] === "!"));
  }
  const compared = /^(\S+?)\s*(==|!=|>=|<=|>|<|~|!~)\s*(.+)$/.exec(text);
  const left = compared && parseValue(compared[1] ?? "");
  if (!compared || !left) return undefined;
  const operator = compared[2] ?? "";
  if (operator.endsWith("~")) {
    const pattern = compileRegExp(extendedSource((compared[3] ?? "").replace(/^\/|\/$/g, "")));
    return pattern && ((record) => pattern.test(left(record)) === (operator === "~"));
  }
  const right = parseValue(compared[3] ?? "");
  return right && ((record) => compare(left(record), operator, right(record)));
}

function compare(a: string, operator: string, b: string): boolean {
  const numbers = a !== "" && b !== "" && !Number.isNaN(Number(a)) && !Number.isNaN(Number(b));
  const [left, right] = numbers ? [Number(a), Number(b)] : [a, b];
  switch (operator) {
    case "==":
      return left === right;
    case "!=":
      return left !== right;
    case ">":
      return left > right;
    case "<":
      return left < right;
    case ">=":
      return left >= right;
    default:
      return left <= right;
  }
}

type Value = (record: AwkRecord) => string;

/** `$1`, `$NF`, `$(NF-1)`, `NR`, `NF`, `"text"`, `7`. */
function parseValue(given: string): Value | undefined {
  const text = given.trim();
  const quoted = /^"((?:\\.|[^"\\])*)"$/.exec(text);
  if (quoted) return () => unescapeText(quoted[1] ?? "").text;
  if (/^-?[\d.]+$/.test(text)) return () => text;
  if (text === "NR") return ({ number }) => String(number);
  if (text === "NF") return ({ fields }) => String(fields.length);
  const field = /^\$(?:(\d+)|NF|\(NF-(\d+)\))$/.exec(text);
  if (!field) return undefined;
  return ({ line, fields }) => {
    if (field[1] === "0") return line;
    const at =
      field[1] !== undefined ? Number(field[1]) - 1 : fields.length - 1 - Number(field[2] ?? 0);
    return fields[at] ?? "";
  };
}

/** Commas put a space between, values beside each other none. */
function parsePrint(text: string): Value | undefined {
  if (text === "") return ({ line }) => line;
  const token = /"(?:\\.|[^"\\])*"|\$\(NF-\d+\)|\$\w+|N[RF]|-?[\d.]+|,/g;
  const tokens = text.match(token) ?? [];
  if (
    tokens.join("") !==
    text.replace(/"(?:\\.|[^"\\])*"|\s+/g, (part) => (part.trim() === "" ? "" : part))
  )
    return undefined;
  const values = tokens.map((one) => (one === "," ? () => " " : parseValue(one)));
  return values.every((value) => value !== undefined)
    ? (record) => values.map((value) => value?.(record) ?? "").join("")
    : undefined;
}
