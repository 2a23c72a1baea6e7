import { describe, expect, test } from "vitest";
import { bootScenario } from "./boot";
import { formatScenario } from "./format-scenario";

const SCENARIO = `apiVersion: kubehop.dev/v1alpha1
kind: Scenario
spec:
  securityGroups:
    - name: nodes
      attachedTo: ["node/*"]
      ingress:
        - {protocol: tcp, fromPort: 30000, toPort: 32767, cidr: 0.0.0.0/0}
    - name: vm
      attachedTo: [host/vm]
      egress: []
`;

function groupsOf(yaml: string) {
  const booted = bootScenario(yaml);
  if (!booted.ok) throw new Error(JSON.stringify(booted.errors));
  return { world: booted.world, groups: [...booted.world.store.list("SecurityGroup")] };
}

describe("security groups of a scenario", () => {
  test("are objects", () => {
    expect(
      groupsOf(SCENARIO).groups.map(({ metadata, spec }) => ({ ...spec, name: metadata.name })),
    ).toEqual([
      {
        name: "nodes",
        attachedTo: ["node/*"],
        ingress: [{ protocol: "TCP", fromPort: 30_000, toPort: 32_767, cidr: "0.0.0.0/0" }],
      },
      { name: "vm", attachedTo: ["host/vm"], egress: [] },
    ]);
  });

  test("come back from an export as they were", () => {
    const { world, groups } = groupsOf(SCENARIO);
    const again = groupsOf(formatScenario(world.config, world.store)).groups;
    expect(again.map(({ spec }) => spec)).toEqual(groups.map(({ spec }) => spec));
  });

  test("are refused at their lines", () => {
    const wrong = SCENARIO.replace("0.0.0.0/0", "0.0.0.0/33").replace("name: vm", "name: VM");
    const booted = bootScenario(wrong);
    const errors = booted.ok ? [] : booted.errors;
    expect(errors.map(({ line, message }) => [line, message])).toEqual([
      [8, 'spec.ingress[0].cidr: Invalid value: "0.0.0.0/33": CIDR block 0.0.0.0/33 is malformed'],
      [9, expect.stringContaining("metadata.name: Invalid value")],
    ]);
    const unknown = SCENARIO.replace("fromPort", "portFrom");
    const refused = bootScenario(unknown);
    expect(refused.ok ? [] : refused.errors).toMatchObject([
      { line: 8, message: expect.stringContaining("unknown field") },
    ]);
  });
});
