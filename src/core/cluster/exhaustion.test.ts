// Ranges that are used up, each with Kubernetes' own words.
import { expect, test } from "vitest";
import { bootScenario } from "../../scenario/boot";
import type { CniName } from "../api/cluster-config";
import { findCondition } from "../controllers/pod-facts";
import { ipRoute } from "../dataplane/print-ip";
import type { World } from "./world";

function boot(spec: string, objects: string): World {
  const scenario = `
apiVersion: kubehop.dev/v1alpha1
kind: Scenario
metadata: {name: full}
spec: {${spec}}
${objects}`;
  const booted = bootScenario(scenario);
  if (!booted.ok) throw new Error(JSON.stringify(booted.errors));
  booted.world.settle();
  return booted.world;
}

const node = (name: string, podCIDR?: string) => `
---
{apiVersion: v1, kind: Node, metadata: {name: ${name}}${podCIDR ? `, spec: {podCIDR: ${podCIDR}}` : ""}}`;

const web = (replicas: number) => `
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: ${replicas}, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: nginx}]}}}}`;

const service = (name: string, more = "") => `
---
{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {${more}selector: {app: web}, ports: [{port: 80}]}}`;

function events(world: World, reason: string): string[] {
  return [...world.store.list("Event")]
    .filter((event) => event.reason === reason)
    .map(({ message }) => message);
}

function countOf(world: World, phase: string): number {
  return [...world.store.list("Pod")].filter((pod) => pod.status.phase === phase).length;
}

test.each([
  [
    "bridge",
    "bridge",
    "failed to allocate for range 0: no IP addresses available in range set: 10.244.1.1-10.244.1.6",
  ],
  [
    "vxlan",
    "flannel",
    "failed to allocate for range 0: no IP addresses available in range set: 10.244.1.1-10.244.1.6",
  ],
] as const)("%s: a node's pod CIDR is full", (cni: CniName, plugin, words) => {
  const world = boot(`cni: ${cni}, addons: []`, node("node-1", "10.244.1.0/29") + web(6));
  expect([countOf(world, "Running"), countOf(world, "Pending")]).toEqual([5, 1]);
  const [message] = events(world, "FailedCreatePodSandBox");
  expect(message).toMatch(
    /^Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "[0-9a-f]{64}": /,
  );
  expect(message).toContain(`plugin type="${plugin}"`);
  expect(message).toContain(words);
  const left = [...world.store.list("Pod")].find(({ status }) => status.phase === "Pending");
  expect(left?.status.containerStatuses?.[0]?.state).toEqual({
    waiting: { reason: "ContainerCreating" },
  });
});

test("aws-vpc: all cards are full", () => {
  const world = boot("cni: aws-vpc, addons: []", node("node-1") + web(16));
  expect([countOf(world, "Running"), countOf(world, "Pending")]).toEqual([15, 1]);
  expect(events(world, "FailedCreatePodSandBox")[0]).toContain(
    "failed to assign an IP address to container",
  );
});

test("no pod CIDR is left for a node: it stays NotReady, keeps pods away, and gets the first that comes free", () => {
  const nodes = ["node-1", "node-2", "node-3"].map((name) => node(name)).join("");
  const world = boot("clusterCIDR: 10.244.0.0/23, addons: []", nodes + web(3));
  expect(events(world, "CIDRNotAvailable")).toEqual([
    "Node node-3 status is now: CIDRNotAvailable",
  ]);
  const last = () => world.store.find("Node", "", "node-3");
  expect(last()?.spec.podCIDR).toBeUndefined();
  expect(findCondition(last()?.status.conditions, "Ready")).toMatchObject({
    status: "False",
    reason: "KubeletNotReady",
    message: expect.stringContaining("cni plugin not initialized"),
  });
  world.runUntil(world.nowUs + 60_000_000);
  expect(findCondition(last()?.status.conditions, "Ready")?.status).toBe("False");
  const where = () =>
    new Set([...world.store.list("Pod")].map(({ spec }) => spec.nodeName).filter(Boolean));
  expect(where()).toEqual(new Set(["node-1", "node-2"]));

  world.execute({ type: "delete", key: "Node/node-1" });
  world.settle();
  world.runUntil(world.nowUs + 60_000_000);
  world.settle();
  expect(last()?.spec.podCIDR).toBe("10.244.0.0/24");
  expect(findCondition(last()?.status.conditions, "Ready")?.status).toBe("True");
  expect(where()).toContain("node-3");
  expect(ipRoute(world.plane.get("node/node-3")).join("\n")).toContain("10.244.0.0/24 dev cni0");
  expect(ipRoute(world.plane.get("node/node-2")).join("\n")).toContain("10.244.0.0/24 via");
});

test("default nodes in a small clusterCIDR get what there is", () => {
  const world = boot("clusterCIDR: 10.244.0.0/23, addons: []", web(1));
  const ranges = [...world.store.list("Node")].map(({ spec }) => spec.podCIDR ?? "none");
  expect(ranges.sort()).toEqual(["10.244.0.0/24", "10.244.1.0/24", "none"]);
});

test("the Service range is full", () => {
  const six = [1, 2, 3, 4, 5, 6].map((number) => service(`s${number}`)).join("");
  const world = boot("serviceCIDR: 10.96.0.0/29, addons: []", six);
  const result = world.execute({
    type: "create",
    manifest: {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s7", namespace: "default" },
      spec: { ports: [{ port: 80 }] },
    },
  });
  expect(result).toMatchObject({
    ok: false,
    refusals: [
      {
        status: {
          message: "Internal error occurred: failed to allocate a serviceIP: range is full",
        },
      },
    ],
  });
  world.execute({ type: "delete", key: "Service/default/s3" });
  const again = world.execute({
    type: "create",
    manifest: {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "s7", namespace: "default" },
      spec: { ports: [{ port: 80 }] },
    },
  });
  expect(again.ok).toBe(true);
});
