import { basename } from "node:path";
import { UserError } from "../../src/cli/user-error";
import type { FrequencyTest } from "./frequencies";

export interface ScenarioTask {
  readonly file: string;
  /** Where its dump goes. */
  readonly directory: string;
}

export interface ScenarioReport {
  /** File name without folder and ending. */
  readonly name: string;
  readonly flows: number;
  /** What disagrees, by the flow's id; several texts for one flow are one disagreement. */
  readonly disagreements: readonly Disagreement[];
  readonly frequencies: readonly FrequencyTest[];
  /** What to print when it is done. */
  readonly line: string;
}

export interface Disagreement {
  readonly flow: string;
  readonly text: string;
}

export function nameOf({ file }: ScenarioTask): string {
  return basename(file, ".yaml");
}

/** Of a scenario that came to nothing: one disagreement, and the others go on. */
export function failedReport(task: ScenarioTask, error: unknown): ScenarioReport {
  const name = nameOf(task);
  const isBug = error instanceof Error && !(error instanceof UserError);
  const text = isBug ? (error.stack ?? error.message) : String(error);
  return {
    name,
    flows: 1,
    disagreements: [{ flow: "the whole scenario", text }],
    frequencies: [],
    line: `${name}: failed`,
  };
}
