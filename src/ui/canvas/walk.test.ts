import { expect, test } from "vitest";
import { walkedLine } from "./walk";

test.each([
  ["sets out at the first line", 0, true, 0],
  ["goes down them while the hop lasts", 0.5, true, 2],
  ["is at the last one when it ends", 1, true, 3],
  ["is where it ended for those who step", 0, false, 3],
])("the packet %s", (_, progress, isPlaying, line) => {
  expect(walkedLine(4, progress, isPlaying)).toBe(line);
});
