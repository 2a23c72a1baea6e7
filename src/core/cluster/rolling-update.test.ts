// What a rolling update costs clients: with a preStop hook that waits for the rules to follow, and without.
import { expect, test } from "vitest";
import { SECOND } from "../sim/time";
import { clusterOf } from "../testing/cluster";
import { Session } from "./session";

const deployment = (name: string, more: string) => `
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: ${name}}, spec: {replicas: 3, selector: {matchLabels: {app: ${name}}}, template: {metadata: {labels: {app: ${name}}}, spec: {terminationGracePeriodSeconds: 10, containers: [{name: main, image: example/web, ports: [{containerPort: 8080}], readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 1}${more}}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {selector: {app: ${name}}, ports: [{port: 80, targetPort: 8080}]}}`;

const CLUSTER = `${deployment("hasty", "")}${deployment("patient", ", lifecycle: {preStop: {sleep: {seconds: 5}}}")}`;

function failuresOf(name: string): { sent: number; failed: number } {
  const session = new Session(clusterOf(CLUSTER));
  session.execute({
    type: "startTraffic",
    from: "node/node-1",
    to: `svc/default/${name}:80`,
    perSecond: 50,
  });
  session.advance(2 * SECOND);
  const annotations = { "kubectl.kubernetes.io/restartedAt": "2026-01-01T00:00:00Z" };
  session.execute({
    type: "patch",
    key: `Deployment/default/${name}`,
    patch: { spec: { template: { metadata: { annotations } } } },
  });
  session.advance(40 * SECOND);
  const { sent, outcomes } = session.world.traffic.tally;
  const failed = outcomes
    .filter(({ verdict }) => verdict !== "delivered")
    .reduce((sum, { count }) => sum + count, 0);
  return { sent, failed };
}

test("pods that leave at once are gone before the rules are", () => {
  const { sent, failed } = failuresOf("hasty");
  expect(sent).toBeGreaterThan(1_500);
  expect(failed).toBeGreaterThan(5);
});

test("pods that wait in a preStop hook lose nothing", () => {
  const { sent, failed } = failuresOf("patient");
  expect(sent).toBeGreaterThan(1_500);
  expect(failed).toBe(0);
});

test("when all endpoints terminate, rules lead to those that still serve", () => {
  const session = new Session(clusterOf(CLUSTER));
  session.execute({ type: "delete", key: "Deployment/default/patient" });
  session.advance(3 * SECOND);
  const { world } = session;
  const [slice] = [...world.store.list("EndpointSlice")].filter(({ metadata }) =>
    metadata.name.startsWith("patient-"),
  );
  expect(slice?.endpoints.map(({ conditions }) => conditions)).toEqual(
    Array.from({ length: 3 }, () => ({ ready: false, serving: true, terminating: true })),
  );
  expect(world.store.find("Endpoints", "default", "patient")?.subsets ?? []).toEqual([]);
  const traced = world.trace("node/node-1", "svc/default/patient:80");
  expect(traced.ok && traced.value.outcome?.verdict.kind).toBe("delivered");
});
