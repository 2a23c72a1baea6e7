import type { ClusterPort } from "./cluster-port";
import { type FileSystem, resolvePath } from "./files";
import type { Place } from "./place";

/** What Tab offers: `text.slice(from)` up to the cursor is to be replaced by one of the candidates. */
export interface Completion {
  readonly from: number;
  readonly candidates: readonly string[];
}

/** What a program knows of the word that is being typed. */
export interface CompletionContext {
  /** The command's words before this one, its name first. */
  readonly words: readonly string[];
  /** What is there of the word. */
  readonly current: string;
  readonly place: Place;
  readonly files: FileSystem;
  readonly cwd: string;
  readonly cluster: ClusterPort;
}

/** Everything that could stand there; what does not begin with `current` is left out by the caller. */
export type Completer = (context: CompletionContext) => readonly string[];

export interface CompletionNames {
  /** Commands that a line may begin with. */
  readonly commands: readonly string[];
  completerOf(command: string): Completer | undefined;
}

const MAX_CANDIDATES = 500;

/** Simplified: quotes are not looked into. */
export function completeLine(
  text: string,
  cursor: number,
  names: CompletionNames,
  context: Omit<CompletionContext, "words" | "current">,
): Completion {
  const before = text.slice(0, cursor);
  const start = Math.max(...[..."|;&(`\n"].map((sign) => before.lastIndexOf(sign))) + 1;
  const words = before.slice(start).trimStart().split(/\s+/);
  const current = words.pop() ?? "";
  const from = cursor - current.length;
  const given = words.filter((word) => !/^[A-Za-z_]\w*=/.test(word));
  const [command] = given;
  const all =
    command === undefined
      ? current.includes("/")
        ? filesAt(current, context)
        : names.commands
      : (names.completerOf(command)?.({ ...context, words: given, current }) ??
        filesAt(current, context));
  const candidates = [...new Set(all)].filter((one) => one.startsWith(current)).sort();
  return { from, candidates: candidates.slice(0, MAX_CANDIDATES) };
}

/** Paths that begin like this; folders end with a slash. */
export function filesAt(
  current: string,
  { files, cwd }: Pick<CompletionContext, "files" | "cwd">,
): readonly string[] {
  const slash = current.lastIndexOf("/");
  const head = current.slice(0, slash + 1);
  const folder = resolvePath(cwd, head === "" ? "." : head);
  return files
    .list(folder)
    .filter((name) => !name.startsWith(".") || current.slice(slash + 1).startsWith("."))
    .map((name) => {
      const path = folder === "/" ? `/${name}` : `${folder}/${name}`;
      return `${head}${name}${files.isFolder(path) ? "/" : ""}`;
    });
}
