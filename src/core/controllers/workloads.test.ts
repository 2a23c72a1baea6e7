import { describe, expect, test } from "vitest";
import { matchesLabels } from "../api/labels";
import { cidr, contains } from "../net/cidr";
import { ipv4 } from "../net/ipv4";
import { isActive, isPodReady } from "./pod-facts";
import { planRollout } from "./rollout";
import {
  Driver,
  daemonSet,
  deployment,
  kuard,
  MS,
  node,
  pod,
  SECOND,
  THREE_NODES,
} from "./testing/driver";

function threeKuards(): Driver {
  const driver = new Driver();
  driver.put(...THREE_NODES, deployment("kuard", 3));
  driver.settle();
  return driver;
}

describe("a Deployment of 3", () => {
  test("becomes three ready pods, one on each node, with addresses of its pod CIDR", () => {
    const driver = threeKuards();
    const pods = driver.readyPods();
    expect(pods.map((one) => one.spec.nodeName).sort()).toEqual(["node-1", "node-2", "node-3"]);
    for (const one of pods) {
      const range = cidr(`10.244.${one.spec.nodeName?.slice(-1)}.0/24`);
      expect(contains(range, ipv4(one.status.podIP ?? ""))).toBe(true);
      expect(one.metadata.name).toMatch(
        /^kuard-[456789bcdf]{1,10}-[bcdfghjklmnpqrstvwxz2456789]{5}$/,
      );
      expect(driver.plane.get(`pod/default/${one.metadata.name}`).listeners).toMatchObject([
        { protocol: "tcp", port: 8080, program: "http" },
      ]);
    }
    expect(driver.store.find("Deployment", "default", "kuard")?.status).toMatchObject({
      replicas: 3,
      readyReplicas: 3,
      availableReplicas: 3,
      unavailableReplicas: 0,
    });
    expect(driver.reasons(`Pod/${pods[0]?.metadata.name}`)).toEqual([
      "Scheduled",
      "Pulled",
      "Created",
      "Started",
    ]);
  });

  test("takes its time: an address before it is ready, ready about a second after it was asked for", () => {
    const driver = new Driver();
    driver.put(...THREE_NODES, deployment("kuard", 1));
    let addressAtUs = 0;
    let readyAtUs = 0;
    driver.watch = () => {
      const [one] = driver.pods();
      if (one?.status.podIP && addressAtUs === 0) addressAtUs = driver.nowUs;
      if (one && isPodReady(one) && readyAtUs === 0) readyAtUs = driver.nowUs;
    };
    driver.settle();
    expect(addressAtUs).toBeGreaterThan(300 * MS);
    expect(readyAtUs).toBeGreaterThan(addressAtUs + 399 * MS);
    expect(readyAtUs).toBeLessThan(2 * SECOND);
    const again = new Driver();
    again.put(...THREE_NODES, deployment("kuard", 1));
    again.runUntil(readyAtUs - 1);
    expect(again.readyPods()).toHaveLength(0);
    again.runUntil(readyAtUs);
    expect(again.readyPods()).toHaveLength(1);
  });

  test("scaled down, the surplus stops: process, namespace, then object", () => {
    const driver = threeKuards();
    const seen = new Set<string>();
    driver.watch = () => {
      for (const one of driver.pods().filter((each) => !isActive(each))) {
        const netns = driver.plane.find(`pod/default/${one.metadata.name}`);
        seen.add(netns ? (netns.listeners.length > 0 ? "serving" : "silent") : "no netns");
      }
    };
    driver.edit(deployment("kuard", 3), (one) => ({ ...one, spec: { ...one.spec, replicas: 1 } }));
    driver.settle();
    expect([...seen]).toEqual(["serving", "silent", "no netns"]);
    expect(driver.pods()).toHaveLength(1);
    expect([...driver.plane.all()].filter((one) => one.id.startsWith("pod/"))).toHaveLength(1);
  });

  test("updated, it never has fewer ready pods than allowed, nor more pods", () => {
    const driver = threeKuards();
    let fewest = 3;
    let most = 0;
    driver.watch = () => {
      const active = driver.pods().filter(isActive);
      fewest = Math.min(fewest, active.filter(isPodReady).length);
      most = Math.max(most, active.length);
    };
    const green = kuard({ image: "gcr.io/kuar-demo/kuard-amd64:green" });
    driver.edit(deployment("kuard", 3), (one) => ({
      ...one,
      spec: { ...one.spec, template: { ...one.spec.template, spec: { containers: [green] } } },
    }));
    driver.settle();
    expect({ fewest, most }).toEqual({ fewest: 3, most: 4 });
    expect(driver.readyPods().map((one) => one.spec.containers[0]?.image)).toEqual(
      Array(3).fill(green.image),
    );
    expect([...driver.store.list("ReplicaSet")].map((set) => set.spec.replicas)).toEqual([0, 3]);
  });

  test("with strategy Recreate, old pods are gone before new ones come", () => {
    const driver = new Driver();
    const recreate = deployment("kuard", 2, kuard(), { strategy: { type: "Recreate" } });
    driver.put(...THREE_NODES, recreate);
    driver.settle();
    let mixed = false;
    driver.watch = () => {
      mixed ||= new Set(driver.pods().map((one) => one.spec.containers[0]?.image)).size > 1;
    };
    const template = {
      ...recreate.spec.template,
      spec: { containers: [kuard({ image: "kuard:2" })] },
    };
    driver.edit(recreate, (one) => ({ ...one, spec: { ...one.spec, template } }));
    driver.settle();
    expect(mixed).toBe(false);
    expect(driver.readyPods().map((one) => one.spec.containers[0]?.image)).toEqual([
      "kuard:2",
      "kuard:2",
    ]);
  });

  test("deleted, it takes ReplicaSet and pods along", () => {
    const driver = threeKuards();
    driver.delete("Deployment", "default", "kuard");
    driver.settle();
    expect(driver.store.count("ReplicaSet") + driver.store.count("Pod")).toBe(0);
  });
});

test("a pod whose label is moved away is released, replaced, and taken back when the label returns", () => {
  const driver = threeKuards();
  const [moved] = driver.pods();
  if (!moved) throw new Error("no pod");
  driver.edit(moved, (one) => ({
    ...one,
    metadata: { ...one.metadata, labels: { app: "other" } },
  }));
  driver.settle();
  const released = driver.store.find("Pod", "default", moved.metadata.name);
  expect(released?.metadata.ownerReferences).toBeUndefined();
  expect(driver.readyPods()).toHaveLength(4);
  driver.edit(moved, (one) => ({
    ...one,
    metadata: { ...one.metadata, labels: moved.metadata.labels ?? {} },
  }));
  driver.settle();
  expect(
    driver.pods().filter((one) => matchesLabels({ app: "kuard" }, one.metadata.labels)),
  ).toHaveLength(3);
  expect(driver.pods()).toHaveLength(3);
});

test("a DaemonSet puts one pod on every node, also on one that joins later", () => {
  const driver = new Driver();
  driver.put(...THREE_NODES, daemonSet("kube-proxy", "registry.k8s.io/kube-proxy:v1.32.4"));
  driver.settle();
  driver.put(node("node-4", "10.0.1.14"));
  driver.settle();
  const pods = driver.readyPods("kube-system");
  expect(pods.map((one) => [one.spec.nodeName, one.status.podIP])).toEqual([
    ["node-1", "10.0.1.11"],
    ["node-2", "10.0.1.12"],
    ["node-3", "10.0.1.13"],
    ["node-4", "10.0.1.14"],
  ]);
  expect(driver.plane.get("node/node-4").listeners).toContainEqual({
    protocol: "tcp",
    port: 10_256,
    owner: `pod/kube-system/${pods[3]?.metadata.name}`,
    process: "kube-proxy",
    program: "healthz",
  });
});

test("a pod that no node takes says why, and is scheduled when one does", () => {
  const driver = new Driver();
  const [first, second, third] = THREE_NODES;
  if (!first || !second || !third) throw new Error("three nodes");
  const taint = { key: "dedicated", value: "db", effect: "NoSchedule" } as const;
  driver.put({ ...first, spec: { ...first.spec, taints: [taint] } });
  driver.put({ ...second, spec: { ...second.spec, unschedulable: true } }, third);
  const picky = pod("picky", { app: "picky" });
  driver.put({ ...picky, spec: { ...picky.spec, nodeSelector: { disk: "ssd" } } });
  driver.settle();
  expect(driver.events.find((event) => event.reason === "FailedScheduling")?.message).toBe(
    "0/3 nodes are available: 1 node(s) didn't match Pod's node affinity/selector, " +
      "1 node(s) had untolerated taint {dedicated: db}, 1 node(s) were unschedulable. " +
      "preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.",
  );
  driver.edit(third, (one) => ({ ...one, metadata: { ...one.metadata, labels: { disk: "ssd" } } }));
  driver.settle();
  expect(driver.readyPods().map((one) => one.spec.nodeName)).toEqual(["node-3"]);
});

test("a namespace that is deleted is emptied first", () => {
  const driver = threeKuards();
  const metadata = { name: "default", namespace: "", uid: "ns", resourceVersion: "" };
  driver.put({
    apiVersion: "v1",
    kind: "Namespace",
    metadata: { ...metadata, deletionTimestamp: "2026-01-01T00:00:09Z" },
    status: { phase: "Terminating" },
  });
  driver.settle();
  expect(
    driver.store.count("Namespace") + driver.store.count("Pod") + driver.store.count("Deployment"),
  ).toBe(0);
});

test.each([
  // desired, surge, unavailable, current, old → next current, next old
  { desired: 4, surge: 1, unavailable: 1, current: [0, 0], old: [4, 4], next: [1, 4] },
  { desired: 4, surge: 1, unavailable: 1, current: [1, 0], old: [4, 4], next: [1, 3] },
  { desired: 4, surge: 1, unavailable: 0, current: [1, 0], old: [4, 4], next: [1, 4] },
  { desired: 4, surge: 1, unavailable: 0, current: [1, 1], old: [4, 4], next: [1, 3] },
  { desired: 4, surge: 0, unavailable: 1, current: [0, 0], old: [4, 4], next: [0, 3] },
  { desired: 4, surge: 0, unavailable: 1, current: [0, 0], old: [4, 2], next: [0, 3] },
])("rollout: $current of the new and $old of the old give $next", (row) => {
  const load = ([replicas = 0, available = 0]: readonly number[]) => ({ replicas, available });
  const plan = planRollout({
    desired: row.desired,
    rolling: { maxSurge: row.surge, maxUnavailable: row.unavailable },
    current: load(row.current),
    old: [load(row.old)],
    oldPodsLeft: true,
  });
  expect([plan.current, ...plan.old]).toEqual(row.next);
});
