import { Interrupt, Interrupted, type SignalName } from "./interrupt";
import type { JobControl, JobInfo } from "./language/shell-host";

interface Job extends JobInfo {
  readonly interrupt: Interrupt;
  readonly ended: Promise<void>;
  state: "running" | "done";
  exitCode: number;
}

/** Background jobs of one shell. */
export class JobTable implements JobControl {
  #jobs: Job[] = [];

  start(text: string, pid: number, run: (interrupt: Interrupt) => Promise<number>): JobInfo {
    const interrupt = new Interrupt();
    const id = Math.max(0, ...this.#jobs.map((job) => job.id)) + 1;
    const job: Job = {
      id,
      pid,
      text,
      interrupt,
      state: "running",
      exitCode: 0,
      ended: run(interrupt).then(
        (exitCode) => this.#end(job, exitCode),
        (error: unknown) => {
          if (!(error instanceof Interrupted)) throw error;
          this.#end(job, error.exitCode);
        },
      ),
    };
    this.#jobs.push(job);
    return job;
  }

  #end(job: Job, exitCode: number): void {
    job.state = "done";
    job.exitCode = exitCode;
  }

  list(): readonly JobInfo[] {
    return this.#jobs;
  }

  /** Forgets those that are done, and answers them. */
  takeDone(): readonly JobInfo[] {
    const done = this.#jobs.filter((job) => job.state === "done");
    this.#jobs = this.#jobs.filter((job) => job.state === "running");
    return done;
  }

  find(name: string): Job | undefined {
    if (name === "%%" || name === "%+" || name === "%") return this.#jobs.at(-1);
    if (name === "%-") return this.#jobs.at(-2);
    const number = Number(name.replace(/^%/, ""));
    if (name.startsWith("%"))
      return this.#jobs.find((job) => job.id === number || job.text.startsWith(name.slice(1)));
    return this.#jobs.find((job) => job.pid === number);
  }

  async wait(job: JobInfo | undefined): Promise<number> {
    const waited = job ? this.#jobs.filter((one) => one.id === job.id) : [...this.#jobs];
    await Promise.all(waited.map(({ ended }) => ended));
    return job ? (waited[0]?.exitCode ?? 127) : 0;
  }

  kill(job: JobInfo, signal: SignalName): void {
    this.#jobs.find((one) => one.id === job.id)?.interrupt.raise(signal);
  }

  hangUp(): void {
    for (const job of this.#jobs) job.interrupt.raise("SIGHUP");
  }
}
