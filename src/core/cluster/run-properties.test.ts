import fc from "fast-check";
import { expect, test } from "vitest";
import { KINDS } from "../api/types";
import { formatRuleset } from "../dataplane/netfilter/print";
import { SECOND } from "../sim/time";
import { bootRandom, type RandomCluster, randomCluster, settle } from "../testing/random-cluster";
import { commandOf, editOf, type RandomStep, randomSteps } from "../testing/random-commands";
import type { Command } from "./command";
import { Session } from "./session";
import type { World } from "./world";

const SEED = 20_261_122;
const TIMEOUT_MS = 60_000;

/** A run of these steps, those that are refused left out. */
function run(cluster: RandomCluster, steps: readonly RandomStep[]): Session {
  const session = new Session(bootRandom(cluster));
  for (const step of steps) {
    session.advance(step.afterUs);
    const command = commandOf(cluster, session.world, step);
    if (command) session.execute(command);
  }
  session.advance(5 * SECOND);
  return session;
}

/** Everything that the run can tell, as text. */
function bytesOf(session: Session): string {
  const { world } = session;
  return JSON.stringify({
    log: session.log,
    journeys: session.journeys(),
    now: world.nowUs,
    traffic: world.traffic,
    objects: KINDS.flatMap((kind) => [...world.store.list(kind)]),
    rules: rulesOf(world),
  });
}

function rulesOf(world: World): readonly string[] {
  const nodes = [...world.store.list("Node")].map(({ metadata }) => `node/${metadata.name}`);
  return nodes.map((node) => formatRuleset(world.plane.ruleset(node)));
}

/** Chains that have rules of many Services, in whatever order kube-proxy came to know them. */
const OF_MANY = /^-A KUBE-(SERVICES|NODEPORTS|EXTERNAL-SERVICES|PROXY-FIREWALL) /;

/** The rules, chain by chain; of chains of many Services in the order of the alphabet. */
function sortedRulesOf(world: World): readonly string[] {
  return rulesOf(world).map((text) => {
    const chains = new Map<string, string[]>();
    let table = "";
    for (const line of text.split("\n")) {
      if (line.startsWith("*")) table = line;
      const [chain = ""] = /^(-A |:)\S+/.exec(line) ?? [];
      const name = `${table} ${chain}`;
      chains.set(name, [...(chains.get(name) ?? []), line]);
    }
    return [...chains]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([, lines]) => (OF_MANY.test(lines[0] ?? "") ? lines.sort() : lines))
      .join("\n");
  });
}

test(
  "the same seed and the same actions: the same bytes, played again and gone back to",
  () => {
    fc.assert(
      fc.property(randomCluster, randomSteps, (cluster, steps) => {
        const session = run(cluster, steps);
        const bytes = bytesOf(session);
        expect(bytesOf(run(cluster, steps))).toBe(bytes);
        const { horizonUs } = session;
        session.seek(session.startUs);
        session.seek(horizonUs);
        expect(bytesOf(session)).toBe(bytes);
      }),
      { seed: SEED, numRuns: 40 },
    );
  },
  TIMEOUT_MS,
);

test("an edit and its undo leave the same rules on every node, and the edit done again those that it made", {
  timeout: TIMEOUT_MS,
}, () => {
  fc.assert(
    fc.property(randomCluster, randomSteps, (cluster, steps) => {
      const apps = cluster.apps.map((app) => ({ ...app, unready: 0 }));
      const world = bootRandom({ ...cluster, apps });
      const perform = (command: Command): readonly string[] | undefined => {
        const { ok } = world.execute(command);
        settle(world);
        return ok ? sortedRulesOf(world) : undefined;
      };
      for (const step of steps.slice(0, 3)) {
        const edit = editOf(cluster, world, step);
        // Which pods a Deployment takes away, and which it makes in place of those that it loses, is its own affair.
        if (!edit || step.what === "scale") continue;
        const before = sortedRulesOf(world);
        const edited = perform(edit);
        if (!edited) continue;
        expect(perform({ type: "undo" }), `undo ${JSON.stringify(edit)}`).toEqual(before);
        const again = perform({ type: "redo" });
        if (step.what !== "deletePod" && step.what !== "label")
          expect(again, `redo ${JSON.stringify(edit)}`).toEqual(edited);
        expect(perform({ type: "undo" }), `undo again ${JSON.stringify(edit)}`).toEqual(before);
      }
    }),
    { seed: SEED, numRuns: 50 },
  );
});
