import type { SignalName } from "../interrupt";
import type { Process } from "../process";

/** What a shell needs of the terminal or script that it runs in. */
export interface ShellHost {
  /** Counts what is run, and throws when a line never comes to an end. */
  tick(): void;
  /** Starts a job that nobody waits for. Answers its process id. */
  startJob(text: string, run: (process: Process) => Promise<number>): number;
  readonly jobs: JobControl;
}

export interface JobControl {
  list(): readonly JobInfo[];
  /** `%1`, `%%` or a process id. */
  find(name: string): JobInfo | undefined;
  /** Waits for one job, or for all. */
  wait(job: JobInfo | undefined): Promise<number>;
  kill(job: JobInfo, signal: SignalName): void;
}

export interface JobInfo {
  readonly id: number;
  readonly pid: number;
  readonly text: string;
  readonly state: "running" | "done";
  readonly exitCode: number;
}
