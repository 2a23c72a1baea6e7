import { EndlessLine } from "./budget";
import { BUILTINS } from "./builtins/builtins";
import type { ClusterPort } from "./cluster-port";
import { type Completion, completeLine } from "./completion";
import { Interrupt, Interrupted } from "./interrupt";
import { JobTable } from "./job-table";
import { Evaluator } from "./language/evaluate";
import { parseScript } from "./language/parse";
import { newState, type ShellState } from "./language/shell-state";
import type { Place } from "./place";
import type { Process, TerminalPort } from "./process";
import { type Output, Pipe } from "./streams";
import type { ShellSystem } from "./system";

export interface TerminalOptions {
  readonly place: Place;
  readonly interactive: boolean;
  readonly columns?: number;
  /** How its programs reach the simulation; the system's own way where there is none. */
  readonly cluster?: ClusterPort;
  onOutput(stream: "stdout" | "stderr", text: string): void;
  editText?: TerminalPort["editText"];
}

interface Frame {
  readonly place: Place;
  readonly process: Process;
  readonly state: ShellState;
  readonly jobs: JobTable;
  readonly pid: number;
  /** What Ctrl-C reaches; undefined while the shell waits for a line. */
  running: { readonly interrupt: Interrupt; readonly keyboard: Pipe } | undefined;
  readonly close: (exitCode: number) => void;
}

/** One terminal: a stack of shells, of which the last opened takes the lines. */
export class Terminal {
  readonly #system: ShellSystem;
  readonly #options: TerminalOptions;
  readonly #frames: Frame[] = [];
  readonly #port: TerminalPort;
  #whenIdle: (() => void)[] = [];
  #exitCode: number | undefined;
  #unread = "";
  /** What a program threw that is no signal. */
  #bug: { readonly error: unknown } | undefined;

  constructor(system: ShellSystem, options: TerminalOptions) {
    this.#system = system;
    this.#options = options;
    this.#port = {
      columns: options.columns ?? 80,
      interactive: options.interactive,
      openShell: (place, name) => this.#open(place, name),
      ...(options.editText && { editText: options.editText }),
    };
    void this.#open(options.place).then((exitCode) => {
      this.#exitCode = exitCode;
    });
  }

  /** Where the next line runs. */
  get place(): Place {
    return this.#top.place;
  }

  /** `$?` */
  get lastStatus(): number {
    return this.#exitCode ?? this.#top.state.lastStatus;
  }

  /** The last shell was left. */
  get closed(): boolean {
    return this.#frames.length === 0;
  }

  get cwd(): string {
    return this.#top.state.cwd;
  }

  /** As the shells there write it: `root@node-1:~# `, `/ # `. */
  get prompt(): string {
    const { place, state } = this.#top;
    const facts = this.#system.factsOf(place);
    const user = "error" in facts ? "root" : facts.user;
    const sign = user === "root" ? "#" : "$";
    if ("error" in facts || facts.shell === "sh") return `${state.cwd} ${sign} `;
    const folder =
      state.cwd === facts.home || state.cwd.startsWith(`${facts.home}/`)
        ? `~${state.cwd.slice(facts.home.length)}`
        : state.cwd;
    return `${user}@${facts.hostname}:${folder}${sign} `;
  }

  /** Runs a line, or several that belong together. Resolves when the terminal waits for the next one: the line has
   *  ended, or opened another shell. */
  async run(text: string): Promise<number> {
    if (this.closed) return this.lastStatus;
    if (this.#top.running) throw new Error("a line is running already");
    const idle = new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    this.#runIn(this.#top, text).catch((error: unknown) => {
      this.#bug = { error };
      this.#becomeIdle(true);
    });
    await idle;
    if (this.#bug) throw this.#bug.error;
    return this.lastStatus;
  }

  /** What Tab offers at the cursor. */
  complete(text: string, cursor: number): Completion {
    const { place, process, state } = this.#top;
    const system = this.#system;
    const commands = [
      ...Object.keys(BUILTINS),
      ...state.aliases.keys(),
      ...state.functions.keys(),
      ...system.programsOf(place),
    ];
    const completerOf = (command: string) => {
      const alias = state.aliases.get(command)?.split(/\s+/)[0];
      return system.findTool(place, alias ?? command)?.complete;
    };
    const { files, cluster } = process;
    const names = { commands, completerOf };
    return completeLine(text, cursor, names, { place, files, cwd: state.cwd, cluster });
  }

  /** Ctrl-C. */
  interrupt(): void {
    this.#frames.at(-1)?.running?.interrupt.raise("SIGINT");
  }

  /** What is typed while a program runs. Whether one does. */
  type(text: string): boolean {
    const running = this.#frames.at(-1)?.running;
    void running?.keyboard.write(text);
    return running !== undefined;
  }

  /** What was typed ahead: no program has read it, so that it is for the shell. */
  takeUnread(): string {
    const text = this.#unread;
    this.#unread = "";
    return text;
  }

  /** Ctrl-D while a program runs. */
  endInput(): void {
    this.#frames.at(-1)?.running?.keyboard.end();
  }

  /** Hangs up: every shell and job ends. */
  close(): void {
    for (const frame of [...this.#frames].reverse()) {
      frame.jobs.hangUp();
      frame.running?.interrupt.raise("SIGHUP");
    }
  }

  get #top(): Frame {
    const top = this.#frames.at(-1);
    if (!top) throw new Error("the terminal is closed");
    return top;
  }

  #open(place: Place, name?: string): Promise<number> {
    return new Promise((resolve) => {
      const root = this.#system.root(
        place,
        this.#port,
        this.#options.cluster && { cluster: this.#options.cluster },
      );
      const shellName = name !== undefined && /^(?:ba|a|da)?sh$/.test(name) ? name : root.name;
      const process = {
        ...root,
        name: shellName,
        stdout: this.#output("stdout"),
        stderr: this.#output("stderr"),
      };
      const frame: Frame = {
        place,
        process,
        state: newState(shellName, process.cwd, process.env),
        jobs: new JobTable(),
        pid: this.#system.newPid(),
        running: undefined,
        close: resolve,
      };
      this.#frames.push(frame);
      this.#becomeIdle();
    });
  }

  #output(stream: "stdout" | "stderr"): Output {
    return {
      isTerminal: true,
      write: async (text) => this.#options.onOutput(stream, text),
    };
  }

  async #runIn(frame: Frame, text: string): Promise<void> {
    this.#system.budget.reset();
    const interrupt = new Interrupt();
    const keyboard = new Pipe(true);
    if (!this.#options.interactive) keyboard.end();
    frame.running = { interrupt, keyboard };
    const process = { ...frame.process, stdin: keyboard, interrupt };
    const left = await this.#evaluate(frame, process, text);
    frame.running = undefined;
    this.#unread += keyboard.takeUnread();
    await this.#reportJobs(frame);
    if (left !== undefined) this.#leave(frame, left);
    this.#becomeIdle();
  }

  /** The exit code where the shell was left. */
  async #evaluate(frame: Frame, process: Process, text: string): Promise<number | undefined> {
    const { state } = frame;
    const parsed = parseScript(text);
    if (!parsed.ok) {
      await process.stderr.write(`${process.name}: ${parsed.error}\n`);
      state.lastStatus = 2;
      return undefined;
    }
    let left: number | undefined;
    const host = {
      tick: () => {
        this.#system.budget.count(this.#system.cluster.nowUs);
      },
      startJob: (command: string, run: (process: Process) => Promise<number>) =>
        this.#startJob(frame, process, command, run),
      jobs: frame.jobs,
    };
    const shell = new Evaluator(process, state, host, frame.pid, 0, text);
    try {
      const ended = await shell.runLine(parsed.script);
      if (ended.exited) left = ended.exitCode;
      state.lastStatus = ended.exitCode;
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error;
      if (error instanceof EndlessLine) await process.stderr.write(`# kubehop: ${error.message}\n`);
      state.lastStatus = error.exitCode;
    }
    return left;
  }

  #startJob(
    frame: Frame,
    process: Process,
    text: string,
    run: (process: Process) => Promise<number>,
  ): number {
    const pid = this.#system.newPid();
    const job = frame.jobs.start(text, pid, (interrupt) => run({ ...process, interrupt }));
    if (this.#options.interactive) this.#options.onOutput("stderr", `[${job.id}] ${pid}\n`);
    return pid;
  }

  async #reportJobs(frame: Frame): Promise<void> {
    for (const job of frame.jobs.takeDone()) {
      if (!this.#options.interactive) continue;
      const state = job.exitCode === 0 ? "Done" : `Exit ${job.exitCode}`;
      await frame.process.stderr.write(`[${job.id}]+  ${state.padEnd(24)}${job.text}\n`);
    }
  }

  #leave(frame: Frame, exitCode: number): void {
    frame.jobs.hangUp();
    if (this.#frames.at(-1) === frame) this.#frames.pop();
    if (this.closed) this.#exitCode = exitCode;
    frame.close(exitCode);
  }

  #becomeIdle(always = false): void {
    const top = this.#frames.at(-1);
    if (top?.running && !always) return;
    const waiting = this.#whenIdle;
    this.#whenIdle = [];
    for (const resolve of waiting) resolve();
  }
}
