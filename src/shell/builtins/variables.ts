import type { Evaluator } from "../language/evaluate";
import type { ShellOption } from "../language/shell-state";
import type { Streams } from "../process";
import type { Builtin, Builtins } from "./builtins";

const NAME = /^[A-Za-z_]\w*$/;

/** `export A=1 B`, and its like: what is done with each name. */
const declaring =
  (change: (shell: Evaluator, name: string) => void): Builtin =>
  async (shell, args, streams, builtin) => {
    let status = 0;
    for (const argument of args) {
      if (argument.startsWith("-")) continue;
      const equals = argument.indexOf("=");
      const name = equals < 0 ? argument : argument.slice(0, equals);
      if (!NAME.test(name)) {
        await shell.complain(streams, `${builtin}: \`${argument}': not a valid identifier`);
        status = 1;
        continue;
      }
      if (equals >= 0 && !shell.state.variables.set(name, argument.slice(equals + 1)))
        return shell.complain(streams, `${name}: readonly variable`);
      change(shell, name);
    }
    return status;
  };

const declareVariables = declaring(() => undefined);
const exportVariables = declaring((shell, name) => shell.state.variables.export(name));

const exportBuiltin: Builtin = async (shell, args, streams, name) => {
  const flags = args.filter((arg) => arg.startsWith("-"));
  if (args.length > flags.length) {
    if (!flags.includes("-n")) return exportVariables(shell, args, streams, name);
    for (const one of args) shell.state.variables.export(one, false);
    return 0;
  }
  const pairs = Object.entries(shell.state.variables.exported()).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  for (const [key, value] of pairs) await streams.stdout.write(`declare -x ${key}="${value}"\n`);
  return 0;
};

const OPTION_LETTERS: Readonly<Record<string, ShellOption>> = {
  e: "errexit",
  u: "nounset",
  x: "xtrace",
};
const OPTIONS: readonly ShellOption[] = ["errexit", "nounset", "xtrace", "pipefail"];

const set: Builtin = async (shell, args, streams) => {
  const { options, variables } = shell.state;
  if (args.length === 0) {
    for (const name of variables.names())
      await streams.stdout.write(`${name}=${variables.get(name)}\n`);
    return 0;
  }
  const switchTo = (option: ShellOption, on: boolean) =>
    on ? options.add(option) : options.delete(option);
  for (const [index, argument] of args.entries()) {
    const on = argument.startsWith("-");
    if (argument === "--") {
      shell.state.positional = args.slice(index + 1);
      return 0;
    }
    if (!on && !argument.startsWith("+")) {
      if (args[index - 1]?.endsWith("o")) continue;
      shell.state.positional = args.slice(index);
      return 0;
    }
    for (const letter of argument.slice(1)) {
      const named = OPTIONS.find((option) => option === args[index + 1]);
      const option = letter === "o" ? named : OPTION_LETTERS[letter];
      if (!option) return invalidOption(shell, streams, argument);
      switchTo(option, on);
    }
  }
  return 0;
};

async function invalidOption(shell: Evaluator, streams: Streams, option: string): Promise<number> {
  return shell.complain(streams, `set: ${option}: invalid option`, 2);
}

const read: Builtin = async (shell, args, streams) => {
  const raw = args.includes("-r");
  const prompt = args.indexOf("-p");
  if (prompt >= 0 && streams.stdin.isTerminal) await streams.stderr.write(args[prompt + 1] ?? "");
  const names = args.filter(
    (arg, index) => !arg.startsWith("-") && (prompt < 0 || index !== prompt + 1),
  );
  const line = await streams.stdin.readLine();
  const text = raw ? (line ?? "") : (line ?? "").replace(/\\(.)/g, "$1");
  const targets = names.length > 0 ? names : ["REPLY"];
  let rest = text.trim();
  for (const [index, name] of targets.entries()) {
    const last = index === targets.length - 1;
    const end = last ? -1 : rest.search(/\s/);
    shell.state.variables.set(name, end < 0 ? rest : rest.slice(0, end));
    rest = end < 0 ? "" : rest.slice(end).trimStart();
  }
  return line === undefined ? 1 : 0;
};

export const VARIABLES: Builtins = {
  export: exportBuiltin,
  declare: declareVariables,
  typeset: declareVariables,
  // Simplified: a function's local variables live on after it.
  local: declareVariables,
  readonly: declaring((shell, name) => shell.state.variables.lock(name)),
  unset: async (shell, args, streams) => {
    for (const name of args) {
      if (name.startsWith("-")) continue;
      shell.state.functions.delete(name);
      if (!shell.state.variables.unset(name))
        return shell.complain(streams, `unset: ${name}: cannot unset: readonly variable`);
    }
    return 0;
  },
  set,
  shift: async (shell, [count = "1"]) => {
    if (Number(count) > shell.state.positional.length) return 1;
    shell.state.positional = shell.state.positional.slice(Number(count));
    return 0;
  },
  read,
};
