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

test("what fails says why: a field of the JSON, a last line of the text", {
  timeout: 60_000,
}, () => {
  const wrong = [...FROM_CLIENT, "--to", "pod/default/client:9"];
  const { stdout } = kubehop("trace", FILE, ...wrong, "--json");
  expect(JSON.parse(stdout)[0]).toMatchObject({
    reason: "NoSocket",
    why: { code: "NothingListens" },
  });
  expect(kubehop("trace", FILE, ...wrong).stdout).toMatch(
    /\nwhy {2}NothingListens: No container of pod/,
  );
  const { outcomes } = JSON.parse(kubehop("paths", FILE, ...wrong, "--json").stdout);
  expect(outcomes[0].why.code).toBe("NothingListens");
  expect(kubehop("paths", FILE, ...FROM_CLIENT, "--to", "svc/default/no:80").stderr).toContain(
    "why  ServiceUnknown: Namespace default has no Service no.",
  );
});

const RULES = join(folder, "rules");
writeFileSync(
  RULES,
  `*nat
-A OUTPUT -d 203.0.113.99 -p tcp --dport 80 -j DNAT --to-destination 198.51.100.20:443
-A POSTROUTING -o eth0 -j MASQUERADE
COMMIT
`,
);
const WRONG_RULES = join(folder, "wrong-rules");
writeFileSync(WRONG_RULES, "*filter\n-A FORWARD -m foo\n-A FORWARD -j GONE\nCOMMIT\n");

test("--rules: packets go through a node's rules as they were pasted", { timeout: 30_000 }, () => {
  const from = ["--from", "node/node-1", "--to", "203.0.113.99:80"];
  const { stdout } = kubehop("paths", FILE, ...from, "--json", "--rules", `node-1=${RULES}`);
  const [outcome] = JSON.parse(stdout).outcomes;
  expect(outcome).toMatchObject({ server: "host/db", serverLocal: "198.51.100.20:443" });
  const traced = kubehop("trace", FILE, ...from, "--rules", `node-1=${RULES}`).stdout;
  expect(traced).toMatch(/node-1 +DNAT +203\.0\.113\.99:80 -> 198\.51\.100\.20:443/);
});

test("--rules: what is wrong is said with its line", { timeout: 30_000 }, () => {
  const from = ["--from", "node/node-1", "--to", "203.0.113.99:80"];
  const { status, stderr } = kubehop("paths", FILE, ...from, "--rules", `node-1=${WRONG_RULES}`);
  expect(status).toBe(1);
  expect(stderr).toContain("iptables-restore: line 2: Couldn't load match `foo':No such file");
  expect(stderr).toContain("iptables-restore: line 3: Chain 'GONE' does not exist");
  const nowhere = kubehop("paths", FILE, ...from, "--rules", `node-9=${RULES}`);
  expect(nowhere.stderr).toBe('error: nodes "node-9" not found\n');
});

test("--help after a command shows how to use it", { timeout: 30_000 }, () => {
  const { status, stdout } = kubehop("paths", "--help");
  expect(status).toBe(0);
  expect(stdout).toContain("usage: npm run --silent kubehop");
});
