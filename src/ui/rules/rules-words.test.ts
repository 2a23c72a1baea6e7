import { expect, test } from "vitest";
import type { NodeRuntimeView } from "../../worker/protocol";
import { countText, restoredText } from "./rules-words";

test("what a text holds", () => {
  const nat = { name: "nat", chains: 12, rules: 1 };
  expect(countText({ errors: [], tables: [nat], sets: 0 })).toBe("nat: 12 chains, 1 rule");
  const filter = { name: "filter", chains: 3, rules: 0 };
  expect(countText({ errors: [], tables: [nat, filter], sets: 2 })).toBe(
    "nat: 12 chains, 1 rule; filter: 3 chains, 0 rules; 2 sets",
  );
});

test("what becomes of restored rules", () => {
  const runtime: NodeRuntimeView = {
    node: "node-1",
    up: true,
    proxyRunning: true,
    proxyHalted: false,
    proxyPending: false,
    proxySyncedAtUs: 5_000_000,
    rules: 3,
    conntrackEntries: 0,
    sourceDestCheck: false,
    vpcRoute: false,
  };
  expect(restoredText(runtime)).toBeUndefined();
  const restored = { ...runtime, restored: { tables: ["raw", "nat"], atUs: 61_240_000 } };
  const what = "raw, nat restored by hand at 01:01.240";
  expect(restoredText(restored)).toBe(
    `${what}; kube-proxy will write its own chains again when it syncs next`,
  );
  expect(restoredText({ ...restored, proxyRunning: false })).toBe(
    `${what}; kube-proxy is stopped, so they stay`,
  );
  expect(restoredText({ ...restored, proxySyncedAtUs: 70_000_000 })).toBe(
    `${what}; kube-proxy has written its own chains again since`,
  );
});
