import { compareFrom, showLarge, useCompare, watchRun } from "../../stores/compare";
import { useMirror } from "../../stores/mirror";
import { predict, showWaysAs, usePaths, watchWay } from "../../stores/paths";
import type { WayView } from "../../worker/what-if-protocol";
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

/** The tree marks ways: a single one can be played. */
function markedWay(): WayView | undefined {
  const { prediction, chosen } = usePaths.getState();
  const ways = prediction?.ok ? prediction.ways : [];
  const [only, ...others] = ways.filter(({ index }) => chosen.has(index) || ways.length === 1);
  return others.length === 0 ? only : undefined;
}

export const watchMarked: Action = {
  id: "paths.watch.marked",
  group,
  label: "Watch the marked way hop by hop: nothing is sent",
  also: "paths play possibility",
  needs: [need(usePaths, () => (markedWay() ? "" : "Mark a single way in the tree to watch it."))],
  run: () => {
    const way = markedWay();
    return way && watchWay(way);
  },
};

function waysAction(form: "tree" | "list"): Action {
  return {
    id: `paths.${form}`,
    group,
    label: `Show the predicted ways as a ${form}`,
    also: "paths",
    run: () => {
      openDock("paths");
      showWaysAs(form);
    },
  };
}

export const waysAs = { tree: waysAction("tree"), list: waysAction("list") } as const;

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
  waysAs.tree,
  waysAs.list,
  watchMarked,
  compareHere,
  compareLarger,
  sendPossibility,
  leavePossibility,
];

export function watchId({ index }: Pick<WayView, "index">): string {
  return `paths.watch.${index}`;
}

const RUNS = [
  ["without", "without the change"],
  ["changed", "with the change"],
] as const;

export function watchRunId(run: "without" | "changed"): string {
  return `compare.watch.${run}`;
}

/** What was predicted or compared last, to watch. */
export function wayActions(): readonly Action[] {
  const { report } = useCompare.getState();
  const runs = RUNS.flatMap(([run, words]): Action[] =>
    report?.ok && report[run].sent.ok
      ? [
          {
            id: watchRunId(run),
            group,
            label: `Watch the run ${words}`,
            also: "compare",
            run: () => watchRun(report[run]),
          },
        ]
      : [],
  );
  return [...predictedWays(), ...runs];
}

function predictedWays(): readonly Action[] {
  const { prediction } = usePaths.getState();
  if (!prediction?.ok) return [];
  return prediction.ways.map((way) => ({
    id: watchId(way),
    group,
    label: `Watch the way to ${way.server ?? way.verdict.reason ?? way.verdict.kind} (${percentText(way.probability)})`,
    also: "path possibility play",
    run: () => watchWay(way),
  }));
}
