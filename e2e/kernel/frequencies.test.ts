import { expect, test } from "vitest";
import type { Attempt, Outcome } from "./compare";
import type { Flow } from "./flows";
import { findImprobable, frequencyTests } from "./frequencies";

const TO = { ip: "10.96.0.20", port: 80, protocol: "tcp" } as const;
const FLOWS: readonly Flow[] = ["pod/default/a", "pod/default/b"].map((from) => ({
  id: `${from} > web`,
  from,
  to: TO,
}));

function answeredBy(server: string, probability: number): Outcome {
  return {
    probability,
    verdict: "delivered",
    reason: null,
    server,
    serverSeesSrcIp: "10.244.1.2",
    serverLocal: "10.244.1.9:8080",
  };
}

const HALVES = [answeredBy("pod/default/web-1", 0.5), answeredBy("pod/default/web-2", 0.5)];

/** So many answers of each server. */
function attempts(first: number, second: number): readonly Attempt[] {
  const of = (server: string, count: number): Attempt[] =>
    Array.from({ length: count }, () => ({
      verdict: "delivered",
      server,
      sees: "10.244.1.2",
      local: "10.244.1.9:8080",
    }));
  return [...of("pod/default/web-1", first), ...of("pod/default/web-2", second)];
}

function testsOf(first: number, second: number) {
  return frequencyTests(
    FLOWS,
    () => HALVES,
    () => attempts(first, second),
  );
}

test("flows to one destination are counted together", () => {
  const [only, ...others] = testsOf(10, 10);
  expect(others).toEqual([]);
  expect(only).toMatchObject({ flows: ["pod/default/a > web", "pod/default/b > web"], degrees: 1 });
  expect(only?.probability).toBeCloseTo(1, 5);
});

test("coincidence is let pass, what is none is not", () => {
  expect(findImprobable(testsOf(26, 24))).toEqual([]);
  expect(findImprobable(testsOf(30, 20))).toEqual([]);
  expect(findImprobable(testsOf(50, 0))).toHaveLength(1);
});

test("many that are off by a little are no coincidence together", () => {
  const all = Array.from({ length: 40 }, () => testsOf(32, 18)).flat();
  expect(findImprobable(all.slice(0, 1))).toEqual([]);
  expect(findImprobable(all)).toHaveLength(40);
});

test("too few attempts say nothing", () => {
  expect(testsOf(2, 1)).toEqual([]);
});
