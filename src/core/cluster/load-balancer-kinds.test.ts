// Who the pod sees as its client, by the kind of load balancer and externalTrafficPolicy: out of the packets.
import { describe, expect, test } from "vitest";
import type { ClusterConfig } from "../api/cluster-config";
import { clusterOf, pod } from "../testing/cluster";
import { findWay, outcomes } from "../testing/packet-flow";
import { explain } from "./explain";
import { stepsOf } from "./ways";
import type { World } from "./world";

const NLB = "{service.beta.kubernetes.io/aws-load-balancer-type: nlb}";

function service(
  name: string,
  annotations: string,
  spec = "",
  port = "{port: 80, targetPort: 8080}",
) {
  return `
---
{apiVersion: v1, kind: Service, metadata: {name: ${name}, annotations: ${annotations}}, spec: {type: LoadBalancer, selector: {app: web}, ports: [${port}]${spec}}}`;
}

const LOCAL = ", externalTrafficPolicy: Local";

function cluster(services: string, config: Partial<ClusterConfig> = {}): World {
  const pods = pod("web-1", "node-1", "app: web") + pod("web-2", "node-2", "app: web");
  return clusterOf(pods + services, config);
}

function seen(world: World, name: string, from = "host/user", port = 80) {
  return outcomes(world, from, `lb/default/${name}:${port}`);
}

describe("who the pod sees", () => {
  const world = cluster(
    service("classic", "{}") +
      service("classic-local", "{}", LOCAL) +
      service("nlb", NLB) +
      service("nlb-local", NLB, LOCAL),
  );

  test("classic ELB, policy Cluster: a node; never the client", () => {
    const who = Object.keys(seen(world, "classic"));
    expect(who.length).toBeGreaterThan(1);
    for (const one of who) expect(one).toMatch(/sees 10\.(0\.1\.1[123]|244\.[12]\.1)$/);
  });

  test("classic ELB, policy Local: the ELB", () => {
    const { vpcIp } =
      world.loadBalancers().find((one) => one.service.endsWith("classic-local")) ?? {};
    expect(vpcIp).toBeDefined();
    for (const one of Object.keys(seen(world, "classic-local")))
      expect(one).toMatch(/sees 10\.0\.0\.\d+$/);
  });

  test("NLB, policy Cluster: a node", () => {
    for (const one of Object.keys(seen(world, "nlb")))
      expect(one).toMatch(/sees 10\.(0\.1\.1[123]|244\.[12]\.1)$/);
  });

  test("NLB, policy Local: the client itself, and only nodes with a pod get it", () => {
    expect(seen(world, "nlb-local")).toEqual({
      "pod/default/web-1 sees 203.0.113.10": 0.5,
      "pod/default/web-2 sees 203.0.113.10": 0.5,
    });
  });
});

test("an NLB rewrites the destination alone, and the answer goes back through it", () => {
  const world = cluster(service("nlb", NLB, LOCAL));
  const journey = findWay(world, { from: "host/user", to: "lb/default/nlb:80" });
  const { hops } = journey;
  const there = hops.filter(({ place }) => place === "elb/default/nlb");
  expect(there.map(({ direction, kind }) => `${direction} ${kind}`).slice(0, 2)).toEqual([
    "original NAT",
    "reply NAT",
  ]);
  const [on, back] = there;
  expect(on?.after).toMatchObject({ src: on?.before.src, sport: on?.before.sport });
  expect(on?.after.dst).not.toBe(on?.before.dst);
  expect(back?.after).toMatchObject({ src: on?.before.dst, sport: 80, dst: on?.before.src });
  if (!on || !back) throw new Error("the packet did not pass the load balancer twice");
  expect(explain(on)).toContain("the source stays 203.0.113.10: the node sees the client itself");
  expect(explain(back)).toContain("puts its own address in the place of the node's");
  const steps = stepsOf(journey, world.store);
  expect(steps.map(({ decides }) => decides)).toEqual(["nlb/nlb: target"]);
  expect(steps[0]).toMatchObject({
    choice: expect.stringMatching(/^node-[12]$/),
    probability: 0.5,
  });
  // One connection from end to end.
  expect(new Set(hops.map(({ connection }) => connection)).size).toBe(1);
});

test("an NLB carries UDP", () => {
  const port = "{port: 53, protocol: UDP, targetPort: 8080}";
  const world = cluster(service("nlb", NLB, "", port));
  const { outcome } = findWay(world, { from: "host/user", to: "lb/default/nlb:53/udp" });
  // Pods serve TCP: the datagram gets as far as one, which refuses it.
  expect(outcome?.verdict.reason).toBe("NoSocket");
});

test("a target that calls its own NLB gets no answer when it is sent to itself", () => {
  const world = cluster(service("nlb", NLB, LOCAL));
  expect(seen(world, "nlb", "node/node-1")).toEqual({
    "dropped IpLocalSource": 0.5,
    "pod/default/web-2 sees 10.0.1.11": 0.5,
  });
});

test("an NLB without a healthy target sends to all of them", () => {
  const world = cluster(service("nlb", NLB, LOCAL));
  expect(world.execute({ type: "delete", key: "Pod/default/web-1" }).ok).toBe(true);
  expect(world.execute({ type: "delete", key: "Pod/default/web-2" }).ok).toBe(true);
  world.settle();
  const targets = world.loadBalancers()[0]?.targets ?? [];
  expect(targets.map(({ healthy }) => healthy)).toEqual([false, false, false]);
  expect(Object.keys(seen(world, "nlb"))).toEqual(["refused NetfilterReject"]);
});

test("another type of load balancer takes the place of the one that was there", () => {
  const world = cluster(service("web", "{}"));
  const before = world.store.find("Service", "default", "web")?.status.loadBalancer.ingress?.[0];
  const patch = {
    metadata: { annotations: { "service.beta.kubernetes.io/aws-load-balancer-type": "nlb" } },
  };
  expect(world.execute({ type: "patch", key: "Service/default/web", patch }).ok).toBe(true);
  world.settle();
  const after = world.store.find("Service", "default", "web")?.status.loadBalancer.ingress?.[0];
  expect(after?.hostname).toMatch(/^a[0-9a-f]{31}-[0-9a-f]{16}\.elb\.us-west-2\.amazonaws\.com$/);
  expect(after?.hostname).not.toBe(before?.hostname);
  expect(world.loadBalancers()[0]?.kind).toBe("nlb");
});
