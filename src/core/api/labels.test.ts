import { expect, test } from "vitest";
import { matchesLabels, matchesSelector } from "./labels";
import type { LabelSelector } from "./types";

const labels = { app: "web", tier: "front" };

test.each<[Record<string, string> | undefined, boolean]>([
  [{ app: "web" }, true],
  [{ app: "web", tier: "front" }, true],
  [{ app: "web", tier: "back" }, false],
  [{ constructor: "x" }, false],
  [{}, false],
  [undefined, false],
])("matchesLabels %j: %s", (selector, expected) => {
  expect(matchesLabels(selector, labels)).toBe(expected);
});

type Expression = NonNullable<LabelSelector["matchExpressions"]>[number];
const of = (key: string, operator: Expression["operator"], values?: string[]): LabelSelector => ({
  matchExpressions: [{ key, operator, ...(values && { values }) }],
});

test.each<[LabelSelector | undefined, boolean]>([
  [{ matchLabels: { app: "web" } }, true],
  [{ matchLabels: { app: "db" } }, false],
  [of("app", "In", ["db", "web"]), true],
  [of("app", "In", ["db"]), false],
  [of("app", "NotIn", ["web"]), false],
  [of("zone", "NotIn", ["web"]), true],
  [of("app", "Exists"), true],
  [of("toString", "Exists"), false],
  [of("zone", "DoesNotExist"), true],
  [{ ...of("app", "Exists"), matchLabels: { app: "db" } }, false],
  [{}, true],
  [undefined, false],
])("matchesSelector %j: %s", (selector, expected) => {
  expect(matchesSelector(selector, labels)).toBe(expected);
});
