import { bootScenario } from "../scenario/boot";
import type { DocumentError } from "../scenario/document-error";
import { parseArguments } from "./arguments";
import { formatDocumentError, readText } from "./load";
import { UserError } from "./user-error";

interface FileReport {
  readonly file: string;
  readonly valid: boolean;
  readonly errors: readonly DocumentError[];
  readonly ignored: readonly string[];
}

/** `check FILE…`: what the API server would say. */
export function check(args: readonly string[]): number {
  const { positionals } = parseArguments(args, {});
  if (positionals.length === 0) throw new UserError("which FILE?");
  const files = positionals.map(checkFile);
  process.stdout.write(`${JSON.stringify({ files }, null, 2)}\n`);
  for (const { file, errors } of files) {
    for (const error of errors)
      process.stderr.write(`error: ${formatDocumentError(file, error)}\n`);
  }
  return files.every(({ valid }) => valid) ? 0 : 1;
}

function checkFile(file: string): FileReport {
  const booted = bootScenario(readText(file));
  const errors = booted.ok ? [] : booted.errors;
  return { file, valid: booted.ok, errors, ignored: booted.ignored };
}
