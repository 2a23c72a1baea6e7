import { escapeRegExp } from "../language/patterns";
import { gnuError, parseOptions } from "../options";
import { fail, type Program } from "../process";
import { readLines } from "../streams";
import { linesOf, readInputs } from "./input-files";
import { basicSource, extendedSource } from "./regexp";

const OPTIONS = {
  "ignore-case": { short: "i" },
  "invert-match": { short: "v" },
  count: { short: "c" },
  "line-number": { short: "n" },
  "only-matching": { short: "o" },
  "extended-regexp": { short: "E" },
  "fixed-strings": { short: "F" },
  "basic-regexp": { short: "G" },
  "perl-regexp": { short: "P" },
  "word-regexp": { short: "w" },
  "line-regexp": { short: "x" },
  "files-with-matches": { short: "l" },
  quiet: { short: "q" },
  "no-messages": { short: "s" },
  "with-filename": { short: "H" },
  "no-filename": { short: "h" },
  "line-buffered": {},
  regexp: { short: "e", value: true },
  "max-count": { short: "m", value: true },
  "after-context": { short: "A", value: true },
  "before-context": { short: "B", value: true },
  context: { short: "C", value: true },
  color: { value: "optional" },
  colour: { value: "optional" },
} as const;

export const grep: Program = async (process) => {
  const { values, rest, error } = parseOptions(process.args, OPTIONS);
  if (error) {
    await process.stderr.write(`${gnuError(process.name, error)}\n`);
    return fail(process, "Usage: grep [OPTION]... PATTERNS [FILE]...", 2);
  }
  const has = (name: keyof typeof OPTIONS) => values[name] !== undefined;
  const patterns = values.regexp ?? rest.slice(0, 1);
  const paths = values.regexp ? rest : rest.slice(1);
  if (patterns.length === 0) return fail(process, "Usage: grep [OPTION]... PATTERNS [FILE]...", 2);
  const extended = has("extended-regexp") || has("perl-regexp") || process.name === "egrep";
  const fixed = has("fixed-strings") || process.name === "fgrep";
  const matcher = compile(patterns, { extended, fixed, values });
  if (!matcher) return fail(process, `${process.name}: Invalid regular expression`, 2);
  const wanted = (line: string) => matcher.test(line) !== has("invert-match");
  const max = values["max-count"] ? Number(values["max-count"].at(-1)) : Number.POSITIVE_INFINITY;
  const before = contextOf(values, "before-context");
  const after = contextOf(values, "after-context");
  const streams = paths.length === 0 && !has("count") && !has("files-with-matches");
  const named = has("with-filename") || (paths.length > 1 && !has("no-filename"));
  let found = 0;

  const shown = async (name: string, number: number, line: string, mark: ":" | "-") => {
    const file = named ? `${name}${mark}` : "";
    const prefix = has("line-number") ? `${file}${number}${mark}` : file;
    const parts = has("only-matching") && mark === ":" ? matcher.all(line) : [line];
    for (const part of parts) await process.stdout.write(`${prefix}${part}\n`);
  };
  if (streams && before === 0 && after === 0) {
    let number = 0;
    for await (const line of readLines(process.stdin)) {
      number++;
      if (!wanted(line)) continue;
      found++;
      if (has("quiet")) return 0;
      await shown("(standard input)", number, line, ":");
      if (found >= max) break;
    }
    return found > 0 ? 0 : 1;
  }
  const { texts, failed } = await readInputs(process, paths);
  for (const { name, text } of texts) {
    const lines = linesOf(text);
    const hits = lines.flatMap((line, index) => (wanted(line) ? [index] : [])).slice(0, max);
    found += hits.length;
    if (hits.length > 0 && has("quiet")) return 0;
    if (has("files-with-matches")) {
      if (hits.length > 0) await process.stdout.write(`${name}\n`);
    } else if (has("count")) {
      await process.stdout.write(`${named ? `${name}:` : ""}${hits.length}\n`);
    } else {
      let last = -1;
      for (const hit of hits) {
        const from = Math.max(last + 1, hit - before);
        if (last >= 0 && from > last + 1 && before + after > 0) await process.stdout.write("--\n");
        const next = hits.find((other) => other > hit) ?? lines.length;
        const to = Math.min(hit + after, next - 1, lines.length - 1);
        for (let index = from; index <= to; index++)
          await shown(name, index + 1, lines[index] ?? "", index === hit ? ":" : "-");
        last = to;
      }
    }
  }
  return failed ? 2 : found > 0 ? 0 : 1;
};

function contextOf(
  values: Readonly<Record<string, readonly string[]>>,
  name: "before-context" | "after-context",
): number {
  return Number(values[name]?.at(-1) ?? values.context?.at(-1) ?? 0) || 0;
}

interface Matcher {
  test(line: string): boolean;
  all(line: string): readonly string[];
}

function compile(
  patterns: readonly string[],
  how: {
    extended: boolean;
    fixed: boolean;
    values: Readonly<Record<string, readonly string[]>>;
  },
): Matcher | undefined {
  const sources = patterns
    .flatMap((pattern) => pattern.split("\n"))
    .map((pattern) =>
      how.fixed
        ? escapeRegExp(pattern)
        : how.extended
          ? extendedSource(pattern)
          : basicSource(pattern),
    );
  let source = `(?:${sources.join("|")})`;
  if (how.values["word-regexp"]) source = `(?<!\\w)${source}(?!\\w)`;
  if (how.values["line-regexp"]) source = `^${source}$`;
  const flags = how.values["ignore-case"] ? "i" : "";
  try {
    const one = new RegExp(source, flags);
    return {
      test: (line) => one.test(line),
      all: (line) =>
        [...line.matchAll(new RegExp(source, `g${flags}`))].map(([text]) => text).filter(Boolean),
    };
  } catch {
    return undefined;
  }
}
