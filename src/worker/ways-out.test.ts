import { expect, test } from "vitest";
import { Session } from "../core/cluster/session";
import { clusterOf } from "../core/testing/cluster";
import { waysOut } from "./ways-out";

const WEB = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: example/web, ports: [{containerPort: 8080}]}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}`;

test("ways through different nodes to the same pod are one, and the chances add up to 1", () => {
  const { world } = new Session(clusterOf(WEB));
  const paths = world.paths("host/user", "lb/default/web:80");
  if (!paths.ok) throw new Error(paths.error);
  expect(paths.value.length).toBeGreaterThan(2);
  const ways = waysOut(paths.value);
  expect(ways.map(({ verdict, probability }) => `${verdict} ${probability.toFixed(6)}`)).toEqual([
    "delivered 0.500000",
    "delivered 0.500000",
  ]);
});

test("what fails is told by its reason", () => {
  const { world } = new Session(clusterOf(WEB));
  const paths = world.paths("host/user", "1.2.3.4:80");
  if (!paths.ok) throw new Error(paths.error);
  expect(waysOut(paths.value)).toEqual([
    { probability: 1, verdict: "dropped", reason: "IpInNoRoutes", server: null },
  ]);
});
