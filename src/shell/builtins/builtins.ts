import type { Evaluator } from "../language/evaluate";
import type { Streams } from "../process";
import { CONTROL } from "./control";
import { JOBS } from "./jobs";
import { LOOKUP } from "./lookup";
import { OUTPUT } from "./output";
import { VARIABLES } from "./variables";

/** A command that changes the shell itself, or that every shell brings. */
export type Builtin = (
  shell: Evaluator,
  args: readonly string[],
  streams: Streams,
  name: string,
) => Promise<number>;

export type Builtins = Readonly<Record<string, Builtin>>;

export const BUILTINS: Builtins = { ...CONTROL, ...VARIABLES, ...OUTPUT, ...JOBS, ...LOOKUP };
