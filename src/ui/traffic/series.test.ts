import { expect, test } from "vitest";
import type { OutcomeCount, Tally } from "../../worker/what-if-protocol";
import { seriesOf } from "./series";

function answered(pod: string, count: number): OutcomeCount {
  const server = `pod/default/${pod}`;
  return { verdict: "delivered", reason: null, server, node: `node-of-${pod}`, words: "", count };
}

const refused: OutcomeCount = {
  verdict: "refused",
  reason: "NoSocket",
  server: null,
  node: "node-1",
  words: "",
  count: 2,
};

const tally: Tally = {
  sinceUs: 1_000_000,
  sent: 9,
  ended: 9,
  outcomes: [],
  marks: [],
  failed: [],
  buckets: [
    {
      atUs: 1_000_000,
      outcomes: [answered("a", 3), answered("b", 1)],
      rulesTested: 80,
      firstPackets: 4,
    },
    { atUs: 1_500_000, outcomes: [answered("b", 3), refused], rulesTested: 100, firstPackets: 5 },
  ],
};

test("slices without a request are zeros, counts are per second", () => {
  const series = seriesOf(tally, 1_800_000);
  expect(series.seconds).toEqual([1, 1.25, 1.5, 1.75]);
  expect(series.servers).toEqual([
    { name: "a", values: [12, 0, 0, 0] },
    { name: "b", values: [4, 0, 12, 0] },
  ]);
  expect(series.nodes.map(({ name }) => name)).toEqual(["node-of-a", "node-of-b"]);
  expect(series.failures[0]).toEqual({ name: "connection refused", values: [0, 0, 8, 0] });
  expect(series.rules[0]?.values).toEqual([20, null, 20, null]);
});

test("only the last minute, and no more lines than can be told apart", () => {
  const buckets = Array.from({ length: 400 }, (_, i) => ({
    atUs: i * 250_000,
    outcomes: Array.from({ length: 9 }, (_, pod) => answered(`p${pod}`, pod + 1)),
    rulesTested: 1,
    firstPackets: 1,
  }));
  const series = seriesOf({ ...tally, sinceUs: 0, buckets }, 99_500_000);
  expect(series.seconds[0]).toBe(39);
  expect(series.servers.map(({ name }) => name)).toEqual([
    "p4",
    "p5",
    "p6",
    "p7",
    "p8",
    "4 others",
  ]);
  // A whole second's, and half a second's so far with the quarter that begins: as many per second.
  const perSecond = 4 * (1 + 2 + 3 + 4);
  expect(series.servers.at(-1)?.values[0]).toBe(perSecond);
  expect(series.seconds).toHaveLength(61);
});

test("a quarter of a minute and more is shown in seconds, the last one as far as it goes", () => {
  const bucket = { outcomes: [answered("a", 5)], rulesTested: 10, firstPackets: 5 };
  const buckets = Array.from({ length: 82 }, (_, i) => ({ ...bucket, atUs: i * 250_000 }));
  const series = seriesOf({ ...tally, sinceUs: 0, buckets }, 20_500_000);
  expect(series.servers[0]?.values).toEqual(Array(21).fill(20));
  expect(series.rules[0]?.values.at(-1)).toBe(2);
});
