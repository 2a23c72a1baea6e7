import { type FileSystem, resolvePath } from "../files";
import { isBusybox } from "../linux/network";
import { gnuError, parseOptions } from "../options";
import { fail, type Process, type Program } from "../process";

export const ls: Program = async (process) => {
  const options = {
    a: {},
    A: {},
    l: {},
    "1": {},
    h: {},
    d: {},
    R: {},
    r: {},
    t: {},
    color: { value: "optional" },
  } as const;
  const { values, rest, error } = parseOptions(process.args, options);
  if (error) return fail(process, gnuError("ls", error), 2);
  const targets = rest.length === 0 ? ["."] : rest;
  let status = 0;
  for (const [index, target] of targets.entries()) {
    const path = resolvePath(process.cwd, target);
    if (!process.files.exists(path)) {
      status = isBusybox(process)
        ? await fail(process, `ls: ${target}: No such file or directory`)
        : await fail(process, `ls: cannot access '${target}': No such file or directory`, 2);
      continue;
    }
    const folder = process.files.isFolder(path) && !values.d;
    const names = folder ? process.files.list(path) : [target];
    const shown = names.filter((name) => values.a || values.A || !folder || !name.startsWith("."));
    if (targets.length > 1 && folder)
      await process.stdout.write(`${index > 0 ? "\n" : ""}${target}:\n`);
    const all = values.a && folder ? [".", "..", ...shown] : shown;
    await process.stdout.write(
      values.l
        ? longListing(process, folder ? path : process.cwd, all)
        : listing(process, all, Boolean(values["1"])),
    );
  }
  return status;
};

/** Down the columns on a terminal, one a line elsewhere. */
function listing(process: Process, names: readonly string[], single: boolean): string {
  if (names.length === 0) return "";
  if (single || !process.stdout.isTerminal) return `${names.join("\n")}\n`;
  const screen = process.terminal?.columns ?? 80;
  for (let rows = 1; rows <= names.length; rows++) {
    const columns: string[][] = [];
    for (let at = 0; at < names.length; at += rows) columns.push(names.slice(at, at + rows));
    const widths = columns.map((column) => Math.max(...column.map(({ length }) => length)));
    const total = widths.reduce((sum, width) => sum + width + 2, -2);
    if (total > screen && rows < names.length) continue;
    let text = "";
    for (let row = 0; row < rows; row++) {
      const cells = columns.map((column, index) =>
        (column[row] ?? "").padEnd((widths[index] ?? 0) + 2),
      );
      text += `${cells.join("").trimEnd()}\n`;
    }
    return text;
  }
  return "";
}

function longListing(process: Process, folder: string, names: readonly string[]): string {
  const { user } = process;
  const rows = names.map((name) => {
    const path = resolvePath(folder, name);
    const directory = process.files.isFolder(path);
    const read = process.files.read(path);
    const size = directory ? 4096 : read.ok ? read.value.length : 0;
    return { name, size: String(size), mode: directory ? "drwxr-xr-x" : "-rw-r--r--" };
  });
  const width = Math.max(0, ...rows.map(({ size }) => size.length));
  const lines = rows.map(
    ({ name, size, mode }) =>
      `${mode} 1 ${user} ${user} ${size.padStart(width)} Jan  1 00:00 ${name}`,
  );
  return [`total ${rows.length * 4}`, ...lines].map((line) => `${line}\n`).join("");
}

/** A program that does one thing to each path. */
function eachPath(
  options: Readonly<Record<string, object>>,
  act: (
    files: FileSystem,
    path: string,
    values: Readonly<Record<string, readonly string[]>>,
  ) => string | undefined,
  gnuWords: (given: string, error: string) => string,
  busyboxWords: (given: string, error: string) => string,
): Program {
  return async (process) => {
    const { values, rest, error } = parseOptions(process.args, options);
    if (error) return fail(process, gnuError(process.name, error));
    if (rest.length === 0) return fail(process, `${process.name}: missing operand`);
    const words = isBusybox(process) ? busyboxWords : gnuWords;
    let status = 0;
    for (const given of rest) {
      const wrong = act(process.files, resolvePath(process.cwd, given), values);
      if (wrong !== undefined) status = await fail(process, words(given, wrong));
    }
    return status;
  };
}

export const rm = eachPath(
  { r: {}, R: {}, f: {}, v: {} },
  (files, path, values) => {
    if (files.isFolder(path) && (values.r || values.R)) return removeTree(files, path);
    const removed = files.remove(path);
    return removed.ok || (values.f && removed.error === "No such file or directory")
      ? undefined
      : removed.error;
  },
  (given, error) => `rm: cannot remove '${given}': ${error}`,
  (given, error) => `rm: can't remove '${given}': ${error}`,
);

function removeTree(files: FileSystem, path: string): string | undefined {
  for (const name of files.list(path)) {
    const inner = `${path}/${name}`;
    if (files.isFolder(inner)) removeTree(files, inner);
    else files.remove(inner);
  }
  files.removeFolder(path);
  return undefined;
}

export const mkdir = eachPath(
  { p: {}, m: { value: true }, v: {} },
  (files, path, values) => {
    if (!values.p) {
      const made = files.makeFolder(path);
      return made.ok ? undefined : made.error;
    }
    const parts = path.split("/").slice(1);
    for (let depth = 1; depth <= parts.length; depth++) {
      const part = `/${parts.slice(0, depth).join("/")}`;
      if (files.isFolder(part)) continue;
      const made = files.makeFolder(part);
      if (!made.ok) return made.error;
    }
    return undefined;
  },
  (given, error) => `mkdir: cannot create directory '${given}': ${error}`,
  (given, error) => `mkdir: can't create directory '${given}': ${error}`,
);

export const rmdir = eachPath(
  {},
  (files, path) => {
    const removed = files.removeFolder(path);
    return removed.ok ? undefined : removed.error;
  },
  (given, error) => `rmdir: failed to remove '${given}': ${error}`,
  (given, error) => `rmdir: '${given}': ${error}`,
);

export const touch = eachPath(
  { c: {} },
  (files, path) => {
    const written = files.append(path, "");
    return written.ok || written.error === "Is a directory" ? undefined : written.error;
  },
  (given, error) => `touch: cannot touch '${given}': ${error}`,
  (given, error) => `touch: ${given}: ${error}`,
);

const copyOrMove =
  (move: boolean): Program =>
  async (process) => {
    const verb = move ? "move" : "copy";
    const { rest, error } = parseOptions(process.args, {
      f: {},
      r: {},
      a: {},
      v: {},
      n: {},
      i: {},
    });
    if (error) return fail(process, gnuError(process.name, error));
    const target = rest.at(-1);
    const sources = rest.slice(0, -1);
    if (target === undefined || sources.length === 0)
      return fail(process, `${process.name}: missing file operand`);
    let status = 0;
    for (const source of sources) {
      const from = resolvePath(process.cwd, source);
      const into = resolvePath(process.cwd, target);
      const to = process.files.isFolder(into) ? `${into}/${from.split("/").at(-1)}` : into;
      const read = process.files.read(from);
      const written = read.ok ? process.files.write(to, read.value) : read;
      if (!written.ok) {
        status = await fail(
          process,
          isBusybox(process)
            ? `${process.name}: can't ${move ? "rename" : read.ok ? "create" : "stat"} '${source}': ${written.error}`
            : `${process.name}: cannot ${read.ok ? verb : "stat"} '${source}': ${written.error}`,
        );
      } else if (move) process.files.remove(from);
    }
    return status;
  };

export const cp = copyOrMove(false);
export const mv = copyOrMove(true);
