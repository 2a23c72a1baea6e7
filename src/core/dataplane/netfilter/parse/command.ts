import { RuleError } from "./rule-error";

/** What a line does to its table. Chain lines (`:NAME`) are not commands. */
export type CommandName =
  | "append"
  | "insert"
  | "replace"
  | "delete"
  | "flush"
  | "new-chain"
  | "delete-chain"
  | "policy"
  | "zero";

export interface CommandLine {
  readonly name: CommandName;
  /** Absent: every chain. */
  readonly chain?: string;
  /** Of a rule, from 1. */
  readonly position?: number;
  /** Of `-P`. */
  readonly policy?: string;
  /** What is left: the rule's own words. */
  readonly rest: readonly string[];
}

interface CommandSpec {
  readonly name: CommandName;
  readonly short: string;
  readonly chain: "required" | "optional";
  readonly position?: "required" | "optional";
  readonly hasRule?: boolean;
}

const COMMANDS: readonly CommandSpec[] = [
  { name: "append", short: "-A", chain: "required", hasRule: true },
  { name: "insert", short: "-I", chain: "required", position: "optional", hasRule: true },
  { name: "replace", short: "-R", chain: "required", position: "required", hasRule: true },
  { name: "delete", short: "-D", chain: "required", position: "optional", hasRule: true },
  { name: "flush", short: "-F", chain: "optional" },
  { name: "new-chain", short: "-N", chain: "required" },
  { name: "delete-chain", short: "-X", chain: "optional" },
  { name: "policy", short: "-P", chain: "required" },
  { name: "zero", short: "-Z", chain: "optional" },
];

/** Reads `-A CHAIN`, `--insert CHAIN 3` … off the front of a line. */
export function parseCommand(words: readonly string[]): CommandLine {
  const [first = "", ...rest] = words;
  const spec = COMMANDS.find(({ name, short }) => first === short || first === `--${name}`);
  if (!spec) throw new RuleError(notACommand(first));
  const [chain, ...afterChain] = rest;
  const hasChain = chain !== undefined && !chain.startsWith("-");
  if (!hasChain && spec.chain === "required")
    throw new RuleError(`option "${first}" requires an argument`);
  const named = { name: spec.name, ...(hasChain && { chain }) };
  const left = hasChain ? afterChain : rest;
  if (spec.name === "policy") {
    const [policy, ...more] = left;
    if (policy === undefined) throw new RuleError("-P requires a chain and a policy");
    return { ...named, policy, rest: nothing(more) };
  }
  const [number] = left;
  if (spec.position && number !== undefined && /^\d+$/.test(number)) {
    const position = Number(number);
    if (position < 1 || position > 0x7fffffff)
      throw new RuleError(`Invalid rule number \`${number}'`);
    return { ...named, position, rest: left.slice(1) };
  }
  if (spec.position === "required") throw new RuleError(`-R requires a rule number`);
  return { ...named, rest: spec.hasRule ? left : nothing(left) };
}

function nothing(words: readonly string[]): readonly string[] {
  if (words[0] !== undefined) throw new RuleError(`Bad argument \`${words[0]}'`);
  return words;
}

function notACommand(word: string): string {
  if (!word.startsWith("-")) return `Bad argument \`${word}'`;
  return /^(-[LSECtw]|--(list|list-rules|rename-chain|check|table|wait))$/.test(word)
    ? `${word} cannot be used in iptables-restore`
    : `unknown option "${word}"`;
}
