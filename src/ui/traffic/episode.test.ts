import { expect, test } from "vitest";
import type { TrafficMark } from "../../worker/what-if-protocol";
import { episodesOf, titleOf } from "./episode";
import { lanesOf } from "./lanes";

const MS = 1_000;

function mark(atMs: number, kind: TrafficMark["kind"], object: string): TrafficMark {
  return { atUs: atMs * MS, kind, object, detail: "" };
}

/** A deletion as the simulation marks it: endpoints after 100 ms, rules of two nodes after them. */
function deletion(atMs: number, pod: string, rulesMs: readonly [number, number]): TrafficMark[] {
  return [
    mark(atMs, "deleted", `Pod/default/${pod}`),
    mark(atMs + 37, "signalled", `Pod/default/${pod}`),
    mark(atMs + 50, "exited", `Pod/default/${pod}`),
    mark(atMs + 100, "sliceChanged", "EndpointSlice/default/web-x"),
    mark(atMs + 200, "unplugged", `Pod/default/${pod}`),
    mark(atMs + rulesMs[0], "rulesChanged", "Node/node-1"),
    mark(atMs + rulesMs[1], "rulesChanged", "Node/node-2"),
  ].sort((a, b) => a.atUs - b.atUs);
}

const refused = (atMs: number) =>
  ({ atUs: atMs * MS, verdict: "refused", reason: "NoSocket" }) as const;

test("a deletion is one episode until every node's rules have followed, however long kube-proxy waits", () => {
  const marks = [...deletion(0, "a", [180, 220]), ...deletion(5_000, "b", [1_300, 1_350])];
  const failed = [refused(60), refused(4_000), refused(6_000)];
  const episodes = episodesOf({ marks, failed }, ["node-1", "node-2"]);
  expect(episodes.map(titleOf)).toEqual(["a deleted", "b deleted"]);
  expect(episodes.map(({ startUs, endUs }) => [startUs / MS, endUs / MS])).toEqual([
    [0, 220],
    [5_000, 6_350],
  ]);
  expect(episodes.map(({ failed }) => failed.length)).toEqual([1, 1]);
});

test("what is far apart and waits for nothing is another episode", () => {
  const marks = [
    ...deletion(0, "a", [180, 220]),
    mark(700, "ready", "Pod/default/c"),
    mark(800, "sliceChanged", "EndpointSlice/default/web-x"),
    mark(1_900, "rulesChanged", "Node/node-1"),
  ];
  expect(episodesOf({ marks, failed: [] }, ["node-1"]).map(titleOf)).toEqual([
    "a deleted",
    "c ready",
  ]);
});

test("lanes: who still served, whose rules still led there, and what failed", () => {
  const [episode] = episodesOf({ marks: deletion(0, "a", [180, 220]), failed: [refused(60)] }, [
    "node-1",
    "node-2",
  ]);
  if (!episode) throw new Error("no episode");
  const { pods, nodes, failed, widthUs } = lanesOf(episode);
  expect(pods).toMatchObject([
    { name: "a", stretches: [{ state: "serves" }, { state: "closed" }, { state: "gone", to: 1 }] },
  ]);
  expect(nodes.map(({ name, stretches }) => [name, stretches[0]?.to])).toEqual([
    ["node-1", (180 * MS) / widthUs],
    ["node-2", (220 * MS) / widthUs],
  ]);
  expect(failed).toMatchObject([{ at: (60 * MS) / widthUs, failure: "connection refused" }]);
});

test("rules that do not follow are told, and so are the failures after", () => {
  const [episode] = episodesOf(
    { marks: deletion(0, "a", [180, 220]), failed: [refused(60), refused(2_000), refused(9_000)] },
    ["node-1", "node-2", "node-3"],
  );
  if (!episode) throw new Error("no episode");
  expect(episode.behind).toEqual(["node-3"]);
  expect(episode.failed).toHaveLength(2);
  expect(lanesOf(episode).nodes.at(-1)).toEqual({
    name: "node-3",
    stretches: [{ from: 0, to: 1, state: "old" }],
  });
});
