import { describe, expect, it } from "vitest";
import type { PodRuntimeView } from "../../worker/pod-network-protocol";
import { podStatus } from "./podStatus";
import { pod } from "./testing/fixture";

const running = pod("kuard", "node-1", "10.244.1.5");
const crashing = {
  name: "kuard",
  image: "kuard",
  ready: false,
  restartCount: 3,
  state: { waiting: { reason: "CrashLoopBackOff" } },
};

describe("a pod's status", () => {
  it.each([
    ["● Ready", running],
    ["○ NotReady", pod("kuard", "node-1", "10.244.1.5", { ready: false })],
    ["◌ Pending", pod("kuard", undefined)],
    ["◌ ContainerCreating", pod("kuard", "node-1")],
    ["✕ Terminating", pod("kuard", "node-1", "10.244.1.5", { deleted: true })],
    ["✕ Evicted", { ...running, status: { phase: "Failed", reason: "Evicted" } } as const],
    ["✓ Completed", { ...running, status: { phase: "Succeeded" } } as const],
    [
      "✕ CrashLoopBackOff",
      { ...running, status: { ...running.status, containerStatuses: [crashing] } },
    ],
  ])("is %s", (expected, shown) => {
    const { symbol, word } = podStatus(shown);
    expect(`${symbol} ${word}`).toBe(expected);
  });
});

describe("a pod on its way", () => {
  const at = (stage: PodRuntimeView["stage"], deleted = false) =>
    podStatus(pod("kuard", "node-1", deleted ? "10.244.1.5" : undefined, { deleted }), {
      stage,
      interfaces: [],
      listens: [],
    }).word;

  it("says how far its network and its containers are", () => {
    expect([at("waiting"), at("networking"), at("sandboxed")]).toEqual([
      "ContainerCreating",
      "sandbox, CNI ADD",
      "containers start",
    ]);
    expect(at("noAddress")).toBe("no network");
  });

  it("says how far it is gone", () => {
    expect([at("leaving", true), at("signalled", true), at("unplugged", true)]).toEqual([
      "Terminating",
      "SIGTERM",
      "network gone",
    ]);
  });
});
