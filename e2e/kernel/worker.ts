// Compares one scenario after the other, for worker-pool.ts. Ends with the process that started it, and its lab with it.
import { compareScenario } from "./compare-scenario";
import type { ScenarioTask } from "./report";

process.on("disconnect", () => process.exit());
process.on("message", async (task) => {
  process.send?.(await compareScenario(task as ScenarioTask));
});
