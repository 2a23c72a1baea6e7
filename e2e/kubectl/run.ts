import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bootScenario } from "../../src/scenario/boot";
import { ApiServerDouble } from "./api-server";
import { type Answer, difference, openOurs } from "./compare";

/** Runs the same commands through a real kubectl and through ours, each on a world of its own, and compares.
 *  `npm run test:kubectl [-- WORDS]`: only commands that contain the words are printed. */
const KUBECTL = process.env.KUBECTL ?? "kubectl";
const COMMANDS = process.env.KUBECTL_COMMANDS ?? "e2e/kubectl/commands.txt";

/** Words and forms are those of this version; another's differ here and there. */
const MINOR = "1.32";

/** Why there is nothing to compare with; undefined where there is. */
function whyNot(): string | undefined {
  try {
    const told = execFileSync(KUBECTL, ["version", "--client", "-o", "json"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
      env: { ...process.env, KUBECONFIG: "/dev/null" },
    });
    const version = String(/"gitVersion": *"v([^"]*)"/.exec(told)?.[1]);
    return version.startsWith(`${MINOR}.`) ? undefined : `${KUBECTL} is ${version}`;
  } catch {
    return `there is no ${KUBECTL} here`;
  }
}

function bootWorld() {
  const booted = bootScenario(readFileSync("public/scenarios/default.yaml", "utf8"));
  if (!booted.ok) throw new Error(booted.errors.map(({ message }) => message).join("\n"));
  booted.world.settle();
  booted.world.begin();
  return booted.world;
}

/** A command's words as a shell would split them, with a file for standard input after `<<<`. */
function theirsOf(home: string, command: string): Promise<Answer> {
  const child = spawn("sh", ["-c", command.replaceAll("kubectl ", `${KUBECTL} `)], {
    cwd: home,
    env: { PATH: process.env.PATH ?? "", HOME: home, KUBECONFIG: join(home, "config"), TZ: "UTC" },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: 60_000,
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk) => (stdout += String(chunk)));
  child.stderr.on("data", (chunk) => (stderr += String(chunk)));
  return new Promise((resolve) =>
    child.on("close", (exitCode) => resolve({ exitCode: exitCode ?? 1, stdout, stderr })),
  );
}

function kubeconfig(server: string): string {
  return `apiVersion: v1
kind: Config
clusters: [{name: kubehop, cluster: {server: "${server}"}}]
contexts: [{name: kubehop, context: {cluster: kubehop, user: kubehop-admin}}]
current-context: kubehop
users: [{name: kubehop-admin, user: {}}]
`;
}

/** Scenes are set apart by empty lines; each has fresh worlds. `#` begins a remark. */
function scenesOf(text: string): readonly (readonly string[])[] {
  return text
    .split(/\n{2,}/)
    .map((scene) => scene.split("\n").filter((line) => line !== "" && !line.startsWith("#")))
    .filter((scene) => scene.length > 0);
}

async function playScene(
  commands: readonly string[],
  wanted: string,
): Promise<{ count: number; problems: string[] }> {
  const home = mkdtempSync(join(tmpdir(), "kubehop-kubectl-"));
  const server = new ApiServerDouble(bootWorld());
  const ours = openOurs(bootWorld());
  const problems: string[] = [];
  try {
    writeFileSync(join(home, "config"), kubeconfig(await server.listen()));
    for (const line of commands) {
      const unordered = line.startsWith("~ ");
      const command = line.replace(/^~ /, "");
      const mine = await ours(command);
      server.beginCommand();
      const theirs = await theirsOf(home, command);
      const wrong = difference(mine, theirs, unordered);
      if (wrong !== undefined && command.includes(wanted)) problems.push(`$ ${command}\n${wrong}`);
    }
  } finally {
    server.close();
    rmSync(home, { recursive: true });
  }
  return { count: commands.length, problems };
}

/** What ends after a time only costs as much as many others. */
function costOf(scene: readonly string[]): number {
  return scene.length + 50 * scene.filter((line) => line.startsWith("timeout ")).length;
}

/** Scenes wait for kubectl more than they compute: several at a time, the longest first. */
const LANES = 4;

async function inLanes<R>(
  items: readonly (readonly string[])[],
  work: (item: readonly string[]) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const waiting = [...items.entries()].sort(([, a], [, b]) => costOf(b) - costOf(a));
  const lane = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift())
      results[next[0]] = await work(next[1]);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return results;
}

const reason = whyNot();
if (reason !== undefined) {
  console.log(
    `SKIPPED: ${reason}. To compare our kubectl with a real one, install kubectl v${MINOR} (https://kubernetes.io/docs/tasks/tools/), or name it in KUBECTL.`,
  );
} else {
  const wanted = process.argv[2] ?? "";
  const scenes = scenesOf(readFileSync(COMMANDS, "utf8"));
  const played = await inLanes(scenes, (scene) => playScene(scene, wanted));
  const count = played.reduce((sum, one) => sum + one.count, 0);
  const problems = played.flatMap((one) => one.problems);
  for (const problem of problems) console.error(`${problem}\n`);
  console.log(`kubectl: ${count} commands compared, ${problems.length} differ.`);
  if (problems.length > 0) process.exitCode = 1;
}
