import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { BUILT_IN_SCENARIOS } from "../../src/share/built-in";

const HERE = dirname(fileURLToPath(import.meta.url));
const DOCS = join(HERE, "../../docs");
const text = readFileSync(join(DOCS, "coverage.md"), "utf8");

/** Rows of the tables: statement, scenarios, tests. */
const rows = text
  .split("\n")
  .filter((line) => line.startsWith("| ") && !line.startsWith("| The talk"))
  .map((line) => line.split("|").slice(1, -1));

function linksIn(cell = ""): readonly string[] {
  return [...cell.matchAll(/\]\(([^)]+)\)/g)].map(([, path = ""]) => path);
}

it("leads from every statement of the talk to a scenario and a test that exist", () => {
  expect(rows.length).toBeGreaterThan(30);
  for (const [statement = "", scenarios, tests, ...rest] of rows) {
    expect(rest, statement).toEqual([]);
    for (const links of [linksIn(scenarios), linksIn(tests)]) {
      expect(links, statement).not.toEqual([]);
      for (const path of links)
        expect(existsSync(join(DOCS, path)), `${statement}: ${path}`).toBe(true);
    }
  }
});

it("has every built-in scenario, each with an end-to-end test of its own", () => {
  const shown = new Set(rows.flatMap(([, scenarios]) => linksIn(scenarios)));
  const tested = readdirSync(HERE);
  for (const { name } of BUILT_IN_SCENARIOS) {
    expect([...shown]).toContain(`../public/scenarios/${name}.yaml`);
    expect(tested).toContain(`${name}.spec.ts`);
  }
});
