import { describe, expect, test } from "vitest";
import { canvasModel } from "./model";
import { layoutKey, wiresKey } from "./model-key";
import { pod, withRecords, world } from "./testing/fixture";

const RECORDS = world();
const MODEL = canvasModel(RECORDS);
const first = [...RECORDS.keys()].find((id) => id.startsWith("Pod/default/kuard")) ?? "";
const name = first.split("/")[2] ?? "";

describe("what the layout depends on", () => {
  test("is the same when counters change", () => {
    const runtime = RECORDS.get("nodeRuntime/node-1");
    if (runtime?.type !== "nodeRuntime") throw new Error("no such node");
    const value = { ...runtime.value, conntrackEntries: 99, rules: 1 };
    const now = canvasModel(new Map(RECORDS).set(runtime.id, { ...runtime, value }));
    expect(layoutKey(now)).toBe(layoutKey(MODEL));
    expect(wiresKey(now)).toBe(wiresKey(MODEL));
  });

  test("is another when a pod comes or moves", () => {
    const more = canvasModel(withRecords(RECORDS, pod("new", "node-1", "10.244.1.99")));
    const moved = canvasModel(withRecords(RECORDS, pod(name, "node-3", "10.244.3.99")));
    expect(layoutKey(more)).not.toBe(layoutKey(MODEL));
    expect(layoutKey(moved)).not.toBe(layoutKey(MODEL));
  });
});
