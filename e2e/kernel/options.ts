import { availableParallelism } from "node:os";
import { parseArguments } from "../../src/cli/arguments";
import { UserError } from "../../src/cli/user-error";

export interface Options {
  /** Scenarios to compare; none: all that there are, and generated ones. */
  readonly files: readonly string[];
  readonly seed: number;
  readonly generated: number;
  /** `--generated` without files, by hand: those alone. */
  readonly onlyGenerated: boolean;
  readonly workers: number;
}

/** The same in every run, so that a failure can be repeated. */
const SEED = 1;
const GENERATED = 12;
/** More than processors: they mostly wait for what does not come. */
const WORKERS = Math.min(8, 2 * availableParallelism());

export function parseOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArguments(args, {
    seed: { type: "string" },
    generated: { type: "string" },
    workers: { type: "string" },
  });
  const files = positionals;
  return {
    files,
    seed: numberOf("seed", values.seed, SEED),
    onlyGenerated: values.generated !== undefined,
    generated: numberOf("generated", values.generated, files.length > 0 ? 0 : GENERATED),
    workers: Math.max(1, numberOf("workers", values.workers, WORKERS)),
  };
}

function numberOf(name: string, text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new UserError(`--${name}: "${text}" is not a whole number`);
  return Number(text);
}
