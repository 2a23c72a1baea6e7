import { expect, test } from "vitest";
import { SECOND } from "../sim/time";
import { clusterOf, pod } from "../testing/cluster";
import { outcomes } from "../testing/packet-flow";

const CLIENT = (name: string, annotations = "") => `
---
{apiVersion: v1, kind: Pod, metadata: {name: ${name}, annotations: {${annotations}}}, spec: {nodeName: node-3, containers: [{name: main, image: example/client}]}}`;

const WEB = `${pod("web-1", "node-1", "app: web")}${pod("web-2", "node-2", "app: web")}${CLIENT("client")}${CLIENT("slow", "kubehop.dev/endpoints-watch-seconds: '10'")}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.0.20, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}`;

const TO = "endpoints/default/web:80";

test("a client that uses the endpoints itself picks a pod: no rule of the Service is asked", () => {
  const world = clusterOf(WEB);
  const found = outcomes(world, "pod/default/client", TO);
  expect(Object.keys(found).map((one) => one.split(" ")[0])).toEqual([
    "pod/default/web-1",
    "pod/default/web-2",
  ]);
  for (const probability of Object.values(found)) expect(probability).toBeCloseTo(1 / 2);
  const traced = world.trace("pod/default/client", TO);
  if (!traced.ok) throw new Error(traced.error);
  const { hops } = traced.value;
  expect(hops.map(({ kind }) => kind)).not.toContain("DNAT");
  expect(hops[0]?.before.dport).toBe(8080);
});

test("it knows of a change when its own watch has told it", () => {
  const world = clusterOf(WEB);
  world.execute({ type: "delete", key: "Pod/default/web-1" });
  world.runUntil(world.nowUs + 2 * SECOND);
  const reached = (from: string) => Object.keys(outcomes(world, from, TO)).join();
  expect(reached("pod/default/client")).toMatch(/^pod\/default\/web-2/);
  expect(reached("pod/default/slow")).toContain("refused NeighFailed");
  world.runUntil(world.nowUs + 12 * SECOND);
  expect(reached("pod/default/slow")).toMatch(/^pod\/default\/web-2 [^,]*$/);
});

test("pods that serve a named port elsewhere are asked where they serve it", () => {
  const named = (name: string, port: number) => `
---
{apiVersion: v1, kind: Pod, metadata: {name: ${name}, labels: {app: web}}, spec: {nodeName: node-1, containers: [{name: main, image: example/web, ports: [{name: http, containerPort: ${port}}]}]}}`;
  const world = clusterOf(`${named("a", 8080)}${named("b", 9090)}${CLIENT("client")}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}}`);
  const paths = world.paths("pod/default/client", TO);
  if (!paths.ok) throw new Error(paths.error);
  expect(
    paths.value.map(({ journey }) => [journey.outcome?.server, journey.outcome?.serverLocal?.port]),
  ).toEqual([
    ["pod/default/a", 8080],
    ["pod/default/b", 9090],
  ]);
  expect(
    [...world.store.list("EndpointSlice")].filter((one) => one.metadata.name.startsWith("web-")),
  ).toHaveLength(2);
  expect(world.store.find("Endpoints", "default", "web")?.subsets).toHaveLength(2);
});

test("without ready endpoints there is nobody to send to", () => {
  const world = clusterOf(`${CLIENT("client")}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80}]}}`);
  expect(world.trace("pod/default/client", TO)).toMatchObject({
    ok: false,
    error: "endpoints default/web have no ready address for port 80",
  });
});
