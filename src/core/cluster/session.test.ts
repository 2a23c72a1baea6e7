import { describe, expect, test } from "vitest";
import { MS, SECOND } from "../sim/time";
import { clusterOf, manifestsOf } from "../testing/cluster";
import { formatHop } from "../trace/format";
import { hopJson } from "./hop-json";
import { Session } from "./session";
import type { World } from "./world";

const WEB = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: example/web, ports: [{containerPort: 8080}], readinessProbe: {httpGet: {port: 8080}, periodSeconds: 2, failureThreshold: 1}}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: client}, spec: {nodeName: node-1, containers: [{name: main, image: example/client}]}}`;

/** A lone endpoint, so that every request must go there. */
const ONE = WEB.replace("replicas: 3", "replicas: 1");

const CLIENT = "pod/default/client";
const SERVICE = "svc/default/web:80";

function webPods(world: World): readonly string[] {
  return [...world.store.list("Pod")]
    .filter((pod) => pod.metadata.labels?.app === "web")
    .map((pod) => pod.metadata.name);
}

function send(session: Session, options = {}) {
  const result = session.execute({ type: "send", from: CLIENT, to: SERVICE, options });
  if (!result.ok || result.journey === undefined) throw new Error("not sent");
  const journey = session.journey(result.journey);
  if (!journey) throw new Error("no journey");
  return journey;
}

/** Everything there is to see of a run: hops, objects, conntrack. */
function bytes(session: Session): string {
  const { world } = session;
  const journeys = session.journeys().map((journey) => journey.hops.map(hopJson));
  const objects = (["Pod", "Service", "EndpointSlice", "Event"] as const).map((kind) => [
    ...world.store.list(kind),
  ]);
  const conntrack = [...world.plane.all()].map(({ id }) => [
    id,
    [...(world.plane.state(id)?.conntrack.entries() ?? [])],
  ]);
  return JSON.stringify({ now: world.nowUs, journeys, objects, conntrack });
}

describe("time that passes event by event", () => {
  test("comes to where time that passes at once comes, logged commands included", () => {
    const [one, other] = [new Session(clusterOf(WEB)), new Session(clusterOf(WEB))];
    for (const session of [one, other]) {
      session.advance(2 * SECOND);
      send(session);
      session.seek(session.startUs);
    }
    const endUs = one.nowUs + 4 * SECOND;
    one.runUntil(endUs);
    let events = 0;
    other.runWhile(() => ++events < 1_000_000, endUs);
    other.runUntil(endUs);
    expect(events).toBeGreaterThan(10);
    expect(bytes(other)).toBe(bytes(one));
  });

  test("stops as soon as its condition fails", () => {
    const session = new Session(clusterOf(WEB));
    const key = "Deployment/default/web";
    session.execute({ type: "patch", key, patch: { spec: { replicas: 4 } } });
    const count = () => webPods(session.world).length;
    session.runWhile(() => count() < 4, session.nowUs + 60 * SECOND);
    expect(count()).toBe(4);
    expect(session.nowUs - session.startUs).toBeLessThan(SECOND);
  });
});

describe("the gap between a change and its effect", () => {
  test("a deleted pod: the rule still points at it, the request fails; later it arrives elsewhere", () => {
    const session = new Session(clusterOf(ONE));
    const [before] = webPods(session.world);
    expect(send(session).outcome?.server).toBe(`pod/default/${before}`);
    session.advance(SECOND);
    session.execute({ type: "delete", key: `Pod/default/${before}` });
    // The process stops at once, the proxies hear of it later.
    let failed: string | undefined;
    for (let i = 0; i < 40 && failed === undefined; i++) {
      session.advance(50 * MS);
      const journey = send(session);
      if (journey.outcome?.verdict.kind !== "delivered") failed = journey.outcome?.verdict.reason;
    }
    expect(["NoSocket", "NeighFailed", "NetfilterReject"]).toContain(failed);
    session.advance(20 * SECOND);
    const after = send(session).outcome?.server;
    expect(after).toMatch(/^pod\/default\/web-/);
    expect(after).not.toBe(`pod/default/${before}`);
  });

  test("right after the delete the packet still goes to the dead pod's address, by the old rule", () => {
    const session = new Session(clusterOf(ONE));
    const [name] = webPods(session.world);
    const ip = session.world.store.find("Pod", "default", name ?? "")?.status.podIP;
    session.execute({ type: "delete", key: `Pod/default/${name}` });
    session.world.runWhile(
      () => session.world.plane.find(`pod/default/${name}`) !== undefined,
      session.world.nowUs + 60 * SECOND,
    );
    const journey = send(session);
    expect(journey.hops.map(formatHop).join("\n")).toContain(`-> ${ip}:8080`);
    expect(journey.outcome?.verdict).toMatchObject({ kind: "refused", reason: "NeighFailed" });
  });

  test("an unready pod is served until slice and rules have followed, then no more", () => {
    const session = new Session(clusterOf(WEB));
    const [unready] = webPods(session.world);
    session.execute({
      type: "setReadiness",
      namespace: "default",
      pod: unready ?? "",
      ready: false,
    });
    const reached = () => {
      const paths = session.world.paths(CLIENT, SERVICE);
      if (!paths.ok) throw new Error(paths.error);
      return paths.value.map(({ journey }) => journey.outcome?.server);
    };
    expect(reached()).toContain(`pod/default/${unready}`);
    session.advance(10 * SECOND);
    expect(reached()).toHaveLength(2);
    expect(reached()).not.toContain(`pod/default/${unready}`);
    session.execute({
      type: "setReadiness",
      namespace: "default",
      pod: unready ?? "",
      ready: true,
    });
    session.advance(10 * SECOND);
    expect(reached()).toContain(`pod/default/${unready}`);
  });

  test("a live connection keeps its endpoint when the endpoint leaves the Service", () => {
    const session = new Session(clusterOf(ONE));
    const [name] = webPods(session.world);
    // The label goes while the client still thinks: the rules change, conntrack does not.
    const early = send(session, { requestDelayUs: 30 * SECOND });
    expect(early.outcome?.server).toBe(`pod/default/${name}`);
    session.advance(1 * SECOND);
    const pod = session.world.store.find("Pod", "default", name ?? "");
    const relabelled = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name, namespace: "default", labels: { app: "other" } },
      spec: pod?.spec,
    };
    expect(session.execute({ type: "apply", manifests: [relabelled] }).ok).toBe(true);
    session.advance(10 * SECOND);
    const journey = session.journey(early.id);
    expect(journey?.outcome?.server).toBe(`pod/default/${name}`);
    const request = journey?.hops.filter((hop) => hop.role === "request") ?? [];
    expect(request.at(-1)?.node).toBe(name);
    expect(request.some((hop) => hop.kind === "conntrack")).toBe(true);
    const newcomer = send(session);
    expect(newcomer.outcome?.server).not.toBe(`pod/default/${name}`);
  });

  test("a live connection to a pod that dies: its request finds nobody", () => {
    const session = new Session(clusterOf(ONE));
    const [name] = webPods(session.world);
    const id = send(session, { requestDelayUs: 20 * SECOND }).id;
    session.advance(SECOND);
    session.execute({ type: "delete", key: `Pod/default/${name}` });
    const verdict = session.journey(id)?.outcome?.verdict;
    expect(verdict?.kind).toBe("refused");
    expect(verdict?.reason).toBe("NeighFailed");
  });
});

describe("time", () => {
  test("seeking back and replaying gives the same bytes", () => {
    const session = new Session(clusterOf(WEB));
    session.advance(3 * SECOND);
    send(session);
    session.advance(2 * SECOND);
    const [gone] = webPods(session.world);
    session.execute({ type: "delete", key: `Pod/default/${gone}` });
    session.advance(300 * MS);
    send(session);
    session.advance(12 * SECOND);
    const end = session.world.nowUs;
    const seen = bytes(session);
    for (const moment of [
      end - 11 * SECOND,
      session.startUs,
      end - 1,
      session.startUs + 3 * SECOND,
    ]) {
      session.seek(moment);
      expect(session.world.nowUs).toBe(moment);
      session.seek(end);
      expect(bytes(session)).toBe(seen);
    }
  });

  test("the same scenario, seed and actions give the same bytes in another run", () => {
    const run = () => {
      const session = new Session(clusterOf(WEB));
      send(session);
      session.advance(1_234_567);
      session.execute({
        type: "apply",
        manifests: manifestsOf("{apiVersion: v1, kind: Namespace, metadata: {name: more}}"),
      });
      send(session);
      session.advance(5 * SECOND);
      return bytes(session);
    };
    expect(run()).toBe(run());
  });

  test("another seed gives another run", () => {
    const hops = (seed: number) =>
      send(new Session(clusterOf(WEB, { seed })))
        .hops.map(formatHop)
        .join("\n");
    expect(hops(1)).not.toBe(hops(2));
  });

  test("going back shows conntrack as it was: one entry more after", () => {
    const session = new Session(clusterOf(WEB));
    session.advance(SECOND);
    const entries = () => session.world.plane.state("node/node-1")?.conntrack.size ?? 0;
    // Those of probes.
    const before = entries();
    const journey = send(session);
    session.seek((journey.hops.at(-1)?.atUs ?? 0) + 1);
    expect(entries()).toBe(before + 1);
    session.seek(journey.sentAtUs - 1);
    expect(entries()).toBe(before);
  });

  test("a command in the past starts another future", () => {
    const session = new Session(clusterOf(WEB));
    session.advance(SECOND);
    const first = send(session);
    session.advance(10 * SECOND);
    session.seek(session.startUs);
    session.execute({
      type: "apply",
      manifests: manifestsOf("{apiVersion: v1, kind: Namespace, metadata: {name: fork}}"),
    });
    expect(session.log).toHaveLength(1);
    expect(session.journey(first.id)).toBeUndefined();
    expect(session.horizonUs).toBe(session.startUs);
  });

  test("a refused command leaves no trace", () => {
    const session = new Session(clusterOf(WEB));
    const before = bytes(session);
    const refused = session.execute({
      type: "apply",
      manifests: [{ apiVersion: "v1", kind: "Service", metadata: { name: "9bad" }, spec: {} }],
    });
    expect(refused.ok).toBe(false);
    expect(session.execute({ type: "delete", key: "Pod/default/nobody" }).ok).toBe(false);
    expect(session.execute({ type: "delete", key: "Pot/default/nobody" }).ok).toBe(false);
    const twin = `{apiVersion: kubehop.dev/v1alpha1, kind: Host, metadata: {name: twin}, spec: {zone: vpc, ip: 10.0.1.12}}`;
    const clash = session.execute({ type: "apply", manifests: manifestsOf(twin) });
    expect(clash.ok || clash.refusals[0]?.status.message).toBe(
      'Host.kubehop.dev "twin" is invalid: spec.ip: Invalid value: "10.0.1.12": is already the address of node node-2',
    );
    expect(session.execute({ type: "send", from: "pod/default/nobody", to: SERVICE }).ok).toBe(
      false,
    );
    expect(bytes(session)).toBe(before);
    expect(session.log).toHaveLength(0);
  });

  test("a stopped kube-proxy freezes its node's rules while traffic goes on", () => {
    const session = new Session(clusterOf(WEB));
    session.execute({ type: "setProxy", node: "node-1", running: false });
    const rules = session.world.plane.ruleset("node/node-1");
    const scaled = manifestsOf(WEB.replace("replicas: 3", "replicas: 1"));
    expect(session.execute({ type: "apply", manifests: scaled }).ok).toBe(true);
    session.advance(30 * SECOND);
    expect(session.world.plane.ruleset("node/node-1")).toBe(rules);
    expect(webPods(session.world)).toHaveLength(1);
    const paths = session.world.paths(CLIENT, SERVICE);
    if (!paths.ok) throw new Error(paths.error);
    expect(new Set(paths.value.map(({ journey }) => journey.outcome?.verdict.kind))).toEqual(
      new Set(["delivered", "refused"]),
    );
    session.execute({ type: "setProxy", node: "node-1", running: true });
    session.advance(5 * SECOND);
    const healed = session.world.paths(CLIENT, SERVICE);
    if (!healed.ok) throw new Error(healed.error);
    expect(healed.value.map(({ journey }) => journey.outcome?.verdict.kind)).toEqual(["delivered"]);
  });
});

describe("the world before a request", () => {
  test("has the endpoints of then, and none of what the request itself left", () => {
    const session = new Session(clusterOf(WEB));
    const journey = send(session);
    session.advance(SECOND);
    session.execute({ type: "delete", key: `Pod/default/${webPods(session.world)[0]}` });
    session.advance(5 * SECOND);

    const before = session.worldBefore(journey);
    expect(before?.nowUs).toBe(journey.sentAtUs);
    const paths = before?.paths(CLIENT, SERVICE);
    if (!paths?.ok) throw new Error("no paths");
    expect(paths.value.map(({ probability }) => probability.toFixed(6))).toEqual(
      Array(3).fill((1 / 3).toFixed(6)),
    );
    const servers = new Set(paths.value.map(({ journey: one }) => one.outcome?.server));
    expect(servers).toContain(journey.outcome?.server);
    expect(session.worldBefore({ ...journey, sentAtUs: 1 })).toBeUndefined();
  });

  test("is told apart from too many ways to list", () => {
    const session = new Session(clusterOf(WEB));
    expect(session.world.paths(CLIENT, SERVICE, { maxPaths: 2 })).toEqual({
      ok: false,
      error: "there are too many ways to list",
    });
  });
});
