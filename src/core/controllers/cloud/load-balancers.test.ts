import { describe, expect, test } from "vitest";
import type { Service } from "../../api/types";
import { formatIpv4 } from "../../net/ipv4";
import {
  Driver,
  daemonSet,
  deployment,
  MS,
  pod,
  SECOND,
  service,
  THREE_NODES,
} from "../testing/driver";
import { healthyTargets } from "./load-balancer";

const KEY = "default/kuard";

function balanced(more: Partial<Service["spec"]> = {}): Service {
  return service(
    "kuard",
    { app: "kuard" },
    { type: "LoadBalancer", ...more },
    { nodePort: 30_080 },
  );
}

function cluster(more: Partial<Service["spec"]> = {}): Driver {
  const driver = new Driver();
  const proxies = daemonSet("kube-proxy", "registry.k8s.io/kube-proxy:v1.32.4");
  driver.put(...THREE_NODES, proxies, deployment("kuard", 2), balanced(more));
  return driver;
}

function find(driver: Driver): Service | undefined {
  return driver.store.find("Service", "default", "kuard");
}

describe("a Service of type LoadBalancer", () => {
  test("gets a hostname after some seconds, and targets after two good checks", () => {
    const driver = cluster();
    driver.runUntil(5 * SECOND);
    expect(find(driver)?.status.loadBalancer.ingress).toBeUndefined();
    expect(find(driver)?.metadata.finalizers).toEqual([
      "service.kubernetes.io/load-balancer-cleanup",
    ]);
    driver.runFor(50 * MS);
    const [ingress] = find(driver)?.status.loadBalancer.ingress ?? [];
    expect(ingress?.hostname).toMatch(/^auiddefaultkuard-\d{10}\.us-west-2\.elb\.amazonaws\.com$/);
    driver.runFor(20 * SECOND - 1);
    expect(healthyTargets(driver.state.controllers, KEY)).toEqual([]);
    // Targets are checked within half a second.
    driver.runFor(500 * MS + 1);
    expect(healthyTargets(driver.state.controllers, KEY)).toEqual(["node-1", "node-2", "node-3"]);
    expect(driver.queue.foreground).toBe(0);
    expect(driver.reasons("Service/kuard")).toEqual([
      "EnsuringLoadBalancer",
      "EnsuredLoadBalancer",
    ]);
    const netns = driver.plane.get("elb/default/kuard");
    const eth0 = netns.interfaces.find((one) => one.name === "eth0");
    expect(eth0?.addresses.map((one) => formatIpv4(one.ip))).toEqual(["10.0.0.5", "192.0.2.10"]);
    expect(netns.listeners).toMatchObject([{ protocol: "tcp", port: 80, program: "proxy" }]);
  });

  test("drops a dead node after six bad checks and takes it back after two good ones", () => {
    const driver = cluster();
    driver.settle();
    driver.setPower("node-2", false);
    const next = driver.state.controllers.loadBalancers.get(KEY)?.nextCheckAtUs ?? 0;
    driver.runUntil(next + 50 * SECOND);
    expect(healthyTargets(driver.state.controllers, KEY)).toContain("node-2");
    // The last of them is silent for five seconds.
    driver.runFor(5 * SECOND);
    expect(healthyTargets(driver.state.controllers, KEY)).toEqual(["node-1", "node-3"]);
    driver.setPower("node-2", true);
    driver.settle();
    expect(healthyTargets(driver.state.controllers, KEY)).toHaveLength(3);
  });

  test("is deleted only after its load balancer is", () => {
    const driver = cluster();
    driver.settle();
    driver.delete("Service", "default", "kuard");
    driver.runFor(500 * MS);
    expect(find(driver)?.metadata.deletionTimestamp).toBeDefined();
    driver.settle();
    expect(find(driver)).toBeUndefined();
    expect(driver.plane.find("elb/default/kuard")).toBeUndefined();
    expect(driver.reasons("Service/kuard").slice(2)).toEqual([
      "DeletingLoadBalancer",
      "DeletedLoadBalancer",
    ]);
  });

  test("turned into a ClusterIP, gives its load balancer back", () => {
    const driver = cluster();
    driver.settle();
    driver.edit(balanced(), (one) => ({ ...one, spec: { ...one.spec, type: "ClusterIP" } }));
    driver.settle();
    expect(find(driver)?.status.loadBalancer).toEqual({});
    expect(find(driver)?.metadata.finalizers).toBeUndefined();
    expect(driver.state.controllers.loadBalancers.size).toBe(0);
  });

  test("that the cloud refuses says why, once until the retry", () => {
    const driver = cluster({ sessionAffinity: "ClientIP" });
    driver.runUntil(4 * SECOND);
    const failures = () => driver.events.filter((one) => one.reason === "SyncLoadBalancerFailed");
    expect(failures().map((one) => one.message)).toEqual([
      "Error syncing load balancer: failed to ensure load balancer: unsupported load balancer affinity: ClientIP",
    ]);
    driver.runUntil(8 * SECOND);
    expect(failures()).toHaveLength(2);
    driver.edit(balanced(), (one) => ({ ...one, spec: { ...one.spec, sessionAffinity: "None" } }));
    driver.settle();
    expect(healthyTargets(driver.state.controllers, KEY)).toHaveLength(3);
  });

  test("keeps the ingress that it came with", () => {
    const driver = new Driver();
    const imported = {
      ...balanced(),
      status: { loadBalancer: { ingress: [{ ip: "192.0.2.77" }] } },
    };
    driver.put(...THREE_NODES, imported, pod("kuard", { app: "kuard" }));
    driver.settle();
    expect(find(driver)?.status.loadBalancer.ingress).toEqual([{ ip: "192.0.2.77" }]);
    expect(formatIpv4(driver.state.controllers.loadBalancers.get(KEY)?.ip ?? 0)).toBe("192.0.2.77");
  });

  test("stays pending without a cloud, and gets an address in one that gives addresses", () => {
    for (const [cloud, ingress] of [
      ["none", undefined],
      ["ip", [{ ip: "192.0.2.10", ipMode: "VIP" }]],
    ] as const) {
      const driver = new Driver({ cloud });
      driver.put(...THREE_NODES, balanced());
      driver.settle();
      expect(find(driver)?.status.loadBalancer.ingress).toEqual(ingress);
    }
  });
});
