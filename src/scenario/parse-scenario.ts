import type { ClusterConfig } from "../core/api/cluster-config";
import { clusterConfigOf } from "./cluster-config";
import { withDefaultMachines } from "./default-world";
import { type DocumentError, errorAt } from "./document-error";
import { tidyExported } from "./exported";
import { parseManifests, type ScenarioObject } from "./parse-manifests";
import { decodeScenario, type ScenarioSpec } from "./scenario-spec";
import { securityGroupsOf } from "./security-groups";

export interface ParsedScenario {
  readonly scenario: ClusterConfig;
  /** In the order of the text; default machines come last. */
  readonly objects: readonly ScenarioObject[];
  readonly ignored: readonly string[];
  /** Of the text and the Scenario; the objects themselves are for the API server to judge. */
  readonly errors: readonly DocumentError[];
}

/** A scenario file (docs/scenario-format.md). Takes any text, throws never. */
export function parseScenario(yamlText: string): ParsedScenario {
  const parsed = parseManifests(yamlText);
  const errors = [...parsed.errors];
  const [first, ...others] = parsed.scenarios;
  const { config, groups, errors: scenarioErrors } = readScenario(first);
  errors.push(...scenarioErrors);
  for (const other of others) {
    errors.push(errorAt(other, "", `a second Scenario: line ${first?.line} has one already`));
  }
  const given = [...parsed.objects, ...groups];
  const manifests = tidyExported(given.map((object) => object.manifest));
  const tidied = given.map((object, index) => ({ ...object, manifest: manifests[index] }));
  const { objects, errors: machineErrors } = withDefaultMachines(tidied, config);
  errors.push(...machineErrors);
  return { scenario: config, objects, ignored: parsed.ignored, errors: inOrder(errors) };
}

function readScenario(object: ScenarioObject | undefined) {
  const noSpec: ScenarioSpec = {};
  if (!object) return { ...clusterConfigOf(undefined, noSpec), groups: [], errors: [] };
  const decoded = decodeScenario(object.manifest);
  if (decoded.errors.length > 0) {
    const errors = decoded.errors.map(({ field, message }) => errorAt(object, field, message));
    return { ...clusterConfigOf(undefined, noSpec), groups: [], errors };
  }
  const { config, errors } = clusterConfigOf(decoded.name, decoded.spec);
  return {
    config,
    groups: securityGroupsOf(object, decoded.spec.securityGroups ?? []),
    errors: errors.map(({ field, message }) => errorAt(object, field, `${field}: ${message}`)),
  };
}

function inOrder(errors: readonly DocumentError[]): DocumentError[] {
  const at = ({ line = 0, column = 0 }: DocumentError) => [line, column] as const;
  return [...errors].sort((a, b) => at(a)[0] - at(b)[0] || at(a)[1] - at(b)[1]);
}
