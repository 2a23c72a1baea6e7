import { spawn } from "node:child_process";
import { basename, join } from "node:path";
import { text } from "node:stream/consumers";
import { writeDump } from "../../src/cli/dump";
import { loadSettled, readText } from "../../src/cli/load";
import { outcomeOf } from "../../src/cli/paths";
import type { World } from "../../src/core/cluster/world";
import { type Attempt, expectedOf, findUnforeseen, type Outcome } from "./compare";
import { allFlows, type Flow } from "./flows";
import { frequencyTests } from "./frequencies";
import { LAB } from "./obstacle";
import type { ServiceAddresses } from "./oracle/addresses";
import { findUncalledFor } from "./oracle/judge";
import { expectationOf } from "./oracle/oracle";
import { settingOf } from "./oracle/setting";
import type { ScenarioReport, ScenarioTask } from "./report";

/** Attempts of a flow whose outcome is certain, and of one that has several. */
const ATTEMPTS = { certain: 1, several: 10 };

type Paths = ReadonlyMap<string, readonly Outcome[]>;
type Answers = Readonly<Record<string, readonly Attempt[]>>;

export async function compareScenario({ file, directory }: ScenarioTask): Promise<ScenarioReport> {
  const startedAt = performance.now();
  const world = loadSettled(file);
  const topology = writeDump(world, directory);
  const flows = allFlows(topology, [...world.store.list("Service")]);
  const paths: Paths = new Map(flows.map((flow) => [flow.id, pathsOf(world, flow)]));
  const answers = await sendAll(flows, paths, directory);
  const outcomes = (id: string) => paths.get(id) ?? [];
  const attempts = (id: string) => answers[id] ?? [];
  const setting = settingOf(readText(file), topology, addressesOf(world));
  const disagreements = flows.flatMap((flow) => {
    const { id } = flow;
    const unforeseen = findUnforeseen(outcomes(id), attempts(id));
    const uncalledFor = findUncalledFor(expectationOf(setting, flow), outcomes(id), attempts(id));
    return [unforeseen, uncalledFor].flatMap((text) =>
      text === undefined ? [] : [{ flow: id, text }],
    );
  });
  const name = basename(file, ".yaml");
  const count = Object.values(answers).reduce((sum, list) => sum + list.length, 0);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  return {
    name,
    flows: flows.length,
    disagreements,
    frequencies: frequencyTests(flows, outcomes, attempts),
    line: `${name}: ${flows.length} flows, ${count} attempts, ${disagreements.length} disagreements, ${seconds} s`,
  };
}

function pathsOf(world: World, { from, to }: Flow): readonly Outcome[] {
  const explored = world.paths(from, `${to.ip}:${to.port}/${to.protocol}`);
  if (!explored.ok) throw new Error(explored.error);
  return explored.value.map(outcomeOf);
}

function addressesOf({ store }: World): readonly ServiceAddresses[] {
  return [...store.list("Service")].map(({ metadata, spec, status }) => ({
    namespace: metadata.namespace ?? "",
    name: metadata.name,
    ...(spec.clusterIP !== undefined && { clusterIP: spec.clusterIP }),
    nodePorts: (spec.ports ?? []).map(({ nodePort }) => nodePort),
    ingressIps: (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, ipMode }) =>
      ip !== undefined && ipMode !== "Proxy" ? ip : [],
    ),
  }));
}

/** Real packets, as many of each flow as it takes to see its outcomes. */
async function sendAll(flows: readonly Flow[], paths: Paths, directory: string): Promise<Answers> {
  const requests = flows.map(({ id, from, to }) => {
    const expected = expectedOf(paths.get(id) ?? []);
    const silence = !expected.has("dropped") ? "never" : expected.size > 1 ? "possible" : "certain";
    const count = expected.size > 1 ? ATTEMPTS.several : ATTEMPTS.certain;
    return { id, from, ...to, count, silence };
  });
  const lab = spawn("python3", ["-B", join(LAB, "main.py"), directory, String(process.pid)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => lab.on("close", resolve));
  lab.stdin.end(JSON.stringify(requests));
  const output = await text(lab.stdout);
  const code = await ended;
  if (code !== 0) throw new Error(`the lab ended with ${code}`);
  return JSON.parse(output) as Answers;
}
