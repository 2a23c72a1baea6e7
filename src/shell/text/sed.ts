import { resolvePath } from "../files";
import { gnuError, parseOptions } from "../options";
import { fail, type Process, type Program } from "../process";
import { linesOf, readInputs } from "./input-files";
import { basicSource, compileRegExp, extendedSource } from "./regexp";

interface SedCommand {
  readonly from: Address | undefined;
  readonly to: Address | undefined;
  readonly not: boolean;
  readonly action: { readonly kind: "d" | "p" | "q" | "=" } | Substitution;
}

interface Substitution {
  readonly kind: "s";
  readonly pattern: RegExp;
  readonly replacement: string;
  readonly print: boolean;
  /** Which match; 0: all. */
  readonly nth: number;
}

type Address =
  | { readonly kind: "line"; readonly number: number }
  | { readonly kind: "last" }
  | { readonly kind: "match"; readonly pattern: RegExp };

const OPTIONS = {
  quiet: { short: "n" },
  "regexp-extended": { short: "E" },
  r: {},
  "in-place": { short: "i" },
  expression: { short: "e", value: true },
} as const;

/** `s///`, `p`, `d`, `q`, `=`, with addresses. Simplified: no hold space, no labels; `-i` keeps no copy. */
export const sed: Program = async (process) => {
  const { values, rest, error } = parseOptions(process.args, OPTIONS);
  if (error) return fail(process, gnuError("sed", error));
  const extended = Boolean(values["regexp-extended"] || values.r);
  const scripts = values.expression ?? rest.slice(0, 1);
  if (scripts.length === 0)
    return fail(process, "Usage: sed [OPTION]... {script-only-if-no-other-script} [input-file]...");
  const commands: SedCommand[] = [];
  for (const script of scripts.flatMap(splitScript)) {
    const command = parseCommand(script, extended);
    if (!command)
      return fail(process, `sed: -e expression #1, char 1: not modelled here: \`${script}'`);
    commands.push(command);
  }
  const paths = values.expression ? rest : rest.slice(1);
  const how = { commands, quiet: Boolean(values.quiet) };
  if (values["in-place"]) return editFiles(process, paths, how);
  const { texts, failed } = await readInputs(process, paths);
  const lines = texts.flatMap(({ text }) => linesOf(text));
  await edit(lines, how, (text) => process.stdout.write(text));
  return failed ? 2 : 0;
};

interface How {
  readonly commands: readonly SedCommand[];
  readonly quiet: boolean;
}

/** `-i`: each file by itself. */
async function editFiles(process: Process, paths: readonly string[], how: How): Promise<number> {
  if (paths.length === 0) return fail(process, "sed: no input files");
  let status = 0;
  for (const path of paths) {
    const absolute = resolvePath(process.cwd, path);
    const read = process.files.read(absolute);
    let text = "";
    if (read.ok)
      await edit(linesOf(read.value), how, async (line) => {
        text += line;
      });
    const written = read.ok ? process.files.write(absolute, text) : read;
    if (!written.ok) status = await fail(process, `sed: can't read ${path}: ${written.error}`, 2);
  }
  return status;
}

async function edit(
  lines: readonly string[],
  { commands, quiet }: How,
  write: (text: string) => Promise<void>,
): Promise<void> {
  const inRange = new Set<SedCommand>();
  for (const [index, original] of lines.entries()) {
    const number = index + 1;
    const last = number === lines.length;
    let line: string | undefined = original;
    let quits = false;
    for (const command of commands) {
      if (!applies(command, line, number, last, inRange)) continue;
      const { action } = command;
      if (action.kind === "s") {
        const changed = substitute(line, action);
        if (action.print && changed !== line) await write(`${changed}\n`);
        line = changed;
      } else if (action.kind === "d") line = undefined;
      else if (action.kind === "p") await write(`${line}\n`);
      else if (action.kind === "=") await write(`${number}\n`);
      else quits = true;
      if (line === undefined || quits) break;
    }
    if (line !== undefined && !quiet) await write(`${line}\n`);
    if (quits) break;
  }
}

/** At semicolons and newlines outside of `s` commands. */
function splitScript(script: string): readonly string[] {
  return script
    .split(/\n|;(?=\s*(?:\d|\$|\/|s\W|[dpq=]\s*(?:;|$)))/)
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

function parseCommand(text: string, extended: boolean): SedCommand | undefined {
  const address = String.raw`(?:\d+|\$|/(?:\\.|[^/])*/)`;
  const match = new RegExp(`^(${address})?(?:,(${address}))?\\s*(!?)\\s*(.*)$`).exec(text);
  if (!match) return undefined;
  const [, first, second, bang, rest = ""] = match;
  const [from, to] = [first, second].map((one) =>
    one === undefined ? undefined : parseAddress(one, extended),
  );
  const base = { from, to, not: bang === "!" };
  if (/^[dpq=]$/.test(rest)) return { ...base, action: { kind: rest as "d" | "p" | "q" | "=" } };
  const sign = rest[1];
  if (!rest.startsWith("s") || sign === undefined) return undefined;
  const parts = splitAt(rest.slice(2), sign);
  if (parts.length !== 3) return undefined;
  const [pattern = "", replacement = "", flags = ""] = parts;
  const nth = Number(/\d+/.exec(flags)?.[0] ?? (flags.includes("g") ? 0 : 1));
  const source = extended ? extendedSource(pattern) : basicSource(pattern);
  const compiled = compileRegExp(source, `g${/i/i.test(flags) ? "i" : ""}`);
  if (!compiled || !/^[gpiI\d]*$/.test(flags)) return undefined;
  return {
    ...base,
    action: { kind: "s", pattern: compiled, replacement, print: flags.includes("p"), nth },
  };
}

/** At each sign that no backslash stands before. */
function splitAt(text: string, sign: string): readonly string[] {
  const parts: string[] = [];
  let part = "";
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string;
    if (char === sign) {
      parts.push(part);
      part = "";
    } else if (char === "\\") {
      const next = text[++at] ?? "";
      part += next === sign ? sign : char + next;
    } else part += char;
  }
  return [...parts, part];
}

function parseAddress(text: string, extended: boolean): Address | undefined {
  if (text === "$") return { kind: "last" };
  if (/^\d+$/.test(text)) return { kind: "line", number: Number(text) };
  const inner = text.slice(1, -1);
  const pattern = compileRegExp(extended ? extendedSource(inner) : basicSource(inner));
  return pattern && { kind: "match", pattern };
}

function applies(
  command: SedCommand,
  line: string,
  number: number,
  last: boolean,
  inRange: Set<SedCommand>,
): boolean {
  const hits = (address: Address) =>
    address.kind === "last"
      ? last
      : address.kind === "line"
        ? address.number === number
        : address.pattern.test(line);
  const { from, to } = command;
  let selected = true;
  if (from && to) {
    const begins = !inRange.has(command) && hits(from);
    selected = begins || inRange.has(command);
    if (begins) inRange.add(command);
    const over = to.kind === "line" ? number >= to.number : !begins && hits(to);
    if (selected && over) inRange.delete(command);
  } else if (from) selected = hits(from);
  return selected !== command.not;
}

function substitute(line: string, { pattern, replacement, nth }: Substitution): string {
  let count = 0;
  return line.replace(pattern, (whole: string, ...rest: unknown[]) => {
    count++;
    if (nth > 0 && count !== nth) return whole;
    return replacement.replace(/\\(\d)|\\(.)|&/g, (_, group?: string, char?: string) => {
      if (group !== undefined) return group === "0" ? whole : String(rest[Number(group) - 1] ?? "");
      if (char !== undefined) return char === "n" ? "\n" : char === "t" ? "\t" : char;
      return whole;
    });
  });
}
