import { gnuError, parseOptions } from "../options";
import { fail, type Process, type Program } from "../process";
import { readLines } from "../streams";
import { joinLines, linesOf, readInputs } from "./input-files";

const OPTIONS = {
  lines: { short: "n", value: true },
  bytes: { short: "c", value: true },
  quiet: { short: "q" },
  verbose: { short: "v" },
  follow: { short: "f" },
} as const;

interface Wanted {
  readonly lines: string;
  readonly bytes: string | undefined;
  readonly paths: readonly string[];
  readonly error?: string;
}

/** `head -5` is the old way to say `head -n 5`. */
function parse(process: Process): Wanted {
  const args = process.args.map((arg) => (/^-\d+$/.test(arg) ? `-n${arg.slice(1)}` : arg));
  const { values, rest, error } = parseOptions(args, OPTIONS);
  const lines = values.lines?.at(-1) ?? "10";
  const bytes = values.bytes?.at(-1);
  const wrong = [lines, bytes ?? "0"].find((text) => !/^[-+]?\d+$/.test(text));
  return {
    lines,
    bytes,
    paths: rest,
    ...(error && { error: gnuError(process.name, error) }),
    ...(wrong !== undefined && {
      error: `${process.name}: invalid number of ${wrong === lines ? "lines" : "bytes"}: '${wrong}'`,
    }),
  };
}

export const head: Program = async (process) => {
  const { lines, bytes, paths, error } = parse(process);
  if (error !== undefined) return fail(process, error);
  const count = Number(lines);
  if (paths.length === 0 && bytes === undefined && count >= 0) {
    let left = count;
    if (left === 0) return 0;
    for await (const line of readLines(process.stdin)) {
      await process.stdout.write(`${line}\n`);
      if (--left === 0) return 0;
    }
    return 0;
  }
  return each(process, paths, (text) =>
    bytes === undefined ? joinLines(linesOf(text).slice(0, count)) : text.slice(0, Number(bytes)),
  );
};

export const tail: Program = async (process) => {
  const { lines, bytes, paths, error } = parse(process);
  if (error !== undefined) return fail(process, error);
  return each(process, paths, (text) => {
    if (bytes !== undefined) return text.slice(-Math.abs(Number(bytes)));
    const all = linesOf(text);
    const from = lines.startsWith("+")
      ? Number(lines) - 1
      : Math.max(0, all.length - Math.abs(Number(lines)));
    return joinLines(all.slice(from));
  });
};

async function each(
  process: Process,
  paths: readonly string[],
  part: (text: string) => string,
): Promise<number> {
  const { texts, failed } = await readInputs(process, paths);
  for (const [index, { name, text }] of texts.entries()) {
    const title = texts.length > 1 ? `${index > 0 ? "\n" : ""}==> ${name} <==\n` : "";
    await process.stdout.write(title + part(text));
  }
  return failed ? 1 : 0;
}
