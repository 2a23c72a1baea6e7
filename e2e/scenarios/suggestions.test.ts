import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import type { World } from "../../src/core/cluster/world";
import { bootScenario } from "../../src/scenario/boot";
import { BUILT_IN_SCENARIOS } from "../../src/share/built-in";
import { HeadlessTerminal } from "../../src/shell/headless";
import { type Place, parsePlace } from "../../src/shell/place";
import { endsOf, suggestionsIn, withPod } from "../../src/stores/suggestions";
import { mirrorRecords } from "../../src/worker/views";

const FOLDER = fileURLToPath(new URL("../../public/scenarios", import.meta.url));

it.each(BUILT_IN_SCENARIOS)(
  "all that $name suggests can be tried, one after the other",
  async ({ name }) => {
    const booted = bootScenario(readFileSync(join(FOLDER, `${name}.yaml`), "utf8"));
    if (!booted.ok) throw new Error(JSON.stringify(booted.errors));
    const { world } = booted;
    world.settle();
    world.begin();
    const suggestions = suggestionsIn(mirrorRecords(world));
    expect(suggestions).not.toEqual([]);
    for (const one of suggestions) {
      if ("command" in one) await run(world, one.command, one.from ?? "laptop");
      else {
        const { from, to } = endsOf(one, mirrorRecords(world));
        const sent = world.trace(from, to);
        expect(sent, one.title).toMatchObject({ ok: true });
        const reason = sent.ok ? sent.value.outcome?.verdict.reason : "";
        expect(reason, one.title).not.toBe("NotModelled");
      }
    }
  },
);

/** The shell and the tools know what it says; what they answer is another matter. */
async function run(world: World, command: string, from: string): Promise<void> {
  const terminal = new HeadlessTerminal(world, {
    place: placeOf(from, world),
    turn: () => new Promise((resolve) => setImmediate(resolve)),
  });
  // What watches never ends.
  const line = command.endsWith(" -w") ? `timeout 10 ${command}` : command;
  const { exitCode, stderr } = await terminal.run(line);
  expect([126, 127], command).not.toContain(exitCode);
  expect(stderr, command).not.toMatch(/not modelled|unknown (command|flag|option)|not found$/m);
}

function placeOf(from: string, world: World): Place {
  const place = parsePlace(withPod(from, mirrorRecords(world)));
  if (!place) throw new Error(`there is no place ${from}`);
  if (place.kind !== "pod" || place.container !== "") return place;
  const pod = world.store.find("Pod", place.namespace, place.name);
  return { ...place, container: pod?.spec.containers[0]?.name ?? "" };
}
