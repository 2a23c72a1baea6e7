// A Service that is to have a load balancer and has none: a request to it gets its reason, not a made-up timeout.
import { expect, test } from "vitest";
import type { ClusterConfig } from "../api/cluster-config";
import { clusterOf, pod } from "../testing/cluster";
import { findWay, outcomes } from "../testing/packet-flow";
import type { World } from "./world";

function cluster(config: Partial<ClusterConfig>, spec = "", annotations = ""): World {
  return clusterOf(
    `${pod("web", "node-1", "app: web")}
---
{apiVersion: v1, kind: Service, metadata: {name: web, annotations: {${annotations}}}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]${spec}}}`,
    config,
  );
}

const LB = "lb/default/web:80";

test.each([
  [{ cloud: "none" }, "", "", "no cloud controller, as on bare metal"],
  [{}, ", loadBalancerClass: example.com/lb", "", "load balancers of class example.com/lb"],
  [
    {},
    "",
    "service.beta.kubernetes.io/aws-load-balancer-type: external",
    "AWS Load Balancer Controller",
  ],
  [{}, ", sessionAffinity: ClientIP", "", "the cloud refuses: unsupported load balancer affinity"],
] as const)("%o %s%s", (config, spec, annotations, why) => {
  const world = cluster(config, spec, annotations);
  const { outcome, hops } = findWay(world, { from: "host/user", to: LB });
  expect(outcome?.verdict).toMatchObject({
    kind: "refused",
    reason: "LoadBalancerPending",
    explanation: expect.stringContaining(why),
    place: "host/user",
  });
  expect(hops).toHaveLength(1);
  expect(world.loadBalancers()).toEqual([]);
  // Nothing else is missing.
  expect(Object.keys(outcomes(world, "host/user", "nodeport/node-2/default/web:80"))[0]).toContain(
    "pod/default/web sees",
  );
});

test("the page sends it, a load counts it, and tracing tells it", () => {
  const world = cluster({ cloud: "none" });
  expect(world.check("host/user", LB)).toEqual({ ok: true, value: true });
  const sent = world.execute({ type: "send", from: "host/user", to: LB });
  const journey = sent.ok && sent.journey !== undefined ? world.journey(sent.journey) : undefined;
  expect(journey?.outcome?.verdict.reason).toBe("LoadBalancerPending");
  expect(journey?.inFlight).toBe(0);
  const burst = { type: "burst", from: "host/user", to: LB, count: 3, intervalUs: 1_000 } as const;
  expect(world.execute(burst).ok).toBe(true);
  world.settle();
  expect(world.journeys()).toHaveLength(1);
  const traced = world.trace("host/user", LB);
  expect(traced.ok && traced.value.outcome?.verdict.reason).toBe("LoadBalancerPending");
});

test("a Service with externalIPs answers on them, load balancer or not", () => {
  const world = cluster({ cloud: "none" }, ", externalIPs: [10.0.1.12]");
  expect(Object.keys(outcomes(world, "host/user", "10.0.1.12:80"))[0]).toContain(
    "pod/default/web sees",
  );
});

test("without nodePorts there is nothing that a load balancer could call", () => {
  const spec = ", allocateLoadBalancerNodePorts: false";
  const world = clusterOf(`${pod("web", "node-1", "app: web")}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]${spec}}}`);
  expect(world.loadBalancers()[0]?.ports).toEqual([]);
  expect(outcomes(world, "host/user", LB)).toEqual({ "refused NoSocket": 1 });
});
