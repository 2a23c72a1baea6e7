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
