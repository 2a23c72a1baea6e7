// Builds what `kubehop dump` prints on this machine's Linux kernel, sends real packets and compares with what
// `kubehop paths` says. Needs root. `npm run test:kernel [SCENARIO.yaml…]`.
import { execFileSync, spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadSettled } from "../../src/cli/load";
import type { Topology } from "../../src/core/cluster/topology";
import { type Attempt, expectedOf, findDisagreement, type Outcome } from "./compare";
import { allFlows, type Flow } from "./flows";

const HERE = fileURLToPath(new URL(".", import.meta.url));
const ROOT = join(HERE, "../..");
const TOOLS = ["ip", "bridge", "iptables-restore", "python3"];

/** Attempts of a flow whose outcome is certain, that has several, and of the few whose frequencies are tested. */
const ATTEMPTS = { certain: 1, several: 8, frequencies: 240 };
/** Of each scenario, so many flows with several outcomes are tried often. */
const FREQUENCY_FLOWS = 4;

interface Agreement {
  readonly agreed: number;
  readonly asked: number;
}

function main(): number {
  const obstacle = findObstacle();
  if (obstacle !== undefined) {
    process.stdout.write(`kernel agreement: skipped (${obstacle})\n`);
    return 0;
  }
  const given = process.argv.slice(2);
  const folder = join(HERE, "scenarios");
  const files = given.length > 0 ? given : readdirSync(folder).map((file) => join(folder, file));
  const scratch = mkdtempSync(join(tmpdir(), "kubehop-kernel-"));
  let agreed = 0;
  let asked = 0;
  try {
    for (const file of files) {
      const result = compareScenario(file, join(scratch, basename(file, ".yaml")));
      agreed += result.agreed;
      asked += result.asked;
    }
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  process.stdout.write(`kernel agreement: ${agreed}/${asked} flows\n`);
  return agreed === asked && asked > 0 ? 0 : 1;
}

/** Why packets cannot be sent here. */
function findObstacle(): string | undefined {
  if (process.platform !== "linux") return "needs Linux";
  if (process.getuid?.() !== 0) return "needs root";
  const missing = TOOLS.filter((tool) => spawnSync(tool, ["--version"]).error !== undefined);
  if (missing.length > 0) return `needs ${missing.join(", ")}`;
  const python =
    "from namespaces import Namespace; Namespace().sysctl({'bridge/bridge-nf-call-iptables': 1})";
  const tried = spawnSync("python3", ["-B", "-c", python], { cwd: HERE, encoding: "utf8" });
  return tried.status === 0
    ? undefined
    : `no namespaces: ${tried.stderr.trim().split("\n").at(-1)}`;
}

function compareScenario(file: string, directory: string): Agreement {
  const startedAt = performance.now();
  mkdirSync(directory, { recursive: true });
  kubehop(["dump", file, "--out", directory], join(directory, "dump.json"));
  const topology = JSON.parse(readFileSync(join(directory, "topology.json"), "utf8")) as Topology;
  const flows = allFlows(topology, [...loadSettled(file).store.list("Service")]);
  const outcomes = pathsOf(file, flows, directory);
  const answers = sendAll(flows, outcomes, directory);
  let agreed = 0;
  for (const { id } of flows) {
    const disagreement = findDisagreement(outcomes[id]?.outcomes ?? [], answers[id] ?? []);
    if (disagreement === undefined) agreed++;
    else process.stdout.write(`${basename(file)}: ${id}: ${disagreement}\n`);
  }
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  const attempts = Object.values(answers).reduce((sum, list) => sum + list.length, 0);
  process.stdout.write(
    `${basename(file)}: ${agreed}/${flows.length} flows agree, ${attempts} attempts, ${seconds} s\n`,
  );
  return { agreed, asked: flows.length };
}

type Paths = Readonly<Record<string, { readonly outcomes: readonly Outcome[] }>>;
type Answers = Readonly<Record<string, readonly Attempt[]>>;

function pathsOf(file: string, flows: readonly Flow[], directory: string): Paths {
  const list = join(directory, "flows.json");
  const answer = join(directory, "paths.json");
  writeFileSync(list, JSON.stringify(flows));
  kubehop(["paths", file, "--flows", list], answer);
  return JSON.parse(readFileSync(answer, "utf8")) as Paths;
}

function kubehop(args: readonly string[], output: string): void {
  const command = ["--import", "tsx", join(ROOT, "src/cli/main.ts"), ...args];
  execFileSync(process.execPath, command, {
    cwd: ROOT,
    stdio: ["ignore", openSync(output, "w"), "inherit"],
  });
}

/** Real packets, as many of each flow as it takes to see its outcomes. */
function sendAll(flows: readonly Flow[], outcomes: Paths, directory: string): Answers {
  const often = chosenForFrequencies(flows, outcomes);
  const requests = flows.map(({ id, from, to }) => ({
    id,
    from,
    ...to,
    count: attemptsOf(id),
    silent: isSilent(outcomes[id]?.outcomes ?? []),
  }));
  function attemptsOf(id: string): number {
    if (often.has(id)) return ATTEMPTS.frequencies;
    const ways = expectedOf(outcomes[id]?.outcomes ?? []).size;
    return ways > 1 ? ATTEMPTS.several : ATTEMPTS.certain;
  }
  const lab = spawnSync("python3", ["-B", join(HERE, "lab.py"), directory], {
    input: JSON.stringify(requests),
    encoding: "utf8",
    maxBuffer: 1 << 28,
    stdio: ["pipe", "pipe", "inherit"],
  });
  if (lab.status !== 0) throw new Error(`the lab ended with ${lab.signal ?? lab.status}`);
  return JSON.parse(lab.stdout) as Answers;
}

function isSilent(outcomes: readonly Outcome[]): boolean {
  return outcomes.every(({ verdict }) => verdict === "dropped");
}

/** Flows with several answers and no silence, spread over the scenario. */
function chosenForFrequencies(flows: readonly Flow[], outcomes: Paths): ReadonlySet<string> {
  const candidates = flows.filter(({ id }) => {
    const expected = expectedOf(outcomes[id]?.outcomes ?? []);
    return expected.size > 1 && !expected.has("dropped");
  });
  const step = Math.max(1, Math.floor(candidates.length / FREQUENCY_FLOWS));
  return new Set(candidates.filter((_, index) => index % step === 0).map(({ id }) => id));
}

process.exitCode = main();
