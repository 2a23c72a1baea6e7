import { describe, expect, test } from "vitest";
import { findCondition } from "./pod-facts";
import {
  Driver,
  daemonSet,
  deployment,
  MS,
  node,
  SECOND,
  service,
  THREE_NODES,
} from "./testing/driver";

function cluster(): Driver {
  const driver = new Driver();
  driver.put(...THREE_NODES, deployment("kuard", 3), service("kuard", { app: "kuard" }));
  driver.settle();
  return driver;
}

function nodeReady(driver: Driver, name: string): string | undefined {
  const found = driver.store.find("Node", "", name);
  return findCondition(found?.status.conditions, "Ready")?.status;
}

function readyEndpoints(driver: Driver): number {
  const [slice] = driver.store.list("EndpointSlice");
  return slice?.endpoints.filter((one) => one.conditions?.ready).length ?? 0;
}

describe("a node whose machine is switched off", () => {
  test("is NotReady 40 s after its last heartbeat, not a moment before, and so are its pods", () => {
    const driver = cluster();
    driver.runUntil(20 * SECOND);
    const last = driver.state.controllers.nodes.get("node-2")?.lastHeartbeatUs ?? 0;
    driver.setPower("node-2", false);
    driver.runUntil(last + 40 * SECOND - 1);
    expect([nodeReady(driver, "node-2"), driver.readyPods().length]).toEqual(["True", 3]);
    driver.runUntil(last + 40 * SECOND);
    expect([nodeReady(driver, "node-2"), driver.readyPods().length]).toEqual(["Unknown", 2]);
    expect(readyEndpoints(driver)).toBe(3);
    driver.runFor(100 * MS);
    expect(readyEndpoints(driver)).toBe(2);
    expect(driver.store.find("Node", "", "node-2")?.spec.taints?.map((one) => one.effect)).toEqual([
      "NoSchedule",
      "NoExecute",
    ]);
  });

  test("loses its pods after 300 s more; they wait there, terminating, until it is back", () => {
    const driver = cluster();
    driver.setPower("node-2", false);
    driver.settle();
    const notReadyAtUs = driver.events.find((one) => one.reason === "NodeNotReady")?.atUs ?? 0;
    driver.runUntil(notReadyAtUs + 300 * SECOND - 1);
    expect(driver.pods()).toHaveLength(3);
    driver.runFor(10 * SECOND);
    expect(driver.readyPods().map((one) => one.spec.nodeName)).not.toContain("node-2");
    expect(driver.pods().filter((one) => one.metadata.deletionTimestamp)).toHaveLength(1);
    driver.setPower("node-2", true);
    driver.settle();
    expect(driver.pods()).toHaveLength(3);
    expect(driver.readyPods()).toHaveLength(3);
  });

  test("and on again within the time, has its pods back in the Service", () => {
    const driver = cluster();
    driver.setPower("node-2", false);
    driver.runFor(60 * SECOND);
    expect(readyEndpoints(driver)).toBe(2);
    driver.setPower("node-2", true);
    driver.settle();
    expect([nodeReady(driver, "node-2"), readyEndpoints(driver)]).toEqual(["True", 3]);
    expect(driver.store.find("Node", "", "node-2")?.spec.taints).toBeUndefined();
    driver.runFor(400 * SECOND);
    expect(driver.readyPods()).toHaveLength(3);
  });

  test("starts no pod while it is off", () => {
    const driver = cluster();
    driver.setPower("node-1", false);
    driver.edit(deployment("kuard", 3), (one) => ({ ...one, spec: { ...one.spec, replicas: 6 } }));
    driver.runFor(10 * SECOND);
    expect(driver.readyPods()).toHaveLength(5);
    driver.setPower("node-1", true);
    driver.settle();
    expect(driver.readyPods()).toHaveLength(6);
  });
});

test("a node that is removed takes its machine and pods along, and nobody routes to it", () => {
  const driver = cluster();
  driver.put(daemonSet("kube-proxy", "kube-proxy"));
  driver.settle();
  driver.delete("Node", "", "node-3");
  expect([...driver.plane.all()].map((one) => one.machine)).not.toContain("node-3");
  driver.settle();
  expect(driver.readyPods().map((one) => one.spec.nodeName)).toHaveLength(3);
  expect(driver.readyPods().map((one) => one.spec.nodeName)).not.toContain("node-3");
  expect(driver.readyPods("kube-system")).toHaveLength(2);
  expect(driver.plane.get("node/node-1").routes).toHaveLength(4);
});

test("a node without pod CIDR gets the next free block", () => {
  const driver = new Driver();
  driver.put(
    node("a", "10.0.1.21"),
    node("b", "10.0.1.22", "10.244.1.0/24"),
    node("c", "10.0.1.23"),
  );
  driver.settle();
  expect([...driver.store.list("Node")].map((one) => one.spec.podCIDR)).toEqual([
    "10.244.0.0/24",
    "10.244.1.0/24",
    "10.244.2.0/24",
  ]);
});

describe("a run", () => {
  const run = (seed: number) => {
    const driver = new Driver({ seed });
    driver.put(...THREE_NODES, deployment("kuard", 3), service("kuard", { app: "kuard" }));
    driver.settle();
    return driver;
  };
  const json = (driver: Driver) =>
    JSON.stringify([
      [...driver.store.list("Pod")],
      [...driver.store.list("EndpointSlice")],
      [...driver.plane.all()],
      driver.events,
    ]);

  test("is the same with the same seed, another with another", () => {
    expect(json(run(7))).toBe(json(run(7)));
    expect(json(run(7))).not.toBe(json(run(8)));
  });

  test("that is forked goes on as if it had not been, whatever happens in the fork", () => {
    const original = new Driver({ seed: 7 });
    original.put(...THREE_NODES, deployment("kuard", 3), service("kuard", { app: "kuard" }));
    original.runUntil(500 * MS);
    const untouched = original.fork();
    const fork = original.fork();
    fork.setPower("node-1", false);
    fork.delete("Deployment", "default", "kuard");
    fork.delete("Service", "default", "kuard");
    fork.delete("Node", "", "node-2");
    fork.runFor(100 * SECOND);
    expect(fork.readyPods()).toHaveLength(0);
    for (const one of [original, untouched]) {
      one.settle();
      expect(json(one)).toBe(json(run(7)));
    }
  });
});
