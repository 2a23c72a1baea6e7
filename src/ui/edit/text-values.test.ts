import { expect, test } from "vitest";
import { formatPairs, formatWords, parseNumber, parsePairs, parseWords } from "./text-values";

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

test("words", () => {
  expect(parseWords("a.example, b.example")).toEqual(["a.example", "b.example"]);
  expect(parseWords(" ")).toBeUndefined();
  expect(formatWords(["a", "b"])).toBe("a, b");
});
