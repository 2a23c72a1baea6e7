import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "kubehop-"));
afterAll(() => rmSync(folder, { recursive: true }));

const FILE = join(folder, "scenario.yaml");
writeFileSync(
  FILE,
  "{apiVersion: v1, kind: Pod, metadata: {name: client}, spec: {containers: [{name: main, image: busybox}]}}",
);
const FLOWS = join(folder, "flows.json");
writeFileSync(
  FLOWS,
  JSON.stringify([
    { id: "good", from: "host/user", to: { ip: "198.51.100.20", port: 80 } },
    { id: "bad", from: "pod/default/nobody", to: { ip: "198.51.100.20", port: 80 } },
  ]),
);

function kubehop(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", "src/cli/main.ts", ...args],
    { encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

const FROM_CLIENT = ["--from", "pod/default/client"];

test.each([
  ["no command", [], "error: which command?"],
  ["an unknown command", ["fly"], 'error: unknown command "fly"'],
  [
    "a name that nobody has",
    ["trace", FILE, ...FROM_CLIENT, "--to", "nosuch:80", "--json"],
    "error: Could not resolve host: nosuch",
  ],
  [
    "a flow that cannot be sent, after one that can",
    ["paths", FILE, "--flows", FLOWS],
    'flow "bad": pods "nobody" not found',
  ],
])("%s: exit 1, words on stderr, nothing on stdout", { timeout: 30_000 }, (_, args, words) => {
  const { status, stdout, stderr } = kubehop(...args);
  expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
  expect(stderr).toContain(words);
  expect(stderr).not.toMatch(/\n {4}at /);
});

test("--help after a command shows how to use it", { timeout: 30_000 }, () => {
  const { status, stdout } = kubehop("paths", "--help");
  expect(status).toBe(0);
  expect(stdout).toContain("usage: npm run --silent kubehop");
});
