import type { Builtin, Builtins } from "./builtins";

const alias: Builtin = async (shell, args, streams) => {
  const { aliases } = shell.state;
  const show = (name: string, text: string) =>
    streams.stdout.write(`alias ${name}='${text.replaceAll("'", "'\\''")}'\n`);
  if (args.length === 0) for (const [name, text] of [...aliases].sort()) await show(name, text);
  let status = 0;
  for (const argument of args) {
    const equals = argument.indexOf("=");
    const text = aliases.get(argument);
    if (equals > 0) aliases.set(argument.slice(0, equals), argument.slice(equals + 1));
    else if (text !== undefined) await show(argument, text);
    else status = await shell.complain(streams, `alias: ${argument}: not found`);
  }
  return status;
};

/** What a name stands for: `type`, `command -v`. */
const type: Builtin = async (shell, args, streams) => {
  let status = 0;
  for (const name of args.filter((arg) => !arg.startsWith("-"))) {
    const found = kindOf(shell, name);
    if (!found) status = await shell.complain(streams, `type: ${name}: not found`);
    else await streams.stdout.write(`${name} is ${found}\n`);
  }
  return status;
};

function kindOf(shell: Parameters<Builtin>[0], name: string): string | undefined {
  const text = shell.state.aliases.get(name);
  if (text !== undefined) return `aliased to \`${text}'`;
  if (shell.state.functions.has(name)) return "a function";
  if (BUILTIN_NAMES.includes(name)) return "a shell builtin";
  return shell.process.system.has(shell.process.place, name) ? `/usr/bin/${name}` : undefined;
}

const BUILTIN_NAMES =
  ": . [ alias bg break cd command continue declare echo eval exec exit export false fg jobs kill local logout printf pwd read readonly return set shift source test trap true type typeset umask unalias unset wait".split(
    " ",
  );

const command: Builtin = async (shell, args, streams) => {
  const [flag, ...names] = args;
  if (flag === "-v" || flag === "-V") {
    const name = names[0] ?? "";
    const found = kindOf(shell, name);
    if (!found) return 1;
    await streams.stdout.write(`${found.startsWith("/") ? found : name}\n`);
    return 0;
  }
  const env = shell.state.variables.exported();
  return shell.process.system.exec(shell.process, args, { streams, env, cwd: shell.state.cwd });
};

export const LOOKUP: Builtins = {
  alias,
  unalias: async (shell, args, streams) => {
    if (args.includes("-a")) shell.state.aliases.clear();
    for (const name of args)
      if (!name.startsWith("-") && !shell.state.aliases.delete(name))
        return shell.complain(streams, `unalias: ${name}: not found`);
    return 0;
  },
  type,
  command,
};
