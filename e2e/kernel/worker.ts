// Compares one scenario after the other, for worker-pool.ts.
import { compareScenario } from "./compare-scenario";
import type { ScenarioTask } from "./report";

process.on("disconnect", () => process.exit());
// Ctrl+C reaches the whole group; whoever started this one tells it when to end.
process.on("SIGINT", () => {});
process.on("message", async (task) => {
  process.send?.(await compareScenario(task as ScenarioTask));
});
