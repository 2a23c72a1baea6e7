import type {
  ArithmeticExpression,
  Case,
  CompoundCommand,
  CompoundList,
  For,
  If,
  While,
} from "unbash";
import type { Streams } from "../process";
import { EMPTY_SCRIPT, type Evaluator } from "./evaluate";
import { arithmetic, expandPattern, expandText, expandWords } from "./expand";
import { Leave } from "./leave";
import { matchesPattern } from "./patterns";
import { evaluateTest } from "./test-command";

/** Groups, conditions and loops. */
export async function runCompound(
  shell: Evaluator,
  node: CompoundCommand | CompoundList,
  streams: Streams,
): Promise<number> {
  switch (node.type) {
    case "CompoundList":
      return shell.runList(node.commands, streams);
    case "BraceGroup":
      return shell.runList(node.body.commands, streams);
    case "Subshell":
      return shell.subshell().runScript({ ...EMPTY_SCRIPT, commands: node.body.commands }, streams);
    case "If":
      return runIf(shell, node, streams);
    case "While":
      return runWhile(shell, node, streams);
    case "For":
      return runFor(shell, node, streams);
    case "ArithmeticFor": {
      const value = async (expression: ArithmeticExpression | undefined, empty: string) =>
        expression ? arithmetic(expression, shell) : empty;
      await value(node.initialize, "0");
      return loop(
        shell,
        async () => (await value(node.test, "1")) !== "0",
        async () => {
          await shell.runList(node.body.commands, streams);
        },
        async () => {
          await value(node.update, "0");
        },
      );
    }
    case "Case":
      return runCase(shell, node, streams);
    case "TestCommand":
      return (await evaluateTest(node.expression, shell)) ? 0 : 1;
    case "ArithmeticCommand":
      return node.expression && (await arithmetic(node.expression, shell)) !== "0" ? 0 : 1;
    case "Select":
      return shell.complain(streams, "select: not modelled here");
  }
}

async function runIf(shell: Evaluator, node: If, streams: Streams): Promise<number> {
  for (const branch of [node, ...node.elif])
    if (await shell.holds(branch.clause, streams))
      return shell.runList(branch.then.commands, streams);
  if (node.else) return shell.runList(node.else.commands, streams);
  shell.state.lastStatus = 0;
  return 0;
}

async function runWhile(shell: Evaluator, node: While, streams: Streams): Promise<number> {
  const wanted = node.kind === "while";
  return loop(
    shell,
    async () => (await shell.holds(node.clause, streams)) === wanted,
    async () => {
      await shell.runList(node.body.commands, streams);
    },
  );
}

async function runFor(shell: Evaluator, node: For, streams: Streams): Promise<number> {
  const words = node.wordlist
    ? await expandWords(node.wordlist, shell)
    : [...shell.state.positional];
  let index = 0;
  return loop(
    shell,
    async () => index < words.length,
    async () => {
      shell.state.variables.set(node.name.value, words[index++] ?? "");
      await shell.runList(node.body.commands, streams);
    },
  );
}

async function loop(
  shell: Evaluator,
  goesOn: () => Promise<boolean>,
  body: () => Promise<void>,
  afterwards: () => Promise<void> = async () => undefined,
): Promise<number> {
  let status = 0;
  while (await goesOn()) {
    shell.host.tick();
    shell.process.interrupt.throwIfRaised();
    try {
      await body();
    } catch (error) {
      if (!(error instanceof Leave) || (error.what !== "break" && error.what !== "continue"))
        throw error;
      if (error.value > 1) throw new Leave(error.what, error.value - 1);
      if (error.what === "break") return 0;
    }
    status = shell.state.lastStatus;
    await afterwards();
  }
  shell.state.lastStatus = status;
  return status;
}

async function runCase(shell: Evaluator, node: Case, streams: Streams): Promise<number> {
  const word = await expandText(node.word, shell);
  let fallsThrough = false;
  for (const { pattern, body, terminator } of node.items) {
    let matches = fallsThrough;
    for (const one of pattern) matches ||= matchesPattern(word, await expandPattern(one, shell));
    if (!matches) continue;
    shell.state.lastStatus = 0;
    await shell.runList(body.commands, streams);
    if (terminator !== ";&" && terminator !== ";;&") return shell.state.lastStatus;
    fallsThrough = terminator === ";&";
  }
  return shell.state.lastStatus;
}
