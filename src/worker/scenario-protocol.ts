/** What the page asks about the scenario that a cluster came from. */
import type { ScenarioSettings } from "../scenario/rebuild-scenario";

export type { ScenarioSettings };

export interface ScenarioCalls {
  /** How the cluster is set up. */
  scenarioSettings(): Promise<ScenarioSettings>;
  /** The same objects in a cluster that is set up like this, as a scenario file. */
  rebuiltScenario(settings: ScenarioSettings): Promise<string>;
}
