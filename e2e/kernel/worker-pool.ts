import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ScenarioReport, ScenarioTask } from "./report";

const WORKER = fileURLToPath(new URL("./worker.ts", import.meta.url));

/** Scenarios in as many processes as asked for, each taking the next one when it is done. A line is printed for each
 *  as it ends; the reports come in the scenarios' order. No process is left when this ends, however it ends. */
export async function compareAll(
  files: readonly string[],
  workers: number,
  scratch: string,
  stop: AbortSignal,
): Promise<readonly ScenarioReport[]> {
  const tasks = files.map((file, index) => ({ file, directory: join(scratch, String(index)) }));
  const reports: ScenarioReport[] = [];
  let next = 0;
  const work = async () => {
    const worker = fork(WORKER, { stdio: ["ignore", "inherit", "inherit", "ipc"], detached: true });
    const end = () => worker.kill("SIGKILL");
    stop.addEventListener("abort", end);
    try {
      for (let index = next++; index < tasks.length; index = next++) {
        const task = tasks[index];
        if (task) reports[index] = await compareIn(worker, task);
      }
    } finally {
      stop.removeEventListener("abort", end);
      if (end()) await once(worker, "exit");
    }
  };
  const ends = await Promise.allSettled(
    Array.from({ length: Math.min(workers, tasks.length) }, work),
  );
  for (const end of ends) if (end.status === "rejected") throw end.reason;
  return reports;
}

function compareIn(worker: ChildProcess, task: ScenarioTask): Promise<ScenarioReport> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null, signal: string | null) =>
      reject(new Error(`${task.file}: its worker ended with ${signal ?? code}`));
    worker.once("exit", ended);
    worker.once("message", (report) => {
      worker.off("exit", ended);
      const done = report as ScenarioReport;
      process.stdout.write(`${done.line}\n`);
      resolve(done);
    });
    worker.send(task);
  });
}
