import { SCENARIO_API_VERSION } from "./kinds";
import type { ScenarioObject } from "./parse-manifests";
import type { SecurityGroupSpec } from "./scenario-spec";

/** The groups that a Scenario lists, as objects of their own. What is wrong with them is told at their lines. */
export function securityGroupsOf(
  scenario: ScenarioObject,
  groups: readonly SecurityGroupSpec[],
): readonly ScenarioObject[] {
  return groups.map(({ name = "", ...spec }, index) => {
    const root = `spec.securityGroups[${index}]`;
    const locate = (field: string) =>
      scenario.locate(
        field === "" ? root : field.replace(/^metadata(?=\.)/, root).replace(/^spec(?=\.)/, root),
      );
    return {
      manifest: {
        apiVersion: SCENARIO_API_VERSION,
        kind: "SecurityGroup",
        metadata: { name },
        spec,
      },
      line: scenario.line,
      column: scenario.column,
      ...locate(""),
      source: `SecurityGroup ${name}`,
      locate,
    };
  });
}
