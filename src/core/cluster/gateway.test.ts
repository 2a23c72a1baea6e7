import { expect, test } from "vitest";
import { formatEndpoint } from "../net/packet";
import { MS, SECOND } from "../sim/time";
import { clusterOf, manifestsOf, pod } from "../testing/cluster";
import type { Journey } from "./connection";
import type { World } from "./world";

function gateway(image: string, containerPort = 80): string {
  return `
{apiVersion: v1, kind: Service, metadata: {name: gateway}, spec: {type: LoadBalancer, clusterIP: 10.96.0.30, selector: {app: gateway}, ports: [{port: 80, targetPort: ${containerPort}, nodePort: 30080}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: gateway, labels: {app: gateway}}, spec: {nodeName: node-1, containers: [{name: main, image: ${image}, ports: [{containerPort: ${containerPort}}]}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.0.20, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: cart}, spec: {clusterIP: 10.96.0.21, selector: {app: cart}, ports: [{name: http, port: 80, targetPort: 8080}]}}
---
{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: shop}, spec: {rules: [
  {host: shop.example.com, http: {paths: [
    {path: /cart, pathType: Prefix, backend: {service: {name: cart, port: {name: http}}}},
    {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}}
${pod("web-1", "node-1", "app: web")}${pod("web-2", "node-2", "app: web")}${pod("cart-1", "node-3", "app: cart")}${pod("client", "node-2", "app: client", "")}`;
}

const NGINX = "registry.k8s.io/ingress-nginx/controller:v1.12.0";
const LB = "lb/default/gateway:80";

function ask(world: World, host: string, path: string, from = "host/user", to = LB) {
  const sent = world.trace(from, to, { http: { host, path } });
  if (!sent.ok) throw new Error(sent.error);
  return sent.value;
}

test("requests are told apart by host and path, over two connections", () => {
  const world = clusterOf(gateway(NGINX));
  const journey = ask(world, "shop.example.com", "/cart/7");
  expect(journey.outcome).toMatchObject({
    verdict: { kind: "delivered" },
    server: "pod/default/cart-1",
    http: { status: 200 },
  });
  const requests = journey.hops.filter(({ role, kind }) => role === "request" && kind === "send");
  expect(requests.map(({ node }) => node)).toEqual(["user", "elb/gateway", "gateway"]);
  expect(requests.map(({ after }) => after.payload)).toEqual(Array(3).fill("GET /cart/7 HTTP/1.1"));
  expect(requests[0]?.after.http?.headers).toEqual(["Host: shop.example.com"]);
  // The ELB's node masqueraded: even the gateway sees no client.
  expect(requests[2]?.after.http?.headers).toEqual([
    "Host: shop.example.com",
    expect.stringMatching(/^X-Real-IP: 10\.244\.1\.1|^X-Real-IP: 10\.0\.1\./),
    expect.stringMatching(/^X-Forwarded-For: /),
    "X-Forwarded-Host: shop.example.com",
    "X-Forwarded-Proto: http",
  ]);
  const dnat = journey.hops.find(({ kind, before }) => kind === "DNAT" && before.dport === 80);
  expect(dnat?.node).toBe("node-1");
  expect(ask(world, "shop.example.com", "/").outcome?.server).toMatch(/web-[12]$/);
});

test("both connections are in conntrack, on the nodes that translated them", () => {
  const world = clusterOf(gateway(NGINX));
  const journey = ask(world, "shop.example.com", "/cart");
  const entries = [...(world.plane.state("node/node-1")?.conntrack.entries() ?? [])];
  const originals = entries.map(({ original: { dst, dport } }) => formatEndpoint(dst, dport));
  expect(originals).toContain("10.96.0.21:80");
  expect(originals.some((original) => original.endsWith(":30080"))).toBe(
    sentTo(journey) === "node-1",
  );
});

function sentTo({ hops }: Journey): string {
  return (
    hops
      .find(({ kind, node }) => kind === "connect" && node === "elb/gateway")
      ?.detail.split(" ")[0] ?? ""
  );
}

test("every way is listed with its exact probability", () => {
  const world = clusterOf(gateway(NGINX));
  const http = { host: "shop.example.com", path: "/" };
  const paths = world.paths("pod/default/client", "svc/default/gateway:80", { http });
  if (!paths.ok) throw new Error(paths.error);
  const ends = paths.value.map(({ probability, journey }) => [
    journey.outcome?.server,
    journey.outcome?.http?.status,
    probability,
  ]);
  expect(ends.sort()).toEqual([
    ["pod/default/web-1", 200, 0.5],
    ["pod/default/web-2", 200, 0.5],
  ]);
  const total = world.paths("host/user", LB, { http });
  if (!total.ok) throw new Error(total.error);
  expect(total.value.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 12);
});

test.each([
  [NGINX, 80, "<center>nginx</center>", 503],
  ["docker.io/istio/proxyv2:1.24.0", 8080, "", 503],
])("%s answers in its own words", (image, port, notFound, unavailable) => {
  const world = clusterOf(gateway(image, port));
  const unknown = ask(world, "www.example.com", "/").outcome;
  expect(unknown).toMatchObject({
    verdict: { kind: "delivered" },
    server: "pod/default/gateway",
    http: { status: 404, reason: "Not Found" },
  });
  expect(unknown?.http?.body).toContain(notFound);
  world.execute({ type: "delete", key: "Pod/default/cart-1", gracePeriodSeconds: 0 });
  world.settle();
  expect(ask(world, "shop.example.com", "/cart").outcome?.http?.status).toBe(unavailable);
});

test.each([
  [NGINX, 80, 502, "502 Bad Gateway"],
  ["docker.io/istio/proxyv2:1.24.0", 8080, 503, "delayed connect error: Connection refused"],
] as const)("%s tells of a backend that refuses", (image, port, status, words) => {
  const world = clusterOf(
    gateway(image, port).replace(
      "name: http, port: 80, targetPort: 8080",
      "name: http, port: 80, targetPort: 9999",
    ),
  );
  const { hops, outcome } = ask(world, "shop.example.com", "/cart");
  expect(outcome).toMatchObject({ verdict: { kind: "delivered" }, server: "pod/default/gateway" });
  expect(outcome?.http?.status).toBe(status);
  expect(outcome?.http?.body).toContain(words);
  expect(hops.some(({ role, node }) => role === "RST" && node === "cart-1")).toBe(true);
});

test("a backend that is silent ends in a 504 after the gateway's patience", () => {
  const world = clusterOf(gateway(NGINX));
  world.execute({ type: "setPower", node: "node-3", on: false });
  const journey = ask(
    world,
    "shop.example.com",
    "/cart",
    "pod/default/client",
    "svc/default/gateway:80",
  );
  expect(journey.outcome).toMatchObject({
    server: "pod/default/gateway",
    http: { status: 504, reason: "Gateway Time-out" },
  });
  expect(journey.hops.at(-1)?.atUs).toBeGreaterThan(journey.sentAtUs + 5 * SECOND);
});

test("a new route is in force after 100 to 300 ms; the status tells where the gateway is", () => {
  const world = clusterOf(gateway(NGINX));
  const ingress = world.store.find("Ingress", "default", "shop");
  const service = world.store.find("Service", "default", "gateway");
  expect(ingress?.status.loadBalancer.ingress).toEqual(service?.status.loadBalancer.ingress);
  const startUs = world.nowUs;
  const manifests = manifestsOf(
    "{apiVersion: networking.k8s.io/v1, kind: Ingress, metadata: {name: late}, spec: {ingressClassName: nginx, rules: [{host: late.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}}",
  );
  world.execute({ type: "apply", manifests });
  const late = world.fork();
  expect(ask(late, "late.example.com", "/").outcome?.http?.status).toBe(404);
  const knows = () =>
    world.gatewayView("pod/default/gateway").find("Ingress", "default", "late") !== undefined;
  world.runWhile(() => !knows(), startUs + SECOND);
  const afterMs = (world.nowUs - startUs) / MS;
  expect(afterMs).toBeGreaterThanOrEqual(100);
  expect(afterMs).toBeLessThanOrEqual(300);
  expect(ask(world, "late.example.com", "/").outcome?.http?.status).toBe(200);
});

test("an Ingress of another class is not served", () => {
  const world = clusterOf(
    gateway(NGINX).replace("spec: {rules", "spec: {ingressClassName: istio, rules"),
  );
  expect(ask(world, "shop.example.com", "/").outcome?.http?.status).toBe(404);
  expect(world.store.find("Ingress", "default", "shop")?.status.loadBalancer).toEqual({});
});

test("the requests of a load ask for the host and path that they are given", () => {
  const world = clusterOf(gateway(NGINX));
  const http = { host: "shop.example.com", path: "/cart" };
  world.execute({ type: "burst", from: "host/user", to: LB, http, count: 20, intervalUs: 1_000 });
  world.runUntil(world.nowUs + 2 * SECOND);
  const outcomes = () =>
    world.traffic.tally.outcomes.map(({ server, words, count }) => [server, words, count]);
  expect(outcomes()).toEqual([
    ["pod/default/cart-1", "answered by pod/default/cart-1: 200 OK", 20],
  ]);
});
