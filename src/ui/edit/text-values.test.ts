import { expect, test } from "vitest";
import {
  formatListens,
  formatPairs,
  parseListens,
  parseNumber,
  parsePairs,
  parseWords,
} from "./text-values";

test.each([
  ["app=web, tier=front", { app: "web", tier: "front" }],
  ["app=web tier", { app: "web", tier: "" }],
  ["a=b=c", { a: "b=c" }],
  ["  ", undefined],
])("pairs: %j", (text, pairs) => {
  expect(parsePairs(text)).toEqual(pairs);
  if (pairs) expect(parsePairs(formatPairs(pairs))).toEqual(pairs);
});

test.each([
  ["80", 80],
  ["-1", -1],
  ["http", "http"],
  ["8o", "8o"],
  ["", undefined],
])("a number or a name: %j", (text, value) => {
  expect(parseNumber(text)).toBe(value);
});

test("what a host listens on", () => {
  const listens = parseListens("80, 53/udp");
  expect(listens).toEqual([
    { protocol: "TCP", port: 80 },
    { protocol: "UDP", port: 53 },
  ]);
  expect(formatListens(listens)).toBe("80, 53/udp");
  expect(parseWords("a.example, b.example")).toEqual(["a.example", "b.example"]);
});
