import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bootScenario } from "../../../scenario/boot";
import { parseRestore, type Restored } from "./parse/restore";
import { formatRule, formatRuleset } from "./print";
import { type Ruleset, type TableName, tableOf } from "./rules";
import { arbitraryRule } from "./testing/arbitrary-rules";
import { findIptablesObstacle, loadAndSave, testRestore } from "./testing/real-iptables";

const obstacle = findIptablesObstacle();
const suffix = obstacle === undefined ? "" : ` (skipped: ${obstacle})`;
const onKernel = test.skipIf(obstacle !== undefined);

function tablesOf(restored: Restored): Ruleset {
  if (!restored.ok) throw new Error(JSON.stringify(restored.errors));
  return restored.tables;
}

const RULES = 400;

for (const name of ["nat", "filter", "mangle", "raw", "security"] as const) {
  onKernel(`${name}: a real iptables loads what is printed, and saves the same${suffix}`, () => {
    const rules = fc.sample(arbitraryRule(name, ["TWO", "THREE"]), {
      seed: 20_261_122,
      numRuns: RULES,
    });
    const table = tableOf(name, [
      { name: "ONE", rules },
      { name: "TWO", rules: [] },
      { name: "THREE", rules: [] },
    ]);
    const saved = tablesOf(parseRestore(loadAndSave(formatRuleset({ [name]: table }))));
    const lines = saved[name]?.chains.get("ONE")?.rules.map((rule) => formatRule("ONE", rule));
    expect(lines).toEqual(rules.map((rule) => formatRule("ONE", rule)));
  });
}

const FOLDER = "e2e/kernel/scenarios";
const files = [
  "public/scenarios/default.yaml",
  ...readdirSync(FOLDER).map((file) => `${FOLDER}/${file}`),
];

onKernel(
  `dumps of scenarios: loaded, saved and read back as the same rules${suffix}`,
  () => {
    for (const file of files) {
      const booted = bootScenario(readFileSync(file, "utf8"));
      if (!booted.ok) throw new Error(`${file}: ${JSON.stringify(booted.errors)}`);
      booted.world.settle();
      const [node] = [...booted.world.store.list("Node")];
      const id = `node/${node?.metadata.name}`;
      const ruleset = booted.world.plane.ruleset(id);
      const { sets } = booted.world.plane.get(id);
      const printed = formatRuleset(ruleset);
      expect([file, testRestore(printed, sets)]).toEqual([file, ""]);
      const saved = tablesOf(parseRestore(loadAndSave(printed, sets), sets));
      for (const table of Object.keys(ruleset) as TableName[])
        expect([file, formatRuleset({ [table]: saved[table] })]).toEqual([
          file,
          formatRuleset({ [table]: ruleset[table] }),
        ]);
    }
  },
  120_000,
);
