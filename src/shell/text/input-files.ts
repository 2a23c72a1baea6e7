import { resolvePath } from "../files";
import type { Process } from "../process";
import { readAll } from "../streams";

export interface NamedText {
  /** As it was given; `(standard input)` for what came through the pipe. */
  readonly name: string;
  readonly text: string;
}

/** The texts of the files that were given, `-` and none being standard input. What cannot be read is said on stderr. */
export async function readInputs(
  process: Process,
  paths: readonly string[],
): Promise<{ readonly texts: readonly NamedText[]; readonly failed: boolean }> {
  const texts: NamedText[] = [];
  let failed = false;
  for (const path of paths.length === 0 ? ["-"] : paths) {
    const read = await readText(process, path);
    if (read.ok) texts.push({ name: path === "-" ? "(standard input)" : path, text: read.value });
    else {
      failed = true;
      await process.stderr.write(`${process.name}: ${path}: ${read.error}\n`);
    }
  }
  return { texts, failed };
}

/** One file's text; `-` and `/dev/stdin` are standard input. */
export async function readText(process: Process, path: string) {
  if (path === "-" || path === "/dev/stdin")
    return { ok: true, value: await readAll(process.stdin) } as const;
  return process.files.read(resolvePath(process.cwd, path));
}

/** Lines without their ends; a last line may lack its own. */
export function linesOf(text: string): readonly string[] {
  if (text === "") return [];
  return (text.endsWith("\n") ? text.slice(0, -1) : text).split("\n");
}

export function joinLines(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}
