import type { Function as FunctionNode } from "unbash";
import { Variables } from "./variables";

/** What one shell knows: a subshell gets a copy. */
export interface ShellState {
  readonly variables: Variables;
  readonly functions: Map<string, FunctionNode["body"]>;
  readonly aliases: Map<string, string>;
  readonly options: Set<ShellOption>;
  /** `$0`. */
  readonly name: string;
  /** `$1` and so on. */
  positional: readonly string[];
  cwd: string;
  /** `$?` */
  lastStatus: number;
  /** `$!` */
  lastJob: number | undefined;
}

export type ShellOption = "errexit" | "nounset" | "xtrace" | "pipefail";

export function newState(name: string, cwd: string, env: Readonly<Record<string, string>>) {
  const variables = new Variables();
  for (const [key, value] of Object.entries(env)) variables.set(key, value, true);
  const state: ShellState = {
    variables,
    functions: new Map(),
    aliases: new Map(),
    options: new Set(),
    name,
    positional: [],
    cwd,
    lastStatus: 0,
    lastJob: undefined,
  };
  return state;
}

export function subshellState(state: ShellState): ShellState {
  return {
    ...state,
    variables: new Variables(state.variables),
    functions: new Map(state.functions),
    aliases: new Map(state.aliases),
    options: new Set(state.options),
  };
}
