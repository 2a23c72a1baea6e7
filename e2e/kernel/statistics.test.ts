import { expect, test } from "vitest";
import { chiSquareTail } from "./statistics";

// Values of chi-square tables: probability 0.05, 0.01 and 0.001.
test.each([
  [1, 3.8415, 6.6349, 10.8276],
  [2, 5.9915, 9.2103, 13.8155],
  [3, 7.8147, 11.3449, 16.2662],
  [10, 18.307, 23.2093, 29.5883],
  [99, 123.225, 134.642, 148.23],
  [1_000, 1074.679, 1106.969, 1143.917],
])("chi-square with %i degrees", (degrees, five, one, tenth) => {
  expect(chiSquareTail(five, degrees)).toBeCloseTo(0.05, 3);
  expect(chiSquareTail(one, degrees)).toBeCloseTo(0.01, 3);
  expect(chiSquareTail(tenth, degrees)).toBeCloseTo(0.001, 4);
});

test("what is exactly as expected is no surprise, and what is far off is one", () => {
  expect(chiSquareTail(0, 3)).toBeCloseTo(1, 6);
  expect(chiSquareTail(0, 0)).toBe(1);
  expect(chiSquareTail(60, 1)).toBeLessThan(1e-12);
  expect(chiSquareTail(3_000, 1_000)).toBeLessThan(1e-12);
});
