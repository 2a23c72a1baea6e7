import { expect, test } from "vitest";
import { formatTimestamp, parseTimestamp, SECOND } from "../../core/sim/time";
import { formatDuration, formatLongTime } from "./time";

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [-5, "<invalid>"],
  [-0.5, "0s"],
  [0, "0s"],
  [119, "119s"],
  [2 * MINUTE, "2m"],
  [5 * MINUTE + 28, "5m28s"],
  [10 * MINUTE - 1, "9m59s"],
  [10 * MINUTE, "10m"],
  [3 * HOUR - 1, "179m"],
  [3 * HOUR, "3h"],
  [8 * HOUR - 1, "7h59m"],
  [8 * HOUR, "8h"],
  [2 * DAY - 1, "47h"],
  [2 * DAY, "2d"],
  [7 * DAY + 3 * HOUR, "7d3h"],
  [8 * DAY, "8d"],
  [400 * DAY, "400d"],
  [2 * 365 * DAY + 3 * DAY, "2y3d"],
  [9 * 365 * DAY, "9y"],
])("%d s ago is %s", (seconds, text) => {
  expect(formatDuration(seconds * SECOND)).toBe(text);
});

test("timestamps are read as they are written", () => {
  for (const atUs of [0, 59 * SECOND, 40 * DAY * SECOND, 800 * DAY * SECOND])
    expect(parseTimestamp(formatTimestamp(atUs))).toBe(atUs);
  expect(parseTimestamp("2026-11-22T10:06:43+01:00")).toBeUndefined();
});

test("describe writes the day of the week", () => {
  expect(formatLongTime("2026-11-22T10:06:43Z")).toBe("Sun, 22 Nov 2026 10:06:43 +0000");
  expect(formatLongTime("2026-01-01T00:00:00Z")).toBe("Thu, 01 Jan 2026 00:00:00 +0000");
});
