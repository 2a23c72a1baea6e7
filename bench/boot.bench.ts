import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { type BenchRow, cpuSeconds } from "./bench";
import { bootCluster, type ClusterSize, clusterManifests, formatSize } from "./cluster";

const SIZES: readonly ClusterSize[] = [
  { nodes: 3, pods: 9, services: 1 },
  { nodes: 10, pods: 100, services: 10 },
  { nodes: 100, pods: 1_000, services: 100 },
];
const RUNS = 5;

/** From manifests to every pod ready and every proxy in step. Cold: all that a process of its own takes, Node's start
 *  and compiling included. Warm: again in this process. The best of a few runs: others disturb, nobody helps. */
export default async function boot(): Promise<BenchRow[]> {
  const out = mkdtempSync(join(tmpdir(), "kubehop-bench-"));
  try {
    const script = await bundle(out);
    const rows: BenchRow[] = [];
    for (const size of SIZES) {
      const cold = Array.from({ length: RUNS }, () => bootApart(script, size));
      const warm: number[] = [];
      for (let run = 0; run < RUNS; run++) {
        const manifests = clusterManifests(size);
        warm.push(await cpuSeconds(() => bootCluster(manifests)));
      }
      const name = `${formatSize(size)} nodes/pods/Services`;
      rows.push({ name: `${name}, cold`, value: Math.min(...cold), unit: "s CPU" });
      rows.push({ name: `${name}, warm`, value: Math.min(...warm), unit: "s CPU" });
    }
    return rows;
  } finally {
    rmSync(out, { recursive: true });
  }
}

function bootApart(script: string, { nodes, pods, services }: ClusterSize): number {
  const sizes = [nodes, pods, services].map(String);
  const answer = JSON.parse(execFileSync("node", [script, ...sizes], { encoding: "utf8" })) as {
    cpuSeconds: number;
    ready: number;
  };
  if (answer.ready < pods) throw new Error(`only ${answer.ready} pods became ready`);
  return answer.cpuSeconds;
}

/** One plain script, as the browser gets one: nothing is compiled from TypeScript while it is measured. */
async function bundle(out: string): Promise<string> {
  const folder = dirname(fileURLToPath(import.meta.url));
  await build({
    root: folder,
    configFile: false,
    logLevel: "error",
    ssr: { noExternal: true },
    build: {
      ssr: join(folder, "boot-once.ts"),
      outDir: out,
      emptyOutDir: false,
      rollupOptions: { output: { entryFileNames: "boot-once.mjs" } },
    },
  });
  return join(out, "boot-once.mjs");
}
