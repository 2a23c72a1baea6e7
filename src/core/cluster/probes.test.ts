// The kubelet's probes as packets: from the node's own network to the pod's address.
import { describe, expect, test } from "vitest";
import { isPodReady } from "../controllers/pod-facts";
import { formatIpv4 } from "../net/ipv4";
import { SECOND } from "../sim/time";
import { clusterOf } from "../testing/cluster";
import { Session } from "./session";
import type { World } from "./world";

const probed = (name: string, probes: string, node = "node-1") => `
---
{apiVersion: v1, kind: Pod, metadata: {name: ${name}, labels: {app: web}}, spec: {nodeName: ${node}, containers: [{name: main, image: example/web, ports: [{containerPort: 8080}], ${probes}}]}}`;

const READY = "readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 5}";

function unhealthy(world: World, name = "web"): readonly string[] {
  return [...world.store.list("Event")]
    .filter(({ reason, involvedObject }) => reason === "Unhealthy" && involvedObject.name === name)
    .map(({ message }) => message ?? "");
}

function isReady(world: World, name = "web"): boolean {
  const pod = world.store.find("Pod", "default", name);
  return pod !== undefined && isPodReady(pod);
}

function addRule(world: World, node: string, rule: string, table = "filter"): void {
  const text = `*${table}\n${rule}\nCOMMIT\n`;
  const done = world.execute({ type: "restoreRules", node, text, keepsCounters: true });
  if (!done.ok) throw new Error(JSON.stringify(done.refusals));
}

describe("an HTTP probe", () => {
  test("is a connection from the node: it leaves a conntrack entry, and the pod sees cni0's address", () => {
    const world = clusterOf(probed("web", READY));
    expect(isReady(world)).toBe(true);
    world.runUntil(world.nowUs + 6 * SECOND);
    const ip = world.store.find("Pod", "default", "web")?.status.podIP ?? "";
    const entries = [...(world.plane.state("node/node-1")?.conntrack.entries() ?? [])];
    const mine = entries.filter(({ original }) => formatIpv4(original.dst) === ip);
    expect(mine.map(({ original }) => formatIpv4(original.src))).toContain("10.244.1.1");
    const made = world.checks
      .filter(({ purpose }) => purpose.kind === "probe" && purpose.pod === "default/web")
      .at(-1);
    expect(made?.journey.hops.some(({ after }) => after.payload === "GET /ready HTTP/1.1")).toBe(
      true,
    );
    expect(made?.answer).toMatchObject({ kind: "answered", http: { status: 200 } });
    expect(made?.journey.frames.length).toBeGreaterThan(0);
  });

  test("a rule that drops it makes it fail when its time is up, and the pod unready after three", () => {
    const world = clusterOf(probed("web", `${READY}`));
    addRule(
      world,
      "node-1",
      ":INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p tcp --dport 8080 -j DROP",
    );
    world.runUntil(world.nowUs + 9 * SECOND);
    expect(isReady(world)).toBe(true);
    world.runUntil(world.nowUs + 9 * SECOND);
    expect(isReady(world)).toBe(false);
    const ip = world.store.find("Pod", "default", "web")?.status.podIP;
    expect(unhealthy(world)).toContain(
      `Readiness probe failed: Get "http://${ip}:8080/ready": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
    );
  });

  test("a rejecting rule is a refusal in the kubelet's words", () => {
    const world = clusterOf(probed("web", READY));
    addRule(
      world,
      "node-1",
      ":INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p tcp --dport 8080 -j REJECT --reject-with tcp-reset",
    );
    world.runUntil(world.nowUs + 6 * SECOND);
    const ip = world.store.find("Pod", "default", "web")?.status.podIP;
    expect(unhealthy(world)[0]).toBe(
      `Readiness probe failed: Get "http://${ip}:8080/ready": dial tcp ${ip}:8080: connect: connection refused`,
    );
  });

  test("a route that is gone makes the network unreachable", () => {
    const world = clusterOf(probed("web", READY));
    const node = world.plane.get("node/node-1");
    const routes = node.routes.filter(
      ({ dev, destination }) => dev !== "cni0" && destination.prefix > 0,
    );
    world.plane.put({ ...node, routes });
    world.runUntil(world.nowUs + 6 * SECOND);
    expect(unhealthy(world)[0]).toMatch(
      /: dial tcp 10\.244\.1\.\d+:8080: connect: network is unreachable$/,
    );
  });

  test("a pod that says it is not ready answers 503, also to others", () => {
    const world = clusterOf(probed("web", READY));
    world.execute({ type: "setReadiness", namespace: "default", pod: "web", ready: false });
    world.settle();
    expect(isReady(world)).toBe(false);
    expect(unhealthy(world)[0]).toBe(
      "Readiness probe failed: HTTP probe failed with statuscode: 503",
    );
    const asked = (path: string) => {
      const traced = world.trace("node/node-1", "pod/default/web:8080", { http: { path } });
      return traced.ok ? traced.value.outcome?.http?.status : undefined;
    };
    expect([asked("/ready"), asked("/")]).toEqual([503, 200]);
    world.execute({ type: "setReadiness", namespace: "default", pod: "web", ready: true });
    world.settle();
    expect(isReady(world)).toBe(true);
  });

  test("a page that is not there fails it", () => {
    const world = clusterOf(
      probed("web", "readinessProbe: {httpGet: {path: /nothing, port: 8080}}").replace(
        "example/web",
        "gcr.io/kuar-demo/kuard-amd64:blue",
      ),
    );
    expect(isReady(world)).toBe(false);
    expect(unhealthy(world)[0]).toBe(
      "Readiness probe failed: HTTP probe failed with statuscode: 404",
    );
  });
});

test("a tcpSocket probe is open and close; by hand it fails because the port is closed", () => {
  const world = clusterOf(
    probed("web", "readinessProbe: {tcpSocket: {port: 8080}, periodSeconds: 2}"),
  );
  expect(isReady(world)).toBe(true);
  const made = () =>
    world.checks
      .filter(({ purpose }) => purpose.kind === "probe" && purpose.pod === "default/web")
      .at(-1);
  expect(made()?.journey.hops.some(({ role }) => role === "request")).toBe(false);
  expect(made()?.journey.hops.some(({ role }) => role === "FIN-ACK")).toBe(true);
  world.execute({ type: "setReadiness", namespace: "default", pod: "web", ready: false });
  world.settle();
  expect(isReady(world)).toBe(false);
  expect(unhealthy(world)[0]).toMatch(
    /^Readiness probe failed: dial tcp [\d.]+:8080: connect: connection refused$/,
  );
  world.execute({ type: "setReadiness", namespace: "default", pod: "web", ready: true });
  world.settle();
  expect(isReady(world)).toBe(true);
});

test("a gRPC probe waits for its whole time where nobody listens", () => {
  const world = clusterOf(
    probed("web", "readinessProbe: {grpc: {port: 9090}, timeoutSeconds: 3}") +
      probed("good", "readinessProbe: {grpc: {port: 8080}}"),
  );
  expect([isReady(world), isReady(world, "good")]).toEqual([false, true]);
  const made = world.checks.find(
    ({ purpose }) => purpose.kind === "probe" && purpose.pod === "default/web",
  );
  world.runUntil((made?.journey.sentAtUs ?? 0) + 3 * SECOND);
  expect(unhealthy(world)[0]).toMatch(
    /^Readiness probe failed: timeout: failed to connect service "[\d.]+:9090" within 3s: context deadline exceeded$/,
  );
});

test("an exec probe sends nothing", () => {
  const world = clusterOf(probed("web", "readinessProbe: {exec: {command: [cat, /ok]}}"));
  expect(isReady(world)).toBe(true);
  expect(
    world.checks.filter(({ purpose }) => purpose.kind === "probe" && purpose.pod === "default/web"),
  ).toEqual([]);
});

test("a liveness probe that packets cannot reach restarts the container", () => {
  const world = clusterOf(
    probed("web", "livenessProbe: {httpGet: {port: 8080}, periodSeconds: 2, timeoutSeconds: 1}"),
  );
  addRule(
    world,
    "node-1",
    ":INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p tcp --dport 8080 -j DROP",
  );
  world.runUntil(world.nowUs + 9 * SECOND);
  const [status] = world.store.find("Pod", "default", "web")?.status.containerStatuses ?? [];
  expect(status?.restartCount).toBeGreaterThan(0);
});

describe("a probe that is followed", () => {
  const PURPOSE = { kind: "probe", pod: "default/web", container: 0, probe: "readiness" } as const;

  test("takes the place of the one that is due, and its result counts", () => {
    const session = new Session(clusterOf(probed("web", READY)));
    session.advance(SECOND);
    const sent = session.execute({ type: "check", purpose: PURPOSE });
    if (!sent.ok || sent.journey === undefined) throw new Error("not sent");
    const journey = session.journey(sent.journey);
    expect(journey?.from).toBe("node/node-1");
    expect(journey?.outcome?.verdict.kind).toBe("delivered");
    const { nowUs } = session;
    session.advance(SECOND);
    expect(session.world.nextProbeAtUs("default/web", 0, "readiness")).toBe(nowUs + 5 * SECOND);
    expect(isReady(session.world)).toBe(true);
  });

  test("one that is dropped fails when its time is up", () => {
    const session = new Session(clusterOf(probed("web", READY)));
    addRule(
      session.world,
      "node-1",
      ":INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A OUTPUT -p tcp --dport 8080 -j DROP",
    );
    session.execute({ type: "check", purpose: PURPOSE });
    session.advance(SECOND - 1);
    expect(unhealthy(session.world)).toEqual([]);
    session.advance(1);
    expect(unhealthy(session.world)).toHaveLength(1);
  });

  test("there must be one", () => {
    const session = new Session(clusterOf(probed("web", READY)));
    const refused = session.execute({ type: "check", purpose: { ...PURPOSE, probe: "liveness" } });
    expect(refused).toMatchObject({
      ok: false,
      refusals: [{ status: { message: "pod default/web has no liveness probe that runs" } }],
    });
  });
});
