import { expect, test } from "vitest";
import { openingWords } from "./opening-words";

test("a check and a client that picks endpoints say what they are; a request by name does not", () => {
  const probe = { kind: "probe", pod: "default/web", container: 0, probe: "readiness" } as const;
  expect(openingWords({ to: "10.244.1.2:8080", options: { check: probe } })).toMatch(
    /^The readiness probe of pod default\/web/,
  );
  const target = { kind: "target", service: "default/web", node: "node-2" } as const;
  expect(openingWords({ to: "10.0.1.12:30080", options: { check: target } })).toContain(
    "does node-2 answer?",
  );
  expect(openingWords({ to: "endpoints/default/web:80", options: {} })).toContain(
    "picked this one",
  );
  expect(openingWords({ to: "svc/default/web:80", options: {} })).toBe("");
});
