import { expect, test } from "vitest";
import { parseDurationUs } from "./duration";

test.each<[string, number | undefined]>([
  ["1s", 1_000_000],
  ["500ms", 500_000],
  ["1m30s", 90_000_000],
  ["1.5h", 5_400_000_000],
  ["1500ns", 2],
  ["0", 0],
  ["0s", 0],
  ["1", undefined],
  ["", undefined],
  ["-1s", undefined],
  ["1 s", undefined],
])("%s", (text, us) => {
  expect(parseDurationUs(text)).toBe(us);
});
