import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { clusterOf } from "../../testing/cluster";
import type { Reason } from "../../trace/verdict";
import { MACHINE_CASES } from "./testing/machine-cases";
import { NAME_CASES } from "./testing/name-cases";
import { ENDPOINT_CASES, SERVICE_CASES } from "./testing/service-cases";
import { WHY_CODES, type WhyCode } from "./why";
import { whyNot } from "./why-not";

/** What no manifests bring about. */
const WITHOUT_CASE: readonly WhyCode[] = ["ConnectionReset", "NotModelled"];

test("docs/verdicts.md has one row for each code, and no other", () => {
  const text = readFileSync("docs/verdicts.md", "utf8");
  const rows = [...text.matchAll(/^\| `(\w+)` \|/gm)].map(([, code]) => code);
  expect([...rows].sort()).toEqual([...WHY_CODES].sort());
  for (const line of text.split("\n").filter((one) => one.startsWith("| `")))
    expect(line.split(" | ").length + (line.match(/ \| \|/g) ?? []).length, line).toBeGreaterThan(
      4,
    );
});

test("each code is brought about by manifests", () => {
  const cases = [...ENDPOINT_CASES, ...SERVICE_CASES, ...MACHINE_CASES, ...NAME_CASES];
  const missing = WHY_CODES.filter((code) => !cases.some((one) => one.code === code));
  expect(missing).toEqual(WITHOUT_CASE);
});

test.each([
  ["ConnectionReset", "ConnectionReset"],
  ["NotModelled", "NotModelled"],
] as const)("%s says no more than is known", (reason: Reason, code) => {
  const place = "node/node-1/local";
  const explanation = "a reset came back from 10.0.0.9";
  const verdict = { kind: "refused", reason, explanation, place } as const;
  const packet = {
    protocol: "tcp",
    src: 1,
    dst: 2,
    sport: 3,
    dport: 4,
    ttl: 64,
    mark: 0,
    seq: 0,
    ack: 0,
    payloadBytes: 0,
  } as const;
  const hop = {
    atUs: 0,
    connection: 1,
    role: "SYN",
    direction: "original",
    node: "node-1",
    place,
    kind: "drop",
    before: packet,
    after: packet,
    walks: [],
    detail: "",
    verdict,
  } as const;
  const why = whyNot(clusterOf(""), { from: "", to: "", hops: [hop], outcome: { verdict } });
  expect(why).toMatchObject({ code, place, cause: "A reset came back from 10.0.0.9.", fix: [] });
});
