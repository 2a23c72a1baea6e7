import { expect, test } from "vitest";
import { overflowing } from "./fit-tabs";

const FIVE = [100, 100, 100, 100, 100];

test.each([
  ["all of them fit", 500, 0, []],
  ["the last ones make room for a list of them", 499, 0, [4]],
  ["the current one stays", 499, 4, [3]],
  ["one after the other", 300, 2, [1, 3, 4]],
  ["no room at all", 50, 1, [0, 2, 3, 4]],
])("%s", (_, room, current, tucked) => {
  expect(overflowing(FIVE, room, current)).toEqual(tucked);
});

test("a short tab does not slip in past one that found no room", () => {
  expect(overflowing([100, 300, 20], 350, 0)).toEqual([1, 2]);
});
