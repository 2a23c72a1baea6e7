import { expect, test } from "vitest";
import { findCondition } from "./pod-facts";
import { Driver, deployment, kuard, pod, THREE_NODES } from "./testing/driver";

const onHostPort = (hostPort: number, hostIP?: string) =>
  kuard({
    ports: [{ containerPort: 8080, hostPort, protocol: "TCP", ...(hostIP && { hostIP }) }],
  });

function threeNodes(): Driver {
  const driver = new Driver();
  driver.put(...THREE_NODES);
  return driver;
}

test("a node takes one pod for each hostPort; those that are left over stay pending, and say why", () => {
  const driver = threeNodes();
  driver.put(deployment("edge", 4, onHostPort(8081)));
  driver.settle();
  const nodes = driver.pods().map(({ spec }) => spec.nodeName ?? "none");
  expect(nodes.sort()).toEqual(["node-1", "node-2", "node-3", "none"]);
  const message =
    "0/3 nodes are available: 3 node(s) didn't have free ports for the requested pod ports. " +
    "preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.";
  expect(driver.events.find(({ reason }) => reason === "FailedScheduling")?.message).toBe(message);
  const left = driver.pods().find(({ spec }) => spec.nodeName === undefined);
  expect(findCondition(left?.status.conditions, "PodScheduled")).toMatchObject({
    status: "False",
    reason: "Unschedulable",
    message,
  });
});

test("the port is free again when its pod is gone", () => {
  const driver = threeNodes();
  driver.put(...[1, 2, 3, 4].map((number) => pod(`edge-${number}`, {}, onHostPort(8081))));
  driver.settle();
  const holder = driver.pods().find(({ spec }) => spec.nodeName === "node-2");
  driver.delete("Pod", "default", holder?.metadata.name ?? "");
  driver.settle();
  expect(driver.pods().map(({ spec }) => spec.nodeName)).toContain("node-2");
  expect(driver.readyPods()).toHaveLength(3);
});

test("reasons of different kinds are told apart, and so is what preemption could do", () => {
  const driver = threeNodes();
  driver.edit(THREE_NODES[0] as (typeof THREE_NODES)[0], (node) => ({
    ...node,
    spec: { ...node.spec, unschedulable: true },
  }));
  driver.put(...[1, 2, 3].map((number) => pod(`edge-${number}`, {}, onHostPort(8081))));
  driver.settle();
  expect(driver.events.find(({ reason }) => reason === "FailedScheduling")?.message).toBe(
    "0/3 nodes are available: 1 node(s) were unschedulable, " +
      "2 node(s) didn't have free ports for the requested pod ports. " +
      "preemption: 0/3 nodes are available: 1 Preemption is not helpful for scheduling, " +
      "2 No preemption victims found for incoming pod.",
  );
});

test("the same port on two addresses of a node is no clash; on all of them it is one with each", () => {
  const onOneNode = (...ips: (string | undefined)[]) => {
    const driver = new Driver();
    driver.put(THREE_NODES[0] as (typeof THREE_NODES)[0]);
    driver.put(...ips.map((ip, index) => pod(`edge-${index}`, {}, onHostPort(8081, ip))));
    driver.settle();
    return driver.pods().filter(({ spec }) => spec.nodeName).length;
  };
  expect(onOneNode("10.0.1.11", "127.0.0.1")).toBe(2);
  expect(onOneNode("10.0.1.11", "10.0.1.11")).toBe(1);
  expect(onOneNode("10.0.1.11", undefined)).toBe(1);
  expect(onOneNode("0.0.0.0", "10.0.1.11")).toBe(1);
});

test("a pod that names its node goes past the scheduler, and its kubelet rejects it", () => {
  const driver = threeNodes();
  const bound = (name: string) => {
    const made = pod(name, {}, onHostPort(8081));
    return { ...made, spec: { ...made.spec, nodeName: "node-1" } };
  };
  driver.put(bound("first"));
  driver.settle();
  driver.put(bound("second"));
  driver.settle();
  expect(driver.store.find("Pod", "default", "second")?.status).toMatchObject({
    phase: "Failed",
    reason: "NodePorts",
    message:
      "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
  });
  expect(driver.readyPods().map(({ metadata }) => metadata.name)).toEqual(["first"]);
});
