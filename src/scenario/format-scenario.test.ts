import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { KINDS, objectKey } from "../core/api/types";
import type { World } from "../core/cluster/world";
import { formatRuleset } from "../core/dataplane/netfilter/print";
import { bootScenario } from "./boot";
import { formatManifests } from "./format-manifests";
import { formatScenario } from "./format-scenario";
import { readDocuments } from "./read-documents";
import { hasKubectl, startEmptyCluster } from "./testing/empty-cluster";

const DEFAULT = readFileSync("public/scenarios/default.yaml", "utf8");

const EDIT = `
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Pod, metadata: {name: hand-made, namespace: shop, labels: {app: hand}}, spec: {nodeName: node-2, containers: [{name: main, image: nginx, ports: [{containerPort: 80}]}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: hand, namespace: shop}, spec: {type: NodePort, selector: {app: hand}, ports: [{name: web, port: 80, nodePort: 30080}, {name: other, port: 81, targetPort: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: headless, namespace: shop}, spec: {clusterIP: None, selector: {app: hand}, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: outside}, spec: {ports: [{port: 5432}]}}
---
{apiVersion: v1, kind: Endpoints, metadata: {name: outside}, subsets: [{addresses: [{ip: 198.51.100.20}], ports: [{port: 5432}]}]}
---
{apiVersion: v1, kind: Service, metadata: {name: local}, spec: {type: LoadBalancer, externalTrafficPolicy: Local, selector: {app: kuard}, ports: [{port: 80, targetPort: http}]}}
`;

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec?: unknown;
}

function settled(yaml: string): World {
  const booted = bootScenario(yaml);
  if (!booted.ok) throw new Error(booted.errors.map(({ message }) => message).join("\n"));
  booted.world.settle();
  return booted.world;
}

/** The default cluster after a day's work. */
function edited(): World {
  const world = settled(DEFAULT);
  const done = world.execute({ type: "apply", manifests: readDocuments(EDIT).manifests });
  expect(done.ok).toBe(true);
  world.runUntil(world.nowUs + 60_000_000);
  return world;
}

function keysOf(world: World): string[] {
  return KINDS.flatMap((kind) =>
    kind === "Event" ? [] : [...world.store.list(kind)].map(objectKey),
  ).sort();
}

function podIps(world: World): string[] {
  return [...world.store.list("Pod")].map((pod) => `${objectKey(pod)} ${pod.status.podIP}`).sort();
}

function rulesOf(world: World): string[] {
  return ["node-1", "node-2", "node-3"].map((node) =>
    formatRuleset(world.plane.ruleset(`node/${node}`)),
  );
}

describe("a scenario that was exported", () => {
  test("opens as the same cluster: objects, addresses, rules", () => {
    const before = edited();
    const after = settled(formatScenario(before.config, before.store));
    expect(keysOf(after)).toEqual(keysOf(before));
    expect(podIps(after)).toEqual(podIps(before));
    expect(rulesOf(after)).toEqual(rulesOf(before));
    expect(after.config).toEqual({ ...before.config, clusterDNS: "10.96.0.10" });
  });

  test("does not bring back an addon that was deleted", () => {
    const world = settled(DEFAULT);
    for (const key of ["Deployment/kube-system/coredns", "Service/kube-system/kube-dns"])
      expect(world.execute({ type: "delete", key }).ok).toBe(true);
    world.runUntil(world.nowUs + 60_000_000);
    const after = settled(formatScenario(world.config, world.store));
    expect(keysOf(after).filter((key) => key.includes("dns"))).toEqual([]);
  });
});

describe("manifests for another cluster", () => {
  const world = edited();
  const text = formatManifests(world.store, (key) => world.lastApplied(key));
  const manifests = readDocuments(text).manifests as readonly Manifest[];

  test("are what the user made, and nothing that a server or controller wrote", () => {
    expect(manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`)).toEqual([
      "Namespace/shop",
      "Deployment/kuard",
      "Pod/hand-made",
      "Service/kuard",
      "Service/hand",
      "Service/headless",
      "Service/outside",
      "Service/local",
      "Endpoints/outside",
    ]);
    for (const word of [
      "status:",
      "uid:",
      "resourceVersion:",
      "creationTimestamp:",
      "10.96.",
      "finalizers:",
    ])
      expect(text).not.toContain(word);
  });

  test("keep what the author chose: node ports, nodes, None", () => {
    const spec = (name: string) => manifests.find(({ metadata }) => metadata.name === name)?.spec;
    expect(spec("hand")).toMatchObject({ ports: [{ nodePort: 30080 }, { name: "other" }] });
    expect(text.match(/nodePort:/g)).toHaveLength(1);
    expect(spec("headless")).toMatchObject({ clusterIP: "None" });
    expect(spec("hand-made")).toMatchObject({ nodeName: "node-2" });
  });

  test("make the same Services and workloads in an empty cluster", () => {
    const other = settled(text);
    expect(keysOf(other)).toEqual(
      expect.arrayContaining(["Deployment/default/kuard", "Service/shop/headless"]),
    );
  });

  test.skipIf(!hasKubectl())("are accepted by `kubectl apply` itself", async () => {
    const server = await startEmptyCluster();
    try {
      const { stdout } = await server.kubectl(
        ["apply", "--dry-run=client", "--validate=false"],
        text,
      );
      expect(stdout.trim().split("\n")).toEqual(
        expect.arrayContaining([
          "deployment.apps/kuard created (dry run)",
          "service/headless created (dry run)",
        ]),
      );
      expect(stdout.trim().split("\n")).toHaveLength(manifests.length);
    } finally {
      server.close();
    }
  });
});
