import { findImprobable } from "./frequencies";
import type { ScenarioReport } from "./report";

/** More than that nobody reads. */
const MOST_SHOWN = 60;

/** The list of disagreements, and the last line. */
export function summarize(
  reports: readonly ScenarioReport[],
  elapsedMs: number,
): { readonly lines: readonly string[]; readonly agreed: boolean } {
  const improbable = new Set(findImprobable(reports.flatMap(({ frequencies }) => frequencies)));
  const texts: string[] = [];
  let asked = 0;
  let agreed = 0;
  for (const { name, flows, disagreements, frequencies } of reports) {
    const off = frequencies.filter((test) => improbable.has(test));
    for (const { flow, text } of disagreements) texts.push(`${name}: ${flow}: ${text}`);
    for (const { flows: ids, text } of off) texts.push(`${name}: ${ids[0]}: ${text}`);
    const disagreeing = new Set([
      ...disagreements.map(({ flow }) => flow),
      ...off.flatMap(({ flows: ids }) => ids),
    ]);
    asked += flows;
    agreed += flows - disagreeing.size;
  }
  const hidden = texts.length - MOST_SHOWN;
  return {
    lines: [
      ...texts.slice(0, MOST_SHOWN),
      ...(hidden > 0 ? [`… and ${hidden} more`] : []),
      `${reports.length} scenarios, ${(elapsedMs / 1_000).toFixed(0)} s`,
      `kernel agreement: ${agreed}/${asked} flows`,
    ],
    agreed: agreed === asked && asked > 0,
  };
}
