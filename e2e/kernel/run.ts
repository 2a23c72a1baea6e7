// Builds what `kubehop dump` prints on this machine's Linux kernel, sends real packets and compares with what `kubehop
// paths` says: for each built-in scenario, those of e2e/kernel/scenarios and generated ones.
// `npm run test:kernel -- [--seed N] [--generated K] [--workers N] [SCENARIO.yaml…]`, as root.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UserError } from "../../src/cli/user-error";
import { canSpeakSctp, findObstacle } from "./obstacle";
import { parseOptions } from "./options";
import { collectScenarios } from "./scenarios";
import { summarize } from "./summary";
import { compareAll } from "./worker-pool";

const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 } as const;

async function main(): Promise<number> {
  const options = parseOptions(process.argv.slice(2));
  const obstacle = findObstacle();
  if (obstacle !== undefined) {
    process.stdout.write(`kernel agreement: skipped (${obstacle})\n`);
    return 0;
  }
  if (!canSpeakSctp()) process.stdout.write("SCTP: skipped (this kernel answers by itself)\n");
  const startedAt = performance.now();
  const stop = new AbortController();
  for (const [name, number] of Object.entries(SIGNALS))
    process.once(name, () => stop.abort(128 + number));
  const scratch = mkdtempSync(join(tmpdir(), "kubehop-kernel-"));
  try {
    const scenarios = collectScenarios(options, scratch);
    const reports = await compareAll(scenarios, options.workers, scratch, stop.signal);
    const { lines, agreed } = summarize(reports, performance.now() - startedAt);
    process.stdout.write(`${lines.join("\n")}\n`);
    return agreed ? 0 : 1;
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    process.stderr.write("kernel agreement: stopped\n");
    return stop.signal.reason as number;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

process.exitCode = await main().catch((error) => {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`error: ${error.message}\n`);
  return 1;
});
