import type { Process } from "../process";
import type { KubeApi } from "./api";
import type { FlagSpecs, Flags } from "./flags";

/** What a verb works with. */
export interface Kubectl {
  readonly process: Process;
  readonly api: KubeApi;
  readonly flags: Flags;
  readonly args: readonly string[];
  /** `-n`, or `default`. */
  readonly namespace: string;
  /** One line of standard output. */
  print(line: string): Promise<void>;
  /** As it is, without a newline. */
  write(text: string): Promise<void>;
  /** One line of standard error. */
  complain(line: string): Promise<void>;
  /** One line that is ours. */
  hint(text: string): Promise<void>;
}

export interface Verb {
  /** `get`, `create deployment` */
  readonly name: string;
  readonly flags: FlagSpecs;
  run(kubectl: Kubectl): Promise<number>;
}
