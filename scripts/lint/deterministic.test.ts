import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const unrepeatable = [
  "export const a = Date.now();",
  "export const b = new Date();",
  "export const c = performance.now();",
  "export const d = Math.random();",
  'export const e = Math["random"]();',
  "export const f = Math?.random();",
  "export const { random } = Math;",
  "export const g = crypto.randomUUID();",
  "setTimeout(() => {}, 1);",
  "setInterval(() => {}, 1);",
  "export const h = globalThis.Date;",
  "export const i = document.title;",
  "export const j = window.innerWidth;",
  'export const k = "a".localeCompare("b");',
];

/** Files of a small project with our lint rules, by name. */
const files = {
  "src/core/net/bad.ts": unrepeatable.join("\n"),
  "src/core/net/good.ts": "export const top = Math.max(Math.PI, 2);\n",
  "src/core/net/bad.test.ts": unrepeatable.join("\n"),
  "src/core/testing/bad.ts": unrepeatable.join("\n"),
  "src/app/bad.ts": unrepeatable.join("\n"),
};

describe("the core is deterministic", () => {
  const folder = mkdtempSync(join(tmpdir(), "kubehop-lint-"));
  /** "file:line" of each finding of the two rules that guard the core. */
  let findings: string[] = [];

  beforeAll(() => {
    for (const path of ["biome.json", "scripts/lint"]) {
      cpSync(path, join(folder, path), { recursive: true });
    }
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(join(folder, dirname(path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { stdout } = spawnSync(
      process.execPath,
      [
        resolve("node_modules/@biomejs/biome/bin/biome"),
        "lint",
        "--vcs-enabled=false",
        "--reporter=github",
        "--max-diagnostics=none",
      ],
      { cwd: folder, encoding: "utf8" },
    );
    const form =
      /title=(?:plugin|lint\/style\/noRestrictedGlobals),file=.*?(src\/[^,]*|scripts\/[^,]*),line=(\d+)/g;
    findings = [...stdout.matchAll(form)].map(([, file, line]) => `${file}:${line}`);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  test.each(unrepeatable.map((code, index) => [code, index + 1]))("refuses %s", (_, line) => {
    expect(findings).toContain(`src/core/net/bad.ts:${line}`);
  });

  test("leaves alone what is repeatable, what is outside the core, and tests", () => {
    expect(findings.filter((one) => !one.startsWith("src/core/net/bad.ts"))).toEqual([]);
  });
});
