import { compareFrom, showLarge, useCompare } from "../../stores/compare";
import { useMirror } from "../../stores/mirror";
import { predict, usePaths, watchWay } from "../../stores/paths";
import { percentText } from "../parts/describe";
import { type Action, need } from "./action";
import { leavePossibility, sendPossibility } from "./possibility";
import { openDock } from "./view";

const group = "What if";

export const predictWays: Action = {
  id: "paths.predict",
  group,
  label: "Predict: every way this request could go",
  also: "paths all tree list probability chance",
  run: () => {
    openDock("paths");
    return predict();
  },
};

export const compareHere: Action = {
  id: "compare.here",
  group,
  label: "Fork here: compare with a change from the moment shown …",
  also: "compare both runs side by side",
  run: () => compareFrom(useMirror.getState().nowUs),
};

export const compareLarger: Action = {
  id: "compare.larger",
  group,
  label: "Both runs, larger",
  also: "compare",
  needs: [need(useCompare, ({ report }) => (report ? "" : "Nothing was compared yet."))],
  run: () => {
    openDock("compare");
    showLarge(true);
  },
};

export const WHAT_IF_ACTIONS: readonly Action[] = [
  predictWays,
  compareHere,
  compareLarger,
  sendPossibility,
  leavePossibility,
];

/** Those that were predicted last, to watch. */
export function wayActions(): readonly Action[] {
  const { prediction } = usePaths.getState();
  if (!prediction?.ok) return [];
  return prediction.ways.map((way) => ({
    id: `paths.watch.${way.index}`,
    group,
    label: `Watch the way to ${way.server ?? way.verdict.reason ?? way.verdict.kind} (${percentText(way.probability)})`,
    also: "path possibility play",
    run: () => watchWay(way),
  }));
}
