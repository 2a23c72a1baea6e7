import { hint } from "../hint";
import type { Process, Program } from "../process";
import { KubeApi } from "./api";
import { KubectlFailure } from "./failure";
import { parseFlags } from "./flags";
import { helpOf, rootHelp } from "./help";
import { suggestion } from "./suggest";
import type { Kubectl, Verb } from "./verb";
import { FAMILIES, REAL_VERBS, VERBS } from "./verbs";

/** The command line of the cluster. Words and exit codes are those of v1.32. */
export const kubectl: Program = async (process) => {
  try {
    return await dispatch(process);
  } catch (error) {
    if (!(error instanceof KubectlFailure)) throw error;
    if (error.message !== "") await process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
};

async function dispatch(process: Process): Promise<number> {
  const { words, flags } = commandWords(process.args);
  const [first] = words;
  if (first === undefined || first === "help") {
    await process.stdout.write(first === undefined ? rootHelp() : helpOf(words.slice(1)));
    return 0;
  }
  const name = ALIASES[first] ?? first;
  const family = FAMILIES.includes(name);
  const found = findVerb(name, words[1]);
  if (found) return run(process, found.verb, withoutWords(process.args, found.words));
  if (family && (words[1] === undefined || flags.length > 0 || name !== "create")) {
    if (words[1] !== undefined && !/^-/.test(words[1]))
      return unknownSubcommand(process, name, words[1]);
    await process.stdout.write(helpOf([name]));
    return words[1] === undefined ? 0 : 1;
  }
  await process.stderr.write(
    `error: unknown command "${first}" for "kubectl"${suggestion(first)}\n`,
  );
  if (REAL_VERBS.includes(first)) await hint(process, `kubectl ${first} is not modelled here`);
  return 1;
}

const ALIASES: Readonly<Record<string, string>> = { ev: "events" };

async function unknownSubcommand(process: Process, name: string, given: string): Promise<number> {
  await process.stdout.write(helpOf([name]));
  await hint(process, `kubectl ${name} ${given} is not modelled here`);
  return 1;
}

/** The words that are no flags, as cobra looks for the command. */
function commandWords(args: readonly string[]): {
  readonly words: readonly string[];
  readonly flags: readonly string[];
} {
  const words: string[] = [];
  const flags: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] as string;
    if (word === "--") break;
    if (!word.startsWith("-")) words.push(word);
    else {
      flags.push(word);
      if (/^(?:-n|-s|--namespace|--context|--kubeconfig|--server)$/.test(word)) at++;
    }
  }
  return { words, flags };
}

function findVerb(
  name: string,
  second: string | undefined,
): { readonly verb: Verb; readonly words: readonly string[] } | undefined {
  const sub = second === undefined ? undefined : VERBS.get(`${name} ${second}`);
  if (sub && second !== undefined) return { verb: sub, words: [name, second] };
  const verb = VERBS.get(name);
  return verb && { verb, words: [name] };
}

/** The arguments without the words that named the command. */
function withoutWords(args: readonly string[], words: readonly string[]): readonly string[] {
  const rest = [...args];
  for (const word of words) {
    const at = rest.findIndex((one) => (ALIASES[one] ?? one) === word);
    rest.splice(at, 1);
  }
  return rest;
}

async function run(process: Process, verb: Verb, args: readonly string[]): Promise<number> {
  const flags = parseFlags(args, verb.flags, verb.name);
  if (flags.has("help")) {
    await process.stdout.write(helpOf(verb.name.split(" ")));
    return 0;
  }
  const context: Kubectl = {
    process,
    api: new KubeApi(process.cluster),
    flags,
    args: flags.args,
    namespace: flags.text("namespace") || "default",
    print: (line) => process.stdout.write(`${line}\n`),
    write: (text) => process.stdout.write(text),
    complain: (line) => process.stderr.write(`${line}\n`),
    hint: (text) => hint(process, text),
  };
  return verb.run(context);
}
