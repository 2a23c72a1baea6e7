import type {
  AndOr,
  CommandNode,
  CompoundCommand,
  CompoundList,
  PipelineNode,
  Script,
  Statement,
} from "unbash";
import type { FileSystem } from "../files";
import { Interrupted } from "../interrupt";
import type { Process, Streams } from "../process";
import { interruptible, Pipe, TextInput, TextOutput } from "../streams";
import { runCompound } from "./compound";
import type { Expander } from "./expand";
import { ExpansionError } from "./expansion-error";
import { Leave } from "./leave";
import { RedirectError, redirect } from "./redirect";
import type { ShellHost } from "./shell-host";
import { type ShellState, subshellState } from "./shell-state";
import { runSimpleCommand } from "./simple-command";

const MAX_DEPTH = 60;

/** Runs the tree of a script. Subshells and stages of a pipeline are copies with their own state. */
export class Evaluator implements Expander {
  /** Calls of functions under way in this shell. */
  calls = 0;
  /** Exit code of the last `$(…)`: that of a line which only assigns. */
  substituted = 0;

  constructor(
    /** The shell itself, as a process. */
    readonly process: Process,
    readonly state: ShellState,
    readonly host: ShellHost,
    readonly pid: number,
    readonly depth = 0,
    /** The source that positions in the tree count in, for the names of jobs. */
    public source = "",
  ) {}

  get files(): FileSystem {
    return this.process.files;
  }

  random(): number {
    return this.process.cluster.random(`RANDOM/${this.pid}/${this.#drawn++}`).int(0, 32_767);
  }
  #drawn = 0;

  /** Runs a whole script and answers its exit code; `exit` ends it early. */
  async runScript(script: Script, streams: Streams = this.process): Promise<number> {
    try {
      return await this.runList(script.commands, streams);
    } catch (error) {
      if (error instanceof Leave)
        return error.what === "exit" ? error.value : this.state.lastStatus;
      throw error;
    }
  }

  /** A line of a terminal: whether it left the shell. */
  async runLine(script: Script): Promise<{ readonly exited: boolean; readonly exitCode: number }> {
    try {
      return { exited: false, exitCode: await this.runList(script.commands, this.process) };
    } catch (error) {
      if (!(error instanceof Leave)) throw error;
      return error.what === "exit"
        ? { exited: true, exitCode: error.value }
        : { exited: false, exitCode: this.state.lastStatus };
    }
  }

  async runList(statements: readonly Statement[], streams: Streams): Promise<number> {
    for (const statement of statements) await this.#statement(statement, streams);
    return this.state.lastStatus;
  }

  /** A copy whose changes nobody outside sees. */
  subshell(process: Process = this.process): Evaluator {
    if (this.depth >= MAX_DEPTH) throw new ExpansionError("too many levels of subshells");
    const state = subshellState(this.state);
    return new Evaluator(process, state, this.host, this.pid, this.depth + 1, this.source);
  }

  async substitute(script: Script & { errors?: readonly unknown[] | undefined }): Promise<string> {
    if (script.errors?.length) throw new ExpansionError("syntax error in command substitution");
    const stdout = new TextOutput();
    const inner = this.subshell();
    this.substituted = await inner.runScript(script, { ...this.process, stdout });
    this.state.lastStatus = this.substituted;
    return stdout.text.replace(/\n+$/, "");
  }

  async #statement(statement: Statement, streams: Streams): Promise<void> {
    this.host.tick();
    this.process.interrupt.throwIfRaised();
    if (statement.background) {
      const text = this.source.slice(statement.pos, statement.command.end);
      this.state.lastJob = this.host.startJob(text, (process) => {
        const inner = this.subshell(process);
        const quiet = { ...streams, stdin: new TextInput() };
        return inner.runScript(
          { ...EMPTY_SCRIPT, commands: [{ ...statement, background: undefined }] },
          quiet,
        );
      });
      this.state.lastStatus = 0;
      return;
    }
    const { command } = statement;
    this.state.lastStatus =
      command.type === "AndOr"
        ? await this.#andOr(command, streams)
        : await this.#pipeline(command, streams);
    const tolerated = command.type === "AndOr" || this.#inCondition > 0;
    if (this.state.lastStatus !== 0 && this.state.options.has("errexit") && !tolerated)
      throw new Leave("exit", this.state.lastStatus);
  }

  async #andOr({ commands, operators }: AndOr, streams: Streams): Promise<number> {
    for (const [index, command] of commands.entries()) {
      const before = operators[index - 1];
      const failed = this.state.lastStatus !== 0;
      if ((before === "&&" && failed) || (before === "||" && !failed)) continue;
      this.state.lastStatus = await this.#pipeline(command, streams);
    }
    return this.state.lastStatus;
  }

  async #pipeline(node: PipelineNode, streams: Streams): Promise<number> {
    if (node.type !== "Pipeline") return this.runCommand(node, streams);
    const startedAtUs = this.process.cluster.nowUs;
    const status =
      node.commands.length === 1
        ? await this.runCommand(node.commands[0] as CommandNode, streams)
        : await this.#stages(node.commands, node.operators, streams);
    if (node.prefixes.some(({ type }) => type === "Time"))
      await streams.stderr.write(timeReport(this.process.cluster.nowUs - startedAtUs));
    const negations = node.prefixes.filter(({ type }) => type === "Negation").length;
    return negations % 2 === 0 ? status : Number(status === 0);
  }

  async #stages(
    commands: readonly CommandNode[],
    operators: readonly string[],
    streams: Streams,
  ): Promise<number> {
    const pipes = operators.map(() => new Pipe());
    const stages = commands.map(async (command, index) => {
      const input = pipes[index - 1];
      const output = pipes[index];
      const interrupt = this.process.interrupt.child();
      const stdout = interruptible(output ?? streams.stdout, interrupt);
      const stderr = operators[index] === "|&" ? stdout : streams.stderr;
      const stage = { ...streams, stdin: input ?? streams.stdin, stdout, stderr };
      try {
        return await this.subshell({ ...this.process, interrupt }).runStage(command, stage);
      } finally {
        output?.end();
        input?.close();
      }
    });
    const results = await Promise.allSettled(stages);
    const codes = results.map((result) => {
      if (result.status === "fulfilled") return result.value;
      throw result.reason;
    });
    const last = codes.at(-1) ?? 0;
    const failed = codes.filter((code) => code !== 0).at(-1) ?? 0;
    return this.state.options.has("pipefail") ? failed : last;
  }

  /** One stage of a pipeline: what would leave the shell only ends the stage. */
  async runStage(command: CommandNode, streams: Streams): Promise<number> {
    try {
      return await this.runCommand(command, streams);
    } catch (error) {
      if (error instanceof Leave) return error.what === "exit" ? error.value : 0;
      if (error instanceof Interrupted && error.signal === "SIGPIPE") return error.exitCode;
      throw error;
    }
  }

  /** Errors of expansion and redirection end the command, not the shell. */
  async runCommand(node: CommandNode, streams: Streams): Promise<number> {
    try {
      return await this.#command(node, streams);
    } catch (error) {
      if (!(error instanceof ExpansionError || error instanceof RedirectError)) throw error;
      return this.complain(streams, error.message);
    }
  }

  async complain(streams: Streams, message: string, exitCode = 1): Promise<number> {
    await streams.stderr.write(`${this.process.name}: ${message}\n`);
    return exitCode;
  }

  async #command(node: CommandNode, streams: Streams): Promise<number> {
    switch (node.type) {
      case "Command":
        return runSimpleCommand(this, node, streams);
      case "Function":
        this.state.functions.set(node.name.value, node.body);
        return 0;
      case "Redirected":
        return this.compound(node.command, await redirect(node.redirects, streams, this));
      case "Coproc":
        return this.complain(streams, "coproc: not modelled here");
      default:
        return this.compound(node, streams);
    }
  }

  compound(node: CompoundCommand | CompoundList, streams: Streams): Promise<number> {
    return runCompound(this, node, streams);
  }

  #inCondition = 0;

  /** Runs the commands of a condition: their failure is an answer. */
  async holds(list: CompoundList, streams: Streams): Promise<boolean> {
    this.#inCondition++;
    try {
      return (await this.runList(list.commands, streams)) === 0;
    } finally {
      this.#inCondition--;
    }
  }
}

export const EMPTY_SCRIPT = { type: "Script", pos: 0, end: 0, shebang: undefined } as const;

/** What `time` prints. Nothing here uses a processor. */
function timeReport(us: number): string {
  const seconds = us / 1_000_000;
  const minutes = Math.floor(seconds / 60);
  return `\nreal\t${minutes}m${(seconds - minutes * 60).toFixed(3)}s\nuser\t0m0.000s\nsys\t0m0.000s\n`;
}
