// Compares one scenario after the other, for worker-pool.ts. Ends with the process that started it, and its lab with it.
import { compareScenario } from "./compare-scenario";
import { failedReport, type ScenarioTask } from "./report";

process.on("disconnect", () => process.exit());
process.on("message", async (message) => {
  const task = message as ScenarioTask;
  process.send?.(await compareScenario(task).catch((error) => failedReport(task, error)));
});
