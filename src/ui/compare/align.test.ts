import { expect, test } from "vitest";
import { align } from "./align";

test("equal lines meet, others stand where they are missing", () => {
  const rows = align(
    ["user send", "node-1 DNAT a", "node-1 MASQUERADE", "web delivered"],
    ["user send", "node-2 bridge", "node-2 DNAT b", "web delivered"],
  );
  expect(rows).toEqual([
    { kind: "same", left: "user send", right: "user send" },
    { kind: "added", left: undefined, right: "node-2 bridge" },
    { kind: "different", left: "node-1 DNAT a", right: "node-2 DNAT b" },
    { kind: "removed", left: "node-1 MASQUERADE", right: undefined },
    { kind: "same", left: "web delivered", right: "web delivered" },
  ]);
});

test("what only the second has comes as added", () => {
  expect(align(["a"], ["a", "b"]).map(({ kind }) => kind)).toEqual(["same", "added"]);
  expect(align([], ["b"])).toEqual([{ kind: "added", left: undefined, right: "b" }]);
  expect(align([], [])).toEqual([]);
});
