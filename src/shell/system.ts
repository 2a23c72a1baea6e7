import { Budget } from "./budget";
import type { ClusterPort } from "./cluster-port";
import { FileSystem, resolvePath } from "./files";
import { hint } from "./hint";
import { Interrupt, Interrupted } from "./interrupt";
import { Evaluator } from "./language/evaluate";
import { parseScript } from "./language/parse";
import type { JobControl, ShellHost } from "./language/shell-host";
import { newState } from "./language/shell-state";
import { writeKernelFile } from "./linux/kernel-files";
import { formatPlace, type Place } from "./place";
import { type PlaceFacts, placeFacts } from "./place-facts";
import type { Process, SpawnOptions, System, TerminalPort, Tool, Userland } from "./process";
import { isRealProgram } from "./real-programs";
import { interruptible, NOWHERE, readAll, TextInput } from "./streams";

interface RootOptions {
  readonly interrupt?: Interrupt;
  /** How it reaches the simulation, where somebody wants to know who asked. */
  readonly cluster?: ClusterPort;
}

interface PlaceState {
  readonly incarnation: string;
  readonly files: FileSystem;
}

const BINARY_FOLDERS = /^\/(?:usr\/(?:local\/)?)?s?bin\//;

/** The machines' side of the terminal: which programs there are where, and each place's files. One for each run. */
export class ShellSystem implements System {
  readonly cluster: ClusterPort;
  readonly budget = new Budget();
  readonly #tools = new Map<string, Tool[]>();
  readonly #places = new Map<string, PlaceState>();
  readonly #turn: () => Promise<void>;
  #nextPid = 1_000;

  /** @param turn a turn of the host's event loop */
  constructor(cluster: ClusterPort, tools: readonly Tool[], turn: () => Promise<void>) {
    this.cluster = cluster;
    this.#turn = turn;
    for (const tool of tools)
      this.#tools.set(tool.name, [...(this.#tools.get(tool.name) ?? []), tool]);
  }

  newPid(): number {
    return this.#nextPid++;
  }

  factsOf(place: Place): PlaceFacts | { readonly error: string } {
    return placeFacts(place, this.cluster.world);
  }

  checkPlace(place: Place): string | undefined {
    const facts = this.factsOf(place);
    return "error" in facts ? facts.error : undefined;
  }

  userlandOf(place: Place): Userland {
    const facts = this.factsOf(place);
    return "error" in facts ? "none" : facts.userland;
  }

  /** Files outlive the shells of a place, not the place. */
  filesOf(place: Place): FileSystem {
    const key = formatPlace(place);
    const facts = this.factsOf(place);
    if ("error" in facts) return new FileSystem();
    const known = this.#places.get(key);
    if (known?.incarnation === facts.incarnation) return known.files;
    const computed = () => {
      const now = this.factsOf(place);
      return "error" in now ? {} : now.files();
    };
    const files = new FileSystem(computed, facts.folders, (path, text) =>
      writeKernelFile(this.cluster, place, path, text),
    );
    this.#places.set(key, { incarnation: facts.incarnation, files });
    return files;
  }

  has(place: Place, program: string): boolean {
    return this.findTool(place, program) !== undefined;
  }

  programsOf(place: Place): readonly string[] {
    const userland = this.userlandOf(place);
    const all = [...this.#tools.values()].flat();
    return [
      ...new Set(all.filter((tool) => tool.userlands.includes(userland)).map(({ name }) => name)),
    ].sort();
  }

  findTool(place: Place, given: string): Tool | undefined {
    const name = given.replace(BINARY_FOLDERS, "");
    const userland = this.userlandOf(place);
    return this.#tools.get(name)?.find((tool) => tool.userlands.includes(userland));
  }

  async exec(
    parent: Process,
    argv: readonly string[],
    options: SpawnOptions = {},
  ): Promise<number> {
    const [given = "", ...args] = argv;
    const process = this.#child(parent, given.replace(BINARY_FOLDERS, ""), args, options);
    if (this.budget.count(this.cluster.nowUs)) await this.#turn();
    const program = this.findTool(process.place, given);
    if (program) return program.run(process);
    if (given.includes("/")) return this.#runFile(process, given);
    const bash = parent.name.includes("bash");
    await process.stderr.write(`${parent.name}: ${given}: ${bash ? "command " : ""}not found\n`);
    if (isRealProgram(given, this.userlandOf(process.place)))
      await hint(process, `${given} is not modelled here`);
    return 127;
  }

  async #runFile(process: Process, path: string): Promise<number> {
    const read = process.files.read(resolvePath(process.cwd, path));
    if (read.ok && read.value.startsWith("#!")) return this.script(process, read.value);
    const why = read.ok ? "Permission denied" : read.error;
    await process.stderr.write(`${process.name === "sh" ? "sh" : "bash"}: ${path}: ${why}\n`);
    return why === "No such file or directory" ? 127 : 126;
  }

  async script(parent: Process, text: string, options: SpawnOptions = {}): Promise<number> {
    const process = this.#scriptProcess(parent, text, options);
    const parsed = parseScript(text);
    if (!parsed.ok) {
      await process.stderr.write(`${process.name}: ${parsed.error}\n`);
      return 2;
    }
    const state = newState(process.name, process.cwd, process.env);
    state.positional = parent.args.filter((_, index) => index > 1);
    const shell = new Evaluator(process, state, this.#scriptHost(process), this.newPid(), 0, text);
    return shell.runScript(parsed.script);
  }

  /** A shell that somebody else runs says where it was: `bash: line 1: …`. */
  #scriptProcess(parent: Process, text: string, options: SpawnOptions): Process {
    const child = this.#child(parent, parent.name, [], options);
    const facts = this.factsOf(child.place);
    const shell =
      /sh$/.test(parent.name) && parent.name !== "ssh"
        ? parent.name
        : "error" in facts
          ? "sh"
          : facts.shell;
    const name = shell === "bash" && !text.includes("\n") ? "bash: line 1" : shell;
    return { ...child, name };
  }

  async openShell(parent: Process, place: Place): Promise<number> {
    if (parent.terminal && parent.stdin.isTerminal)
      return parent.terminal.openShell(place, parent.name);
    return this.script(this.at(parent, place), await readAll(parent.stdin));
  }

  /** The same process at another place: its files, home, environment and shell. */
  at(parent: Process, place: Place): Process {
    const facts = this.factsOf(place);
    if ("error" in facts) throw new Error(`there is no ${formatPlace(place)}`);
    return {
      ...parent,
      name: facts.shell,
      args: [],
      place,
      files: this.filesOf(place),
      env: facts.env,
      user: facts.user,
      cwd: facts.home,
    };
  }

  /** A process that nobody started from a shell: where every terminal begins. */
  root(
    place: Place,
    terminal: TerminalPort | undefined,
    { interrupt = new Interrupt(), cluster = this.cluster }: RootOptions = {},
  ): Process {
    const base: Process = {
      name: "bash",
      args: [],
      stdin: new TextInput(),
      stdout: NOWHERE,
      stderr: NOWHERE,
      env: {},
      user: "root",
      place,
      cwd: "/",
      files: new FileSystem(),
      interrupt,
      cluster,
      system: this,
      terminal,
    };
    return this.at(base, place);
  }

  #child(parent: Process, name: string, args: readonly string[], options: SpawnOptions): Process {
    const moved =
      options.place && formatPlace(options.place) !== formatPlace(parent.place)
        ? this.at(parent, options.place)
        : parent;
    const interrupt = options.interrupt ?? parent.interrupt;
    const streams = { ...parent, ...options.streams };
    return {
      ...moved,
      name,
      args,
      place: options.place ?? parent.place,
      env: options.env ?? moved.env,
      cwd: options.cwd ?? moved.cwd,
      interrupt,
      stdin: streams.stdin,
      stdout: interruptible(streams.stdout, interrupt),
      stderr: streams.stderr,
    };
  }

  #scriptHost(process: Process): ShellHost {
    return {
      tick: () => this.budget.count(this.cluster.nowUs),
      startJob: (_, run) => {
        const interrupt = process.interrupt.child();
        void run({ ...process, interrupt }).catch(onlyInterrupted);
        return this.newPid();
      },
      jobs: NO_JOBS,
    };
  }
}

/** A job that a signal ended has nothing more to say. */
export function onlyInterrupted(error: unknown): void {
  if (!(error instanceof Interrupted)) throw error;
}

const NO_JOBS: JobControl = {
  list: () => [],
  find: () => undefined,
  wait: async () => 0,
  kill: () => undefined,
};
