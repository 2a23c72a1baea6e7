import { resolvePath } from "../files";
import { isBusybox } from "../linux/network";
import { gnuError, parseOptions } from "../options";
import { fail, type Process, type Program } from "../process";
import { readAll } from "../streams";
import { linesOf, readText } from "./input-files";

export const cat: Program = async (process) => {
  const { values, rest, error } = parseOptions(process.args, { n: {}, A: {}, e: {}, t: {}, v: {} });
  if (error) return fail(process, gnuError(process.name, error));
  let status = 0;
  let number = 0;
  for (const path of rest.length === 0 ? ["-"] : rest) {
    if (path === "-" && !values.n) {
      for (
        let piece = await process.stdin.read();
        piece !== undefined;
        piece = await process.stdin.read()
      )
        await process.stdout.write(piece);
      continue;
    }
    const read = await readText(process, path);
    if (!read.ok) {
      status = await fail(
        process,
        isBusybox(process) && process.name === "cat" && read.error !== "Is a directory"
          ? `cat: can't open '${path}': ${read.error}`
          : `${process.name}: ${path}: ${read.error}`,
      );
      continue;
    }
    const numbered = values.n
      ? linesOf(read.value)
          .map((line) => `${String(++number).padStart(6)}\t${line}\n`)
          .join("")
      : read.value;
    await process.stdout.write(numbered);
  }
  return status;
};

export const tee: Program = async (process) => {
  const { values, rest, error } = parseOptions(process.args, { append: { short: "a" } });
  if (error) return fail(process, gnuError(process.name, error));
  const text = await readAll(process.stdin);
  await process.stdout.write(text);
  let status = 0;
  for (const path of rest) {
    const target = resolvePath(process.cwd, path);
    const written = values.append
      ? process.files.append(target, text)
      : process.files.write(target, text);
    if (!written.ok) status = await fail(process, `tee: ${path}: ${written.error}`);
  }
  return status;
};

/** Characters and ranges only. */
export const tr: Program = async (process) => {
  const { values, rest, error } = parseOptions(
    process.args,
    { d: {}, s: {}, c: {} },
    { untilWord: true },
  );
  if (error) return fail(process, gnuError(process.name, error));
  const [first = "", second = ""] = rest.map(characters);
  const text = await readAll(process.stdin);
  const inFirst = (char: string) => first.includes(char) !== Boolean(values.c);
  let result = "";
  for (const char of text) {
    if (!inFirst(char)) {
      result += char;
      continue;
    }
    if (values.d) continue;
    const at = values.c ? second.length - 1 : first.indexOf(char);
    const changed = second === "" ? char : (second[Math.min(at, second.length - 1)] ?? char);
    if (values.s && result.endsWith(changed)) continue;
    result += changed;
  }
  await process.stdout.write(result);
  return 0;
};

const SETS: Readonly<Record<string, string>> = {
  "[:upper:]": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
  "[:lower:]": "abcdefghijklmnopqrstuvwxyz",
  "[:digit:]": "0123456789",
  "[:space:]": " \t\n\r\v\f",
};

function characters(set: string): string {
  const plain = Object.entries(SETS)
    .reduce((text, [name, all]) => text.replaceAll(name, all), set)
    .replace(/\\([nt\\])/g, (_, code: string) =>
      code === "n" ? "\n" : code === "t" ? "\t" : "\\",
    );
  return plain.replace(/(.)-(.)/g, (_, from: string, to: string) => {
    let all = "";
    for (let code = from.charCodeAt(0); code <= to.charCodeAt(0); code++)
      all += String.fromCharCode(code);
    return all;
  });
}

const MAX_RUNS = 1_000;

export const xargs: Program = async (process) => {
  const options = {
    n: { value: true },
    I: { value: true },
    r: {},
    "no-run-if-empty": {},
    t: {},
    L: { value: true },
  } as const;
  const { values, rest, error } = parseOptions(process.args, options, { untilWord: true });
  if (error) return fail(process, gnuError(process.name, error));
  const command = rest.length === 0 ? ["echo"] : rest;
  const text = await readAll(process.stdin);
  const place = values.I?.at(-1);
  const items =
    place === undefined
      ? text.split(/\s+/).filter(Boolean)
      : linesOf(text).map((line) => line.trim());
  const size = Number(values.n?.at(-1) ?? values.L?.at(-1) ?? items.length) || items.length || 1;
  const runs: string[][] = [];
  if (place !== undefined)
    for (const item of items) runs.push(command.map((word) => word.replaceAll(place, item)));
  else
    for (let at = 0; at < items.length || (at === 0 && !values.r); at += size)
      runs.push([...command, ...items.slice(at, at + size)]);
  let status = 0;
  for (const argv of runs.slice(0, MAX_RUNS)) {
    if ((await runPlain(process, argv)) !== 0) status = 123;
  }
  return status;
};

/** `echo` is a builtin for shells and a program for everybody else. */
function runPlain(process: Process, argv: readonly string[]): Promise<number> {
  return process.system.exec({ ...process, name: "xargs" }, argv);
}
