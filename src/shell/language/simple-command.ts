import { type Assignment, type Command, parse, type Word } from "unbash";
import { BUILTINS } from "../builtins/builtins";
import type { Streams } from "../process";
import type { Evaluator } from "./evaluate";
import { expandText, expandWords } from "./expand";
import { Leave } from "./leave";
import { redirect } from "./redirect";

const MAX_CALLS = 200;

/** `A=1 name args > file`: a function, a builtin or a program. */
export async function runSimpleCommand(
  shell: Evaluator,
  node: Command,
  streams: Streams,
): Promise<number> {
  shell.substituted = 0;
  const argv = await wordsOf(shell, node);
  const assignments: [string, string][] = [];
  for (const part of node.prefix)
    if (part.type === "Assignment") assignments.push(await assignmentOf(shell, part));
  const own = await redirect(node.redirects, streams, shell);
  const [name, ...args] = argv;
  if (name === undefined) return assign(shell, assignments, own);
  if (shell.state.options.has("xtrace")) await own.stderr.write(`+ ${argv.join(" ")}\n`);
  const body = shell.state.functions.get(name);
  if (body) return withAssignments(shell, assignments, () => callFunction(shell, body, args, own));
  const builtin = Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;
  if (builtin) return withAssignments(shell, assignments, () => builtin(shell, args, own, name));
  const env = { ...shell.state.variables.exported(), ...Object.fromEntries(assignments) };
  return shell.process.system.exec(shell.process, argv, {
    streams: own,
    env,
    cwd: shell.state.cwd,
  });
}

async function wordsOf(shell: Evaluator, node: Command): Promise<string[]> {
  const argv: string[] = [];
  const words: (Word | Assignment)[] = [...(node.name ? [node.name] : []), ...node.args];
  const alias = aliasOf(shell, node.name);
  if (alias) words.splice(0, 1, ...alias);
  for (const word of words) {
    if (word.type === "Word") argv.push(...(await expandWords([word], shell)));
    else argv.push((await assignmentOf(shell, word)).join("="));
  }
  return argv;
}

/** `alias k=kubectl`: the words that an unquoted name stands for. */
function aliasOf(shell: Evaluator, name: Word | undefined): readonly Word[] | undefined {
  const text = name && shell.state.aliases.get(name.text);
  if (text === undefined) return undefined;
  const command = parse(text).commands[0]?.command;
  if (command?.type !== "Command" || !command.name) return [];
  return [command.name, ...command.args.filter((one): one is Word => one.type === "Word")];
}

async function assignmentOf(
  shell: Evaluator,
  { name, value, append }: Assignment,
): Promise<[string, string]> {
  const text =
    value.type === "Word"
      ? await expandText(value, shell)
      : (await expandWords(value.elements, shell)).join(" ");
  return [name, append ? (shell.state.variables.get(name) ?? "") + text : text];
}

async function assign(
  shell: Evaluator,
  assignments: readonly [string, string][],
  streams: Streams,
): Promise<number> {
  for (const [name, value] of assignments)
    if (!shell.state.variables.set(name, value))
      return shell.complain(streams, `${name}: readonly variable`);
  return shell.substituted;
}

/** Functions and builtins see the assignments before them, and nobody after. */
async function withAssignments(
  shell: Evaluator,
  assignments: readonly [string, string][],
  run: () => Promise<number>,
): Promise<number> {
  const { variables } = shell.state;
  const before = assignments.map(([name]) => [name, variables.get(name)] as const);
  for (const [name, value] of assignments) variables.set(name, value, true);
  try {
    return await run();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) variables.unset(name);
      else variables.set(name, value);
    }
  }
}

async function callFunction(
  shell: Evaluator,
  body:
    | Parameters<Evaluator["compound"]>[0]
    | Extract<Parameters<Evaluator["runCommand"]>[0], { type: "Redirected" }>,
  args: readonly string[],
  streams: Streams,
): Promise<number> {
  if (shell.calls >= MAX_CALLS)
    return shell.complain(streams, "maximum function nesting level exceeded");
  const before = shell.state.positional;
  shell.state.positional = args;
  shell.calls++;
  try {
    return body.type === "Redirected"
      ? await shell.runCommand(body, streams)
      : await shell.compound(body, streams);
  } catch (error) {
    if (error instanceof Leave && error.what === "return") return error.value;
    throw error;
  } finally {
    shell.calls--;
    shell.state.positional = before;
  }
}
