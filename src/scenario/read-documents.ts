import type { Refusal } from "../core/cluster/command";
import { type DocumentError, documentErrors, errorAt } from "./document-error";
import { parseManifests, type ScenarioObject } from "./parse-manifests";

/** A YAML text that somebody wants to apply to a running cluster. */
export interface ReadDocuments {
  readonly objects: readonly ScenarioObject[];
  readonly manifests: readonly unknown[];
  readonly ignored: readonly string[];
  readonly errors: readonly DocumentError[];
}

export function readDocuments(yaml: string): ReadDocuments {
  const { objects, scenarios, ignored, errors } = parseManifests(yaml);
  const misplaced = scenarios.map((scenario) =>
    errorAt(scenario, "", "a Scenario makes a new cluster: open it as one instead of applying it"),
  );
  return {
    objects,
    manifests: objects.map(({ manifest }) => manifest),
    ignored,
    errors: [...errors, ...misplaced],
  };
}

/** The API server's refusals, at their lines. */
export function refusalErrors(
  { objects }: ReadDocuments,
  refusals: readonly Refusal[],
): readonly DocumentError[] {
  return refusals.flatMap(({ index, status }) => {
    const object = objects[index];
    return object ? documentErrors(object, status) : [{ message: status.message }];
  });
}
