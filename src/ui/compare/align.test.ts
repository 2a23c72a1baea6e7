import { expect, test } from "vitest";
import { align } from "./align";

test("equal lines meet, others stand where they are missing", () => {
  const rows = align(
    ["send", "DNAT a", "MASQUERADE", "delivered"],
    ["send", "DNAT b", "delivered"],
  );
  expect(rows).toEqual([
    { kind: "same", left: "send", right: "send" },
    { kind: "different", left: "DNAT a", right: "DNAT b" },
    { kind: "removed", left: "MASQUERADE", right: undefined },
    { kind: "same", left: "delivered", right: "delivered" },
  ]);
});

test("what only the second has comes as added", () => {
  expect(align(["a"], ["a", "b"]).map(({ kind }) => kind)).toEqual(["same", "added"]);
  expect(align([], ["b"])).toEqual([{ kind: "added", left: undefined, right: "b" }]);
  expect(align([], [])).toEqual([]);
});
