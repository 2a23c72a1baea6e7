import { resolvePath } from "../files";
import type { Evaluator } from "../language/evaluate";
import { Leave } from "../language/leave";
import { parseScript } from "../language/parse";
import type { Streams } from "../process";
import type { Builtin, Builtins } from "./builtins";

const leaveLoop =
  (what: "break" | "continue"): Builtin =>
  async (_, [levels = "1"]) => {
    throw new Leave(what, Number(levels) || 1);
  };

const leaveWith =
  (what: "return" | "exit"): Builtin =>
  async (shell, [code], streams) => {
    if (code === undefined) throw new Leave(what, shell.state.lastStatus);
    if (!/^-?\d+$/.test(code)) {
      await shell.complain(streams, `${what}: ${code}: numeric argument required`);
      throw new Leave(what, 2);
    }
    throw new Leave(what, Number(code) & 255);
  };

/** Runs a text in this very shell. */
async function runHere(shell: Evaluator, text: string, streams: Streams): Promise<number> {
  const parsed = parseScript(text);
  if (!parsed.ok) return shell.complain(streams, parsed.error, 2);
  const before = shell.source;
  shell.source = text;
  try {
    return await shell.runList(parsed.script.commands, streams);
  } finally {
    shell.source = before;
  }
}

const source: Builtin = async (shell, [path, ...args], streams, name) => {
  if (path === undefined) return shell.complain(streams, `${name}: filename argument required`, 2);
  const read = shell.files.read(resolvePath(shell.state.cwd, path));
  if (!read.ok) return shell.complain(streams, `${path}: ${read.error}`);
  const before = shell.state.positional;
  if (args.length > 0) shell.state.positional = args;
  try {
    return await runHere(shell, read.value, streams);
  } catch (error) {
    if (error instanceof Leave && error.what === "return") return error.value;
    throw error;
  } finally {
    shell.state.positional = before;
  }
};

const cd: Builtin = async (shell, [given], streams) => {
  const { state, files } = shell;
  const home = state.variables.get("HOME") ?? "/";
  const target = given === "-" ? (state.variables.get("OLDPWD") ?? state.cwd) : (given ?? home);
  const path = resolvePath(state.cwd, target);
  if (!files.isFolder(path)) {
    const why = files.exists(path) ? "Not a directory" : "No such file or directory";
    return shell.complain(streams, `cd: ${given}: ${why}`);
  }
  state.variables.set("OLDPWD", state.cwd);
  state.cwd = path;
  if (given === "-") await streams.stdout.write(`${path}\n`);
  return 0;
};

export const CONTROL: Builtins = {
  ":": async () => 0,
  true: async () => 0,
  false: async () => 1,
  break: leaveLoop("break"),
  continue: leaveLoop("continue"),
  return: leaveWith("return"),
  exit: leaveWith("exit"),
  logout: leaveWith("exit"),
  eval: (shell, args, streams) => runHere(shell, args.join(" "), streams),
  source,
  ".": source,
  exec: async (shell, args, streams) => {
    if (args.length === 0) return 0;
    const env = shell.state.variables.exported();
    const options = { streams, env, cwd: shell.state.cwd };
    throw new Leave("exit", await shell.process.system.exec(shell.process, args, options));
  },
  cd,
  pwd: async (shell, _, streams) => {
    await streams.stdout.write(`${shell.state.cwd}\n`);
    return 0;
  },
  umask: async (_, __, streams) => {
    await streams.stdout.write("0022\n");
    return 0;
  },
  trap: async () => 0,
};
