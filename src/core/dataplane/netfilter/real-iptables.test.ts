import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { bootScenario } from "../../../scenario/boot";
import { parseRestore, type Restored } from "./parse/restore";
import { formatRule, formatRuleset } from "./print";
import { BUILT_IN_CHAINS, type Ruleset, TABLE_NAMES, type TableName, tableOf } from "./rules";
import { arbitraryRule } from "./testing/arbitrary-rules";
import { areTaken, findIptablesObstacle, loadAndSave, testRestore } from "./testing/real-iptables";

const obstacle = findIptablesObstacle();
const suffix = obstacle === undefined ? "" : ` (skipped: ${obstacle})`;
const onKernel = test.skipIf(obstacle !== undefined);

function tablesOf(restored: Restored): Ruleset {
  if (!restored.ok) throw new Error(JSON.stringify(restored.errors));
  return restored.tables;
}

const RULES = 400;

for (const name of ["nat", "filter", "mangle", "raw", "security"] as const) {
  onKernel(`${name}: a real iptables loads what is printed, and saves the same${suffix}`, () => {
    const rules = fc.sample(arbitraryRule(name, ["TWO", "THREE"]), {
      seed: 20_261_122,
      numRuns: RULES,
    });
    const table = tableOf(name, [
      { name: "ONE", rules },
      { name: "TWO", rules: [] },
      { name: "THREE", rules: [] },
    ]);
    const saved = tablesOf(parseRestore(loadAndSave(formatRuleset({ [name]: table }))));
    const lines = saved[name]?.chains.get("ONE")?.rules.map((rule) => formatRule("ONE", rule));
    expect(lines).toEqual(rules.map((rule) => formatRule("ONE", rule)));
  });
}

/** Each is refused somewhere. */
const PARTICULAR = [
  "-m rpfilter",
  "-m addrtype --dst-type LOCAL --limit-iface-in",
  "-m addrtype --src-type LOCAL --limit-iface-out",
  "-m physdev ! --physdev-is-out",
  "-m physdev --physdev-is-out --physdev-is-bridged",
  "-m physdev --physdev-out e ! --physdev-is-bridged",
  "-i e",
  "-o e",
  "-p tcp -j REJECT --reject-with tcp-reset",
  "-j DROP",
  "-j DNAT --to-destination 10.0.0.1",
  "-j SNAT --to-source 10.0.0.1",
  "-j MASQUERADE",
  "-j CT --notrack",
  "-j TRACE",
  "-j CHECKSUM --checksum-fill",
  "-p tcp --syn -j TCPMSS --clamp-mss-to-pmtu",
];

/** A rule in a chain, or in one that the chain calls. */
interface Place {
  readonly table: TableName;
  readonly lines: readonly string[];
  readonly own?: string;
}

const places = TABLE_NAMES.flatMap((table) =>
  BUILT_IN_CHAINS[table].flatMap((hook) =>
    PARTICULAR.flatMap((rule, index): readonly Place[] => {
      const own = `${hook}-${index}`;
      return [
        { table, lines: [`-A ${hook} ${rule}`] },
        { table, own, lines: [`-A ${hook} -j ${own}`, `-A ${own} ${rule}`] },
      ];
    }),
  ),
);

function textOf(table: TableName, all: readonly Place[]): string {
  const chains = all.flatMap(({ own }) => (own ? [`:${own} - [0:0]`] : []));
  return [`*${table}`, ...chains, ...all.flatMap(({ lines }) => lines), "COMMIT", ""].join("\n");
}

onKernel(
  `what may stand in which chain, and in those that it calls${suffix}`,
  () => {
    const isTaken = (place: Place) => parseRestore(textOf(place.table, [place])).ok;
    const taken = places.filter(isTaken);
    for (const table of TABLE_NAMES) {
      const text = textOf(
        table,
        taken.filter((place) => place.table === table),
      );
      expect(loadAndSave(text)).toContain("COMMIT");
    }
    const refused = places.filter((place) => !isTaken(place));
    const texts = refused.map((place) => textOf(place.table, [place]));
    const answers = areTaken(texts);
    expect(answers).toHaveLength(texts.length);
    expect(texts.filter((_, index) => answers[index])).toEqual([]);
    expect([taken.length > 100, refused.length > 100]).toEqual([true, true]);
  },
  120_000,
);

const FOLDER = "e2e/kernel/scenarios";
const files = [
  "public/scenarios/default.yaml",
  ...readdirSync(FOLDER).map((file) => `${FOLDER}/${file}`),
];

onKernel(
  `dumps of scenarios: loaded, saved and read back as the same rules${suffix}`,
  () => {
    for (const file of files) {
      const booted = bootScenario(readFileSync(file, "utf8"));
      if (!booted.ok) throw new Error(`${file}: ${JSON.stringify(booted.errors)}`);
      booted.world.settle();
      const [node] = [...booted.world.store.list("Node")];
      const id = `node/${node?.metadata.name}`;
      const ruleset = booted.world.plane.ruleset(id);
      const { sets } = booted.world.plane.get(id);
      const printed = formatRuleset(ruleset);
      expect([file, testRestore(printed, sets)]).toEqual([file, ""]);
      const saved = tablesOf(parseRestore(loadAndSave(printed, sets), sets));
      for (const table of Object.keys(ruleset) as TableName[])
        expect([file, formatRuleset({ [table]: saved[table] })]).toEqual([
          file,
          formatRuleset({ [table]: ruleset[table] }),
        ]);
    }
  },
  120_000,
);
