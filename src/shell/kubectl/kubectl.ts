import { hint } from "../hint";
import type { Process, Program } from "../process";
import { KubeApi } from "./api";
import { KubectlFailure, usageFailure } from "./failure";
import { type Flags, parseFlags } from "./flags";
import { helpOf, rootHelp } from "./help";
import { readNamespace } from "./kubeconfig";
import { oldFlagHint, oldVerbHint } from "./since-2017";
import { suggestion } from "./suggest";
import type { Kubectl, Verb } from "./verb";
import { FAMILIES, REAL_CREATES, REAL_MEMBERS, REAL_VERBS, VERBS } from "./verbs";

/** The command line of the cluster. Words and exit codes are those of v1.32. */
export const kubectl: Program = async (process) => {
  try {
    return await dispatch(process);
  } catch (error) {
    if (!(error instanceof KubectlFailure)) throw error;
    if (error.output !== "") await process.stdout.write(error.output);
    if (error.message !== "") await process.stderr.write(`${error.message}\n`);
    return error.exitCode;
  }
};

async function dispatch(process: Process): Promise<number> {
  const { words, places } = commandWords(process.args);
  const [first] = words;
  if (first === undefined || first === "help") {
    await process.stdout.write(first === undefined ? rootHelp() : helpOf(words.slice(1)));
    return 0;
  }
  if (first === "create" && REAL_CREATES.includes(words[1] ?? "")) {
    await hint(process, `kubectl create ${words[1]} is not modelled here`);
    return 1;
  }
  const found = findVerb(words);
  if (found) {
    const named = new Set(places.slice(0, found.count));
    const args = process.args.filter((_, index) => !named.has(index));
    return run(process, found.verb, args);
  }
  const family = FAMILIES.find((one) => one === canonical(words.slice(0, one.split(" ").length)));
  if (family !== undefined) {
    const given = words[family.split(" ").length];
    if (given === undefined) {
      await process.stderr.write(helpOf(family.split(" ")));
      return 1;
    }
    if (isReal(family, given)) {
      await hint(process, `kubectl ${family} ${given} is not modelled here`);
      return 1;
    }
    throw usageFailure(`unknown command "${given}"`, family);
  }
  if (Object.hasOwn(REAL_VERBS, first)) {
    await hint(process, `kubectl ${first} is not modelled here${REAL_VERBS[first]}`);
    return 1;
  }
  const near = suggestion(first);
  await process.stderr.write(`error: unknown command "${first}" for "kubectl"${near}\n`);
  const old = oldVerbHint(first);
  if (old !== undefined) await hint(process, old);
  return 1;
}

function isReal(family: string, word: string): boolean {
  return (REAL_MEMBERS[family] ?? []).includes(word);
}

const ALIASES: Readonly<Record<string, string>> = {
  deploy: "deployment",
  ing: "ingress",
  ns: "namespace",
  sa: "serviceaccount",
  svc: "service",
};

/** `create svc` is `create service`. */
function canonical(words: readonly string[]): string {
  return words.map((word, index) => (index > 0 ? (ALIASES[word] ?? word) : word)).join(" ");
}

/** The words that are no flags, as cobra looks for the command, and where they stand. */
function commandWords(args: readonly string[]): {
  readonly words: readonly string[];
  readonly places: readonly number[];
} {
  const words: string[] = [];
  const places: number[] = [];
  for (let at = 0; at < args.length; at++) {
    const word = args[at] as string;
    if (word === "--") break;
    if (/^(?:-n|-s|--namespace|--context|--kubeconfig|--server)$/.test(word)) at++;
    else if (!word.startsWith("-")) {
      words.push(word);
      places.push(at);
    }
  }
  return { words, places };
}

/** The longest name that the words begin with. */
function findVerb(
  words: readonly string[],
): { readonly verb: Verb; readonly count: number } | undefined {
  for (let count = Math.min(3, words.length); count > 0; count--) {
    const verb = VERBS.get(canonical(words.slice(0, count)));
    const inFamily = count === 1 && FAMILIES.includes(canonical(words.slice(0, 2)));
    if (verb && !inFamily) return { verb, count };
  }
  return undefined;
}

async function parsedFlags(process: Process, verb: Verb, args: readonly string[]): Promise<Flags> {
  try {
    return parseFlags(args, verb.flags, verb.name);
  } catch (error) {
    if (!(error instanceof KubectlFailure)) throw error;
    const old = oldFlagHint(verb.name, error.message, args);
    if (old === undefined) throw error;
    await process.stderr.write(`${error.message}\n`);
    await hint(process, old);
    throw new KubectlFailure("", error.exitCode);
  }
}

/** What the context says. */
function currentNamespace({ files, env }: Process): string {
  return readNamespace(files, env.HOME ?? "/") ?? "default";
}

async function run(process: Process, verb: Verb, args: readonly string[]): Promise<number> {
  const flags = await parsedFlags(process, verb, args);
  if (flags.has("record")) {
    const words = "Flag --record has been deprecated, --record will be removed in the future";
    await process.stderr.write(`${words}\n`);
  }
  if (flags.has("help")) {
    await process.stdout.write(helpOf(verb.name.split(" ")));
    return 0;
  }
  const context: Kubectl = {
    process,
    api: new KubeApi(process.cluster),
    flags,
    args: flags.args,
    namespace: flags.text("namespace") || currentNamespace(process),
    print: (line) => process.stdout.write(`${line}\n`),
    write: (text) => process.stdout.write(text),
    complain: (line) => process.stderr.write(`${line}\n`),
    hint: (text) => hint(process, text),
  };
  const status = await verb.run(context);
  if (flags.has("record") && flags.on("record")) recordCause(context, verb);
  return status;
}

/** `--record`: the command becomes the cause of the change, which `rollout history` shows.
 *  Simplified: the annotation is a change of its own, at the same moment. */
function recordCause({ api, args, flags }: Kubectl, { name }: Verb): void {
  const cause = ["kubectl", name, ...args, ...flags.words].join(" ");
  const patch = { metadata: { annotations: { "kubernetes.io/change-cause": cause } } };
  for (const key of api.written)
    if (api.cluster.world.store.findByKey(key)) api.execute({ type: "patch", key, patch });
}
