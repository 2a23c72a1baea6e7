import { expect, test } from "vitest";
import { type Attempt, findUnforeseen, type Outcome } from "./compare";
import { findUncalledFor } from "./oracle/judge";

const WEB: Outcome = {
  probability: 1,
  verdict: "delivered",
  reason: null,
  server: "pod/default/web",
  serverSeesSrcIp: "10.244.1.1",
  serverLocal: "10.244.1.2:8080",
};
const ANSWER: Attempt = {
  verdict: "delivered",
  server: "pod/default/web",
  sees: "10.244.1.1",
  local: "10.244.1.2:8080",
};
const SILENCE: Outcome = {
  probability: 1,
  verdict: "dropped",
  reason: "NetfilterDrop",
  server: null,
  serverSeesSrcIp: null,
  serverLocal: null,
};

test.each<[string, readonly Outcome[], readonly Attempt[], boolean]>([
  ["the same server, address and port", [WEB], [ANSWER], true],
  ["another source address", [WEB], [{ ...ANSWER, sees: "10.244.1.9" }], false],
  ["another port", [WEB], [{ ...ANSWER, local: "10.244.1.2:80" }], false],
  ["silence where silence was foreseen", [SILENCE], [{ verdict: "dropped" }], true],
  ["refused where silence was foreseen", [SILENCE], [{ verdict: "refused" }], false],
  [
    "one of several",
    [
      { ...WEB, probability: 0.5 },
      { ...SILENCE, probability: 0.5 },
    ],
    [ANSWER],
    true,
  ],
  ["nothing tried", [WEB], [], false],
])("%s", (_, outcomes, attempts, agree) => {
  expect(findUnforeseen(outcomes, attempts) === undefined).toBe(agree);
});

test("a disagreement names both sides, and why", () => {
  expect(
    findUnforeseen([SILENCE], [{ verdict: "refused", error: "ECONNREFUSED" }]),
  ).toBe(`the kernel does what \`paths\` does not list
  paths:  100.0 % dropped (NetfilterDrop)
  kernel: 100.0 % refused of 1 (ECONNREFUSED)`);
});

const CALLED_FOR = {
  servers: new Map([["pod/default/web 10.244.1.2:8080", 1]]),
  refused: 0,
  dropped: 0,
  exact: true,
};

test("simulation and kernel may agree and both be wrong", () => {
  const other = { ...CALLED_FOR, servers: new Map([["pod/default/db 10.244.1.3:5432", 1]]) };
  expect(findUncalledFor(CALLED_FOR, [WEB], [ANSWER])).toBeUndefined();
  expect(findUncalledFor(other, [WEB], [ANSWER])).toContain("let pod/default/web 10.244.1.2:8080");
  expect(findUncalledFor(CALLED_FOR, [SILENCE], [{ verdict: "dropped" }])).toContain(
    "100.0 % dropped",
  );
});

test("where the network decides, silence is no fault and a stranger is one", () => {
  const inexact = { ...CALLED_FOR, exact: false };
  expect(findUncalledFor(inexact, [SILENCE], [{ verdict: "dropped" }])).toBeUndefined();
  const stranger = { ...ANSWER, server: "pod/default/db" };
  expect(findUncalledFor(inexact, [WEB], [stranger])).toContain("let pod/default/db");
});
