import { describe, expect, test } from "vitest";
import { findCondition } from "../controllers/pod-facts";
import {
  Driver,
  deployment,
  kuard,
  MS,
  node,
  pod,
  SECOND,
  THREE_NODES,
} from "../controllers/testing/driver";
import { cidr, formatCidr } from "../net/cidr";
import { formatIpv4, ipv4 } from "../net/ipv4";
import { allocateIp, EMPTY_IPAM, type NodeIpam, releaseIp } from "./cni/host-local";

function oneNode(podCIDR = "10.244.1.0/24"): Driver {
  const driver = new Driver();
  driver.put(node("node-1", "10.0.1.11", podCIDR));
  return driver;
}

function statusOf(driver: Driver, name: string) {
  return driver.store.find("Pod", "default", name)?.status;
}

describe("host-local", () => {
  const range = cidr("10.9.0.0/29");
  const take = (ipam: NodeIpam) => {
    const result = allocateIp(ipam, range);
    if (!result.ok) throw new Error(result.message);
    return result;
  };

  test("goes round: a released address is not taken again before the range wraps", () => {
    let ipam = EMPTY_IPAM;
    const taken: string[] = [];
    for (let i = 0; i < 7; i++) {
      const result = take(ipam);
      taken.push(formatIpv4(result.ip).slice("10.9.0.".length));
      ipam = releaseIp(result.ipam, result.ip);
    }
    expect(taken.join(" ")).toBe("2 3 4 5 6 2 3");
  });

  test("says so when nothing is left", () => {
    let ipam = EMPTY_IPAM;
    for (let i = 0; i < 5; i++) ipam = take(ipam).ipam;
    expect(allocateIp(ipam, range)).toEqual({
      ok: false,
      message:
        "failed to allocate for range 0: no IP addresses available in range set: 10.9.0.1-10.9.0.6",
    });
  });
});

test("a pod without an address stays in ContainerCreating until one is free", () => {
  const driver = oneNode("10.9.0.0/30");
  driver.put(pod("first", {}), pod("second", {}));
  driver.settle();
  const waiting = driver.pods().find((one) => one.status.phase === "Pending");
  const running = driver.pods().find((one) => one.status.phase === "Running");
  expect(waiting?.status.containerStatuses?.[0]?.state.waiting?.reason).toBe("ContainerCreating");
  expect(driver.events.find((one) => one.reason === "FailedCreatePodSandBox")?.message).toContain(
    "no IP addresses available in range set: 10.9.0.1-10.9.0.2",
  );
  driver.delete("Pod", "default", running?.metadata.name ?? "");
  driver.settle();
  expect(statusOf(driver, waiting?.metadata.name ?? "")).toMatchObject({
    phase: "Running",
    podIP: "10.9.0.2",
  });
});

test("CNI ADD plugs a veth into the bridge, CNI DEL pulls it out", () => {
  const driver = oneNode();
  driver.put(pod("kuard", { app: "kuard" }));
  driver.settle();
  const netns = driver.plane.get("pod/default/kuard");
  const eth0 = netns.interfaces[1];
  const port = driver.plane.get("node/node-1").interfaces[3];
  expect(eth0).toMatchObject({ name: "eth0", peer: { netns: "node/node-1", name: port?.name } });
  expect(port).toMatchObject({
    index: 4,
    master: "cni0",
    hairpin: true,
    peer: { netns: "pod/default/kuard", name: "eth0" },
  });
  expect(port?.name).toMatch(/^veth[0-9a-f]{8}$/);
  expect(netns.routes).toEqual([
    { destination: cidr("0.0.0.0/0"), via: ipv4("10.244.1.1"), dev: "eth0" },
    { destination: cidr("10.244.1.0/24"), dev: "eth0", src: ipv4("10.244.1.2"), kernel: true },
  ]);
  driver.delete("Pod", "default", "kuard");
  driver.settle();
  expect(driver.plane.find("pod/default/kuard")).toBeUndefined();
  expect(driver.plane.get("node/node-1").interfaces.map((one) => one.name)).toEqual([
    "lo",
    "eth0",
    "cni0",
  ]);
});

test("a node routes to the others' pods over eth0, to its own over cni0", () => {
  const driver = new Driver();
  driver.put(...THREE_NODES, node("far", "10.0.2.11", "10.244.9.0/24"));
  driver.settle();
  const lines = driver.plane
    .get("node/node-1")
    .routes.map(({ destination, via, dev, onlink }) =>
      [formatCidr(destination), via && `via ${formatIpv4(via)}`, dev, onlink && "onlink"]
        .filter(Boolean)
        .join(" "),
    );
  expect(lines).toEqual([
    "0.0.0.0/0 via 10.0.1.1 eth0",
    "10.0.1.0/24 eth0",
    "10.244.1.0/24 cni0",
    "10.244.2.0/24 via 10.0.1.12 eth0",
    "10.244.3.0/24 via 10.0.1.13 eth0",
    "10.244.9.0/24 via 10.0.2.11 eth0 onlink",
  ]);
});

describe("readiness", () => {
  test("waits for the initial delay, then is there at once", () => {
    const driver = oneNode();
    const probe = { httpGet: { port: 8080 }, initialDelaySeconds: 5 };
    driver.put(pod("kuard", {}, kuard({ readinessProbe: probe })));
    let runningAtUs = 0;
    driver.watch = () => {
      if (runningAtUs === 0 && statusOf(driver, "kuard")?.phase === "Running")
        runningAtUs = driver.nowUs;
    };
    driver.runUntil(3 * SECOND);
    driver.runUntil(runningAtUs + 5 * SECOND - 1);
    expect(driver.readyPods()).toHaveLength(0);
    expect(driver.queue.foreground).toBeGreaterThan(0);
    // What the probe came to is in the API server 10 ms later.
    driver.runFor(1 + 10 * MS);
    expect(driver.readyPods()).toHaveLength(1);
  });

  test("never comes when the probed port is not served, and the cluster is quiet about it", () => {
    const driver = oneNode();
    driver.put(
      pod("kuard", {}, kuard({ readinessProbe: { httpGet: { path: "/ready", port: 8081 } } })),
    );
    driver.settle();
    expect(driver.readyPods()).toHaveLength(0);
    expect(driver.events.filter((one) => one.reason === "Unhealthy")).toHaveLength(0);
    driver.runFor(10 * SECOND);
    expect(driver.events.find((one) => one.reason === "Unhealthy")?.message).toBe(
      'Readiness probe failed: Get "http://10.244.1.2:8081/ready": dial tcp 10.244.1.2:8081: connect: connection refused',
    );
    expect(findCondition(statusOf(driver, "kuard")?.conditions, "Ready")).toMatchObject({
      status: "False",
      message: "containers with unready status: [kuard]",
    });
  });

  test("failed by hand, goes after three bad probes and comes back after one good", () => {
    const driver = oneNode();
    driver.put(
      pod("kuard", {}, kuard({ readinessProbe: { httpGet: { port: 8080 }, periodSeconds: 2 } })),
    );
    driver.settle();
    driver.setReadiness("default/kuard", false);
    const start = driver.nowUs;
    driver.settle();
    expect(driver.readyPods()).toHaveLength(0);
    expect(driver.nowUs - start).toBeGreaterThan(4 * SECOND);
    expect(driver.events.filter((one) => one.reason === "Unhealthy")).toHaveLength(3);
    driver.setReadiness("default/kuard", true);
    driver.settle();
    expect(driver.readyPods()).toHaveLength(1);
  });
});

test("a failing liveness probe restarts the container, ever more rarely, and the cluster counts as quiet", () => {
  const driver = oneNode();
  driver.put(
    pod("kuard", {}, kuard({ livenessProbe: { tcpSocket: { port: 9999 }, periodSeconds: 1 } })),
  );
  driver.settle();
  driver.runFor(60 * SECOND);
  const restarts = statusOf(driver, "kuard")?.containerStatuses?.[0]?.restartCount ?? 0;
  expect(restarts).toBeGreaterThanOrEqual(3);
  expect(restarts).toBeLessThan(6);
});

test("a startup probe holds readiness back", () => {
  const driver = oneNode();
  const startupProbe = { tcpSocket: { port: 8080 }, initialDelaySeconds: 7 };
  driver.put(
    pod("kuard", {}, kuard({ startupProbe, readinessProbe: { tcpSocket: { port: 8080 } } })),
  );
  driver.runUntil(6 * SECOND);
  expect(driver.readyPods()).toHaveLength(0);
  driver.settle();
  expect(driver.readyPods()).toHaveLength(1);
});

test("a pod from a real cluster keeps its node, address and conditions", () => {
  const driver = oneNode();
  const imported = (name: string, podIP: string, ready: "True" | "False") => ({
    ...pod(name, { app: "kuard" }),
    spec: { nodeName: "node-1", containers: [kuard()] },
    status: { phase: "Running" as const, podIP, conditions: [{ type: "Ready", status: ready }] },
  });
  driver.put(imported("a", "10.244.1.2", "True"), imported("b", "192.168.7.7", "False"));
  driver.put(deployment("other", 1));
  driver.settle();
  expect(statusOf(driver, "a")?.podIP).toBe("10.244.1.2");
  expect(driver.readyPods().map((one) => one.status.podIP)).toEqual(["10.244.1.2", "10.244.1.3"]);
  expect(driver.plane.get("pod/default/b").interfaces[1]?.addresses).toEqual([
    { ip: ipv4("192.168.7.7"), prefix: 32 },
  ]);
  expect(driver.plane.get("node/node-1").routes).toContainEqual({
    destination: cidr("192.168.7.7/32"),
    dev: "cni0",
  });
  expect(driver.reasons("Pod/a")).toEqual([]);
});
