import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { parseScenario } from "../scenario/parse-scenario";
import { BUILT_IN_SCENARIOS } from "./built-in";

const FOLDER = fileURLToPath(new URL("../../public/scenarios", import.meta.url));
const MAX_PICTURE_BYTES = 40_000;

it("lists every scenario of public/scenarios, and no other", () => {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith(".yaml"));
  const listed = BUILT_IN_SCENARIOS.map(({ name }) => `${name}.yaml`);
  expect([...listed].sort()).toEqual(files.sort());
  expect(new Set(listed).size).toBe(listed.length);
});

describe.each(BUILT_IN_SCENARIOS)("$name", ({ name, title }) => {
  const { scenario, errors } = parseScenario(readFileSync(join(FOLDER, `${name}.yaml`), "utf8"));

  it("says what it is about and what to try", () => {
    expect(errors).toEqual([]);
    expect(scenario.name).toBe(name);
    expect(scenario.title).toBe(title);
    expect(scenario.description.length).toBeGreaterThan(40);
    expect(scenario.suggestions ?? []).not.toEqual([]);
  });

  // node scripts/scenario-pictures.mjs NAME
  it.each(["light", "dark"])("has its %s picture", (theme) => {
    const { size } = statSync(join(FOLDER, "pictures", `${name}-${theme}.webp`));
    expect(size).toBeGreaterThan(2_000);
    expect(size).toBeLessThan(MAX_PICTURE_BYTES);
  });
});
