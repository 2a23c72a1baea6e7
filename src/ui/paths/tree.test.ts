import { expect, test } from "vitest";
import type { WayView } from "../../worker/what-if-protocol";
import { rowsOf, treeOf } from "./tree";

function way(
  index: number,
  node: string,
  pod: string,
  probability: number,
  fails = false,
): WayView {
  return {
    index,
    probability,
    verdict: fails
      ? { kind: "refused", reason: "NoSocket", explanation: "", place: "" }
      : { kind: "delivered", explanation: "", place: "" },
    server: fails ? null : `pod/default/${pod}`,
    steps: [
      { place: "elb/default/web", decides: "elb/web: target", choice: node, probability: 0.5 },
      { place: `node/${node}/iptables`, decides: `${node}: SVC`, choice: pod, probability: 0.5 },
    ],
    places: [],
  };
}

const WAYS = [
  way(0, "node-1", "a", 0.125),
  way(1, "node-1", "b", 0.375, true),
  way(2, "node-2", "a", 0.5),
];

test("a decision's branches add up to it, and the likeliest comes first", () => {
  const tree = treeOf(WAYS, "host/user");
  expect(tree).toMatchObject({ probability: 1, decides: "elb/web: target", ways: [0, 1, 2] });
  expect(tree.branches.map(({ label, probability }) => [label, probability])).toEqual([
    ["node-1", 0.5],
    ["node-2", 0.5],
  ]);
  const [first] = tree.branches;
  expect(first?.branches.map(({ label, share, failed }) => [label, share, failed])).toEqual([
    ["b", 0.75, true],
    ["a", 0.25, false],
  ]);
  expect(first?.branches[0]?.end).toBe("✕ refused: NoSocket");
});

test("what is closed hides what is in it", () => {
  const tree = treeOf(WAYS, "host/user");
  expect(rowsOf(tree, new Set())).toHaveLength(6);
  const [first] = tree.branches;
  const rows = rowsOf(tree, new Set([first?.id ?? ""]));
  expect(rows.map(({ branch, level }) => `${level} ${branch.label}`)).toEqual([
    "1 host/user",
    "2 node-1",
    "2 node-2",
    "3 a",
  ]);
});

test("ways without a turn are one branch", () => {
  const [only] = WAYS.map((one) => ({ ...one, steps: [], probability: 1 }));
  const tree = treeOf(only ? [only] : [], "host/user");
  expect(tree.decides).toBeUndefined();
  expect(tree.branches.map(({ label }) => label)).toEqual(["answered by a"]);
});
