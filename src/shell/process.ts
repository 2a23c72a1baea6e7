import type { ClusterPort } from "./cluster-port";
import type { Completer } from "./completion";
import type { FileSystem } from "./files";
import type { Interrupt } from "./interrupt";
import type { Place } from "./place";
import type { Input, Output } from "./streams";

/** Exported variables. */
export type Environment = Readonly<Record<string, string>>;

export interface Streams {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
}

/** Everything that a running program has. */
export interface Process extends Streams {
  /** argv[0], and the rest. */
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Environment;
  readonly user: string;
  readonly place: Place;
  /** Its working directory, without a slash at the end. */
  readonly cwd: string;
  readonly files: FileSystem;
  readonly interrupt: Interrupt;
  readonly cluster: ClusterPort;
  readonly system: System;
  /** The terminal it was started from; undefined under `$(…)` in a job that has none. */
  readonly terminal: TerminalPort | undefined;
}

/** Answers the exit code. Throws Interrupted where a signal ends it, and nothing else. */
export type Program = (process: Process) => Promise<number>;

/** A command that some places have. */
export interface Tool {
  readonly name: string;
  readonly run: Program;
  readonly userlands: readonly Userland[];
  /** What Tab offers for its arguments; files, where it does not say. */
  readonly complete?: Completer;
}

/** What is installed somewhere. `toolbox`: an image for troubleshooting; `none`: one without a shell. */
export type Userland = "laptop" | "node" | "host" | "alpine" | "debian" | "toolbox" | "none";

export interface SpawnOptions {
  readonly place?: Place;
  readonly streams?: Partial<Streams>;
  readonly env?: Environment;
  readonly cwd?: string;
  readonly interrupt?: Interrupt;
}

/** What a program may ask of the shell that it runs in. */
export interface System {
  /** Runs a program by its argument vector; 127 where the place has none of that name. */
  exec(parent: Process, argv: readonly string[], options?: SpawnOptions): Promise<number>;
  /** Runs a text of the shell language, as `sh -c` does. */
  script(parent: Process, text: string, options?: SpawnOptions): Promise<number>;
  /** Opens a shell that takes the terminal's lines until `exit`. Answers its exit code. */
  openShell(parent: Process, place: Place): Promise<number>;
  /** Undefined where there is no such place now: an error in words. */
  checkPlace(place: Place): string | undefined;
  userlandOf(place: Place): Userland;
  filesOf(place: Place): FileSystem;
  /** Whether the place has a program of that name. */
  has(place: Place, program: string): boolean;
  /** Names of the programs of a place, sorted. */
  programsOf(place: Place): readonly string[];
}

/** What a program may ask of the terminal. */
export interface TerminalPort {
  readonly columns: number;
  /** A screen that commands such as `clear` may wipe, and where `edit` opens an editor; false headless. */
  readonly interactive: boolean;
  /** A shell at another place takes the lines from here on. Resolves with its exit code. */
  openShell(place: Place, name?: string): Promise<number>;
  /** Opens an editor on a text; undefined when it was left without saving, or where there is none. */
  editText?(title: string, text: string): Promise<string | undefined>;
}

/** Writes one line to standard output. */
export async function print(process: Process, line: string): Promise<void> {
  await process.stdout.write(`${line}\n`);
}

/** Writes one line to standard error, and answers the exit code. */
export async function fail(process: Process, line: string, exitCode = 1): Promise<number> {
  await process.stderr.write(`${line}\n`);
  return exitCode;
}
