import { expect, test } from "vitest";
import { Session } from "../core/cluster/session";
import { clusterOf } from "../core/testing/cluster";
import { effectsBetween } from "./effects";

const WEB = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: nginx}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}}`;

function effectsOf(patch: Record<string, unknown>, key: string) {
  const session = new Session(clusterOf(WEB));
  const before = session.world.fork();
  expect(session.execute({ type: "patch", key, patch } as never).ok).toBe(true);
  session.advance(60_000_000);
  return effectsBetween(before, session.world);
}

test("a Service that is no load balancer any more loses it, and its rules for nodePorts on every node", () => {
  const effects = effectsOf({ spec: { type: "ClusterIP" } }, "Service/default/web");
  expect(effects).toContainEqual({
    change: "removed",
    what: "load balancer",
    about: ["Service/default/web"],
  });
  expect(effects).toContainEqual({
    change: "changed",
    what: "field",
    name: "spec.type",
    before: "LoadBalancer",
    after: "ClusterIP",
    about: ["Service/default/web"],
  });
  const gone = effects.flatMap(({ what, change, name }) =>
    what === "field" && change === "removed" ? [name] : [],
  );
  expect(gone).toContain("spec.ports[0].nodePort");
  expect(gone).toContain("status.loadBalancer.ingress[0].hostname");
  const rules = effects.filter(({ what, change }) => what === "rules" && change === "removed");
  expect(rules.map(({ node }) => node)).toEqual(["node-1", "node-2", "node-3"]);
  expect(
    rules.every(({ count = 0, about }) => count > 0 && about.includes("Service/default/web")),
  ).toBe(true);
});

test("another pod is told with its owner and node, and as rules on every node", () => {
  const effects = effectsOf({ spec: { replicas: 3 } }, "Deployment/default/web");
  const pods = effects.filter(
    ({ what, about }) => what === "object" && /^Pod\//.test(about[0] ?? ""),
  );
  expect(pods).toHaveLength(1);
  expect(pods[0]?.change).toBe("added");
  expect(pods[0]?.about).toEqual([
    expect.stringMatching(/^Pod\/default\/web-/),
    expect.stringMatching(/^ReplicaSet\/default\/web-/),
    expect.stringMatching(/^Node\/node-/),
  ]);
  expect(effects.filter(({ what, change }) => what === "rules" && change === "added")).toHaveLength(
    3,
  );
});

test("an ExternalName is known to DNS alone", () => {
  const spec = {
    type: "ExternalName",
    externalName: "db.example.com",
    selector: null,
    ports: null,
  };
  const effects = effectsOf({ spec }, "Service/default/web");
  const names = effects.flatMap(({ what, change, name }) =>
    what === "DNS record" ? [`${change} ${name}`] : [],
  );
  expect(names).toContain("added web.default.svc.cluster.local CNAME db.example.com");
  expect(names.some((name) => name.startsWith("removed web.default.svc.cluster.local A "))).toBe(
    true,
  );
});

test("nothing happens where nothing is changed", () => {
  const { world } = new Session(clusterOf(WEB));
  expect(effectsBetween(world, world.fork())).toEqual([]);
});
