import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ScenarioReport, ScenarioTask } from "./report";

const WORKER = fileURLToPath(new URL("./worker.ts", import.meta.url));

/** Scenarios in as many processes as asked for, each taking the next one when it is done. A line is printed for each
 *  as it ends; the reports come in the scenarios' order. */
export async function compareAll(
  files: readonly string[],
  workers: number,
  scratch: string,
): Promise<readonly ScenarioReport[]> {
  const tasks = files.map((file, index) => ({ file, directory: join(scratch, String(index)) }));
  const reports: ScenarioReport[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: Math.min(workers, tasks.length) }, async () => {
      const worker = fork(WORKER, { stdio: ["ignore", "inherit", "inherit", "ipc"] });
      try {
        for (let index = next++; index < tasks.length; index = next++) {
          const task = tasks[index];
          if (task) reports[index] = await compareIn(worker, task);
        }
      } finally {
        worker.kill();
      }
    }),
  );
  return reports;
}

function compareIn(worker: ChildProcess, task: ScenarioTask): Promise<ScenarioReport> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) =>
      reject(new Error(`${task.file}: the worker ended with ${code}`));
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
