// Load balancers' health checks and kube-proxy's answers to them, as packets.
import { describe, expect, test } from "vitest";
import { findCondition } from "../controllers/pod-facts";
import { formatIpv4 } from "../net/ipv4";
import { SECOND } from "../sim/time";
import { clusterOf, pod } from "../testing/cluster";
import type { World } from "./world";

const lb = (more = "") => `
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]${more}}}`;

const LOCAL = lb(", externalTrafficPolicy: Local, healthCheckNodePort: 31000");
const PODS = `${pod("web-1", "node-1", "app: web")}${pod("web-2", "node-2", "app: web")}`;

function healthy(world: World): readonly string[] {
  const [balancer] = world.loadBalancers();
  return balancer?.targets.filter((target) => target.healthy).map(({ node }) => node) ?? [];
}

function ask(world: World, from: string, to: string, path = "/") {
  const traced = world.trace(from, to, { http: { path } });
  if (!traced.ok) throw new Error(traced.error);
  return traced.value.outcome;
}

function insert(world: World, node: string, rule: string): void {
  const text = `*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n${rule}\nCOMMIT\n`;
  const done = world.execute({ type: "restoreRules", node, text, stopProxy: true });
  if (!done.ok) throw new Error(JSON.stringify(done.refusals));
}

describe("TCP on the nodePort", () => {
  test("is a connection from the load balancer's own address that leaves conntrack entries", () => {
    const world = clusterOf(PODS + lb());
    expect(healthy(world)).toEqual(["node-1", "node-2", "node-3"]);
    const entries = () => [...(world.plane.state("node/node-1")?.conntrack.entries() ?? [])];
    expect(entries()).toEqual([]);
    world.runUntil(world.nowUs + 11 * SECOND);
    const ofChecks = entries().filter(({ original }) => original.dport === 30080);
    expect(ofChecks.length).toBeGreaterThan(0);
    for (const { original, tcpState } of ofChecks)
      expect(`${formatIpv4(original.src)} ${tcpState}`).toBe("10.0.0.5 TIME_WAIT");
    const made = world.checks.filter(({ purpose }) => purpose.kind === "target").slice(-3);
    expect(new Set(made.map(({ journey }) => journey.sentAtUs)).size).toBe(3);
  });

  test("fails for a packet's reason: a rule on the node drops it, and after six the node is out", () => {
    const world = clusterOf(PODS + lb());
    insert(world, "node-2", "-A INPUT -p tcp -j DROP\n-A FORWARD -j DROP");
    world.runUntil(world.nowUs + 40 * SECOND);
    expect(healthy(world)).toContain("node-2");
    world.runUntil(world.nowUs + 30 * SECOND);
    expect(healthy(world)).toEqual(["node-1", "node-3"]);
    const last = world.checks
      .filter(({ purpose }) => purpose.kind === "target" && purpose.node === "node-2")
      .at(-1);
    expect(last?.answer.kind).toBe("silent");
  });
});

describe("HTTP on the health check node port", () => {
  test("200 and 503 by the endpoints on the node; only nodes with one are targets", () => {
    const world = clusterOf(PODS + LOCAL);
    expect(healthy(world)).toEqual(["node-1", "node-2"]);
    const here = ask(world, "host/vm", "10.0.1.11:31000", "/healthz")?.http;
    expect(here).toMatchObject({ status: 200 });
    expect(JSON.parse(here?.body ?? "")).toEqual({
      service: { namespace: "default", name: "web" },
      localEndpoints: 1,
      serviceProxyHealthy: true,
    });
    expect(here?.headers).toContain("X-Load-Balancing-Endpoint-Weight: 1");
    const elsewhere = ask(world, "host/vm", "10.0.1.13:31000")?.http;
    expect(elsewhere?.status).toBe(503);
    expect(JSON.parse(elsewhere?.body ?? "")).toMatchObject({ localEndpoints: 0 });
  });

  test("it is what that node's kube-proxy saw last, not what the API server has", () => {
    const world = clusterOf(PODS + LOCAL);
    world.execute({ type: "setLag", lag: "proxyWatch/node-1", us: 30 * SECOND });
    world.execute({ type: "setReadiness", namespace: "default", pod: "web-1", ready: false });
    world.runUntil(world.nowUs + 5 * SECOND);
    const ready = world.store.find("Pod", "default", "web-1")?.status.conditions;
    expect(findCondition(ready, "Ready")?.status).toBe("False");
    expect(ask(world, "host/vm", "10.0.1.11:31000")?.http?.status).toBe(200);
    world.runUntil(world.nowUs + 30 * SECOND);
    expect(ask(world, "host/vm", "10.0.1.11:31000")?.http?.status).toBe(503);
    // Six bad checks, which nobody waits for who does not know of that proxy's lag.
    world.runUntil(world.nowUs + 60 * SECOND);
    expect(healthy(world)).toEqual(["node-2"]);
  });

  test("a kube-proxy that is stopped serves none: the connection is refused", () => {
    const world = clusterOf(PODS + LOCAL);
    world.execute({ type: "setProxy", node: "node-1", running: false });
    expect(ask(world, "host/vm", "10.0.1.11:31000")?.verdict.kind).toBe("refused");
    world.execute({ type: "setProxy", node: "node-1", running: true });
    world.settle();
    expect(ask(world, "host/vm", "10.0.1.11:31000")?.http?.status).toBe(200);
  });
});

describe("a check that is followed", () => {
  test("is a journey, and its result counts", () => {
    const world = clusterOf(PODS + lb());
    const purpose = { kind: "target", service: "default/web", node: "node-3" } as const;
    const sent = world.execute({ type: "check", purpose });
    if (!sent.ok || sent.journey === undefined) throw new Error("not sent");
    world.runUntil(world.nowUs + SECOND);
    const journey = world.journey(sent.journey);
    expect(journey.from).toBe("elb/default/web");
    expect(journey.to).toBe("10.0.1.13:30080");
    expect(journey.outcome?.verdict.kind).toBe("delivered");
    expect(journey.hops.at(-1)?.role).toBe("ACK");
    expect(world.execute({ type: "check", purpose: { ...purpose, node: "node-9" } }).ok).toBe(
      false,
    );
  });
});
