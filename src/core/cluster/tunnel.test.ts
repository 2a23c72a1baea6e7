import { expect, test } from "vitest";
import { SECOND } from "../sim/time";
import { clusterOf, pod } from "../testing/cluster";
import type { World } from "./world";

const WEB = `
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.0.20, selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}}
${pod("web-1", "node-1", "app: web")}${pod("web-2", "node-2", "app: web")}`;

function forward(world: World, to: string, from = "host/user") {
  const sent = world.trace(from, `port-forward/${to}`, { http: { path: "/x" } });
  if (!sent.ok) throw new Error(sent.error);
  return sent.value;
}

test("laptop, API server, kubelet, localhost of the pod: three connections", () => {
  const journey = forward(clusterOf(WEB), "default/web-2:8080");
  const opened = journey.hops.filter(({ role, kind }) => role === "SYN" && kind === "send");
  expect(opened.map(({ node, detail }) => `${node} ${detail}`)).toEqual([
    expect.stringMatching(/^user 203\.0\.113\.10:\d+ > 192\.0\.2\.2:6443 tcp S$/),
    expect.stringMatching(/^apiserver 10\.0\.0\.10:\d+ > 10\.0\.1\.12:10250 tcp S$/),
    expect.stringMatching(/^web-2 127\.0\.0\.1:\d+ > 127\.0\.0\.1:8080 tcp S$/),
  ]);
  expect(journey.outcome).toMatchObject({
    verdict: { kind: "delivered" },
    server: "pod/default/web-2",
    http: { status: 200 },
  });
  expect(journey.hops.some(({ kind }) => kind === "DNAT")).toBe(false);
  const last = journey.hops
    .filter(({ role, kind }) => role === "request" && kind === "send")
    .at(-1);
  expect(last?.after).toMatchObject({
    payload: "GET /x HTTP/1.1",
    http: { headers: ["Host: 127.0.0.1:8080"] },
  });
});

test("a Service only picks the pod, by its target port", () => {
  const world = clusterOf(WEB);
  expect(forward(world, "svc/default/web:http").outcome?.server).toBe("pod/default/web-1");
  expect(forward(world, "svc/default/web:80", "pod/default/web-2").hops[0]?.detail).toContain(
    "> 10.0.0.10:6443",
  );
});

test("every way is one", () => {
  const paths = clusterOf(WEB).paths("host/user", "port-forward/svc/default/web:80");
  if (!paths.ok) throw new Error(paths.error);
  expect(
    paths.value.map(({ probability, journey }) => [probability, journey.outcome?.server]),
  ).toEqual([[1, "pod/default/web-1"]]);
});

test("nothing listens: the kubelet tells, in containerd's words", () => {
  const { outcome } = forward(clusterOf(WEB), "default/web-1:9999");
  expect(outcome).toMatchObject({ server: "node/node-1", http: { status: 500 } });
  expect(outcome?.http?.body).toContain("dial tcp4 127.0.0.1:9999: connect: connection refused");
});

test("the node is down: the API server waits 30 s, and tells", () => {
  const world = clusterOf(WEB);
  world.execute({ type: "setPower", node: "node-1", on: false });
  const { outcome, sentAtUs, hops } = forward(world, "default/web-1:8080");
  expect(outcome).toMatchObject({ server: "host/apiserver", http: { status: 500 } });
  expect(outcome?.http?.body).toBe("error dialing backend: dial tcp 10.0.1.11:10250: i/o timeout");
  expect(hops.at(-1)?.atUs).toBeGreaterThan(sentAtUs + 30 * SECOND);
});

test.each([
  ["default/nobody:80", 'pods "nobody" not found'],
  ["default/web-1:https", "Pod 'web-1' does not have a named port 'https'"],
  ["svc/default/web:81", "Service web does not have a service port 81"],
  ["a/b/c/d:80", "is not a destination: use port-forward/NS/POD:PORT"],
])("%s is refused", (to, words) => {
  const sent = clusterOf(WEB).trace("host/user", `port-forward/${to}`, {});
  expect(sent.ok ? "(sent)" : sent.error).toContain(words);
});
