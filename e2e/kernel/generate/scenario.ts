import { stringify } from "yaml";
import { generateCluster } from "./cluster";
import { diceOf } from "./dice";
import { generateServices } from "./services";
import { generateApps } from "./workloads";

/** A cluster with all kinds of Services, as a scenario file. The same seed gives the same one. */
export function generateScenario(seed: number): string {
  const dice = diceOf(seed);
  const cluster = generateCluster(dice, `generated-${seed}`);
  const apps = generateApps(dice, cluster);
  const documents = [
    ...cluster.documents,
    ...apps.flatMap((app) => app.documents),
    ...generateServices(dice, cluster, apps),
  ];
  return documents
    .map((document) => stringify(document, { aliasDuplicateObjects: false }))
    .join("---\n");
}
