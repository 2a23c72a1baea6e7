import { expect, test } from "vitest";
import { SECOND } from "../sim/time";
import { clusterOf, pod } from "../testing/cluster";
import { Session } from "./session";

const WEB = `${pod("web", "node-1", "app: web")}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: shop}, spec: {replicas: 3, selector: {matchLabels: {app: shop}}, template: {metadata: {labels: {app: shop}}, spec: {containers: [{name: main, image: example/shop, ports: [{containerPort: 8080}]}]}}}}`;

function open(): Session {
  return new Session(clusterOf(WEB));
}

function statusOf(session: Session) {
  return session.world.store.find("Pod", "default", "web")?.status.containerStatuses?.[0];
}

function listens(session: Session): boolean {
  const netns = session.world.plane.find("pod/default/web");
  return netns?.listeners.some(({ port }) => port === 8080) ?? false;
}

const KILL = { type: "killContainer", namespace: "default", pod: "web" } as const;

test("a killed container's port is closed until its kubelet starts it again", () => {
  const session = open();
  expect(listens(session)).toBe(true);
  expect(session.execute(KILL).ok).toBe(true);
  expect(listens(session)).toBe(false);
  expect(statusOf(session)).toMatchObject({ ready: true, restartCount: 0 });
  expect(session.execute(KILL)).toMatchObject({
    ok: false,
    refusals: [{ status: { message: "container main of pod web is not running" } }],
  });
  // The kubelet looks once a second.
  session.advance(SECOND);
  expect(listens(session)).toBe(false);
  expect(statusOf(session)).toMatchObject({
    ready: false,
    restartCount: 0,
    state: { terminated: { reason: "Error", exitCode: 137 } },
  });
  session.advance(SECOND);
  expect(listens(session)).toBe(true);
  expect(statusOf(session)).toMatchObject({ ready: true, restartCount: 1 });
});

test.each([0, 5])("a kill is undone and done again, %i s later", (seconds) => {
  const session = open();
  session.execute(KILL);
  session.advance(seconds * SECOND);
  expect(session.execute({ type: "undo" }).ok).toBe(true);
  expect(listens(session)).toBe(true);
  expect(statusOf(session)).toMatchObject({ ready: true, restartCount: 0 });
  expect(session.execute({ type: "redo" }).ok).toBe(true);
  expect(listens(session)).toBe(false);
  session.advance(20 * SECOND);
  expect(statusOf(session)).toMatchObject({ restartCount: 1 });
  expect(listens(session)).toBe(true);
});

test("a container that nobody knows is not killed", () => {
  expect(open().execute({ ...KILL, container: "other" }).ok).toBe(false);
  expect(open().execute({ ...KILL, pod: "other" }).ok).toBe(false);
});

test("a drained node keeps its DaemonSet's pods only, and undoing brings back whom it had", () => {
  const session = open();
  const onNode = () =>
    [...session.world.store.list("Pod")]
      .filter(({ spec }) => spec.nodeName === "node-1")
      .map(({ metadata }) => metadata.ownerReferences?.[0]?.kind ?? metadata.name)
      .sort();
  const places = () =>
    [...session.world.store.list("Pod")]
      .map(({ metadata, spec, status }) => `${metadata.name} ${spec.nodeName} ${status.podIP}`)
      .sort();
  const before = places();
  expect(onNode()).toContain("ReplicaSet");
  expect(session.execute({ type: "drain", node: "node-1" }).ok).toBe(true);
  session.advance(60 * SECOND);
  expect(new Set(onNode())).toEqual(new Set(["DaemonSet"]));
  expect(session.world.store.find("Node", "", "node-1")?.spec.unschedulable).toBe(true);
  expect(session.execute({ type: "undo" }).ok).toBe(true);
  session.advance(60 * SECOND);
  expect(places()).toEqual(before);
  expect(session.world.store.find("Node", "", "node-1")?.spec.unschedulable ?? false).toBe(false);
  expect(session.execute({ type: "redo" }).ok).toBe(true);
  session.advance(60 * SECOND);
  expect(new Set(onNode())).toEqual(new Set(["DaemonSet"]));
});

test("a patch sets, removes and is refused in the API server's words", () => {
  const session = open();
  const key = "Deployment/default/shop";
  const find = () => session.world.store.find("Deployment", "default", "shop");
  expect(session.execute({ type: "patch", key, patch: { spec: { replicas: 5 } } }).ok).toBe(true);
  expect(find()?.spec.replicas).toBe(5);
  const labels = (tier: string | null) => ({ metadata: { labels: { tier } } });
  session.execute({ type: "patch", key, patch: labels("front") });
  expect(find()?.metadata.labels).toEqual({ tier: "front" });
  session.execute({ type: "patch", key, patch: labels(null) });
  expect(find()?.metadata.labels ?? {}).toEqual({});
  expect(session.execute({ type: "patch", key, patch: { spec: { replicas: -1 } } })).toMatchObject({
    ok: false,
    refusals: [{ status: { causes: [{ field: "spec.replicas" }] } }],
  });
  expect(session.execute({ type: "patch", key: "Nothing/x", patch: {} }).ok).toBe(false);
  session.execute({ type: "undo" });
  session.execute({ type: "undo" });
  session.execute({ type: "undo" });
  expect(find()?.spec.replicas).toBe(3);
});

test("an edit keeps its number through undo and redo, and a new one gets a new one", () => {
  const session = open();
  const ids = () => session.world.history.done.map(({ id }) => id);
  const scale = (replicas: number) =>
    session.execute({
      type: "patch",
      key: "Deployment/default/shop",
      patch: { spec: { replicas } },
    });
  scale(4);
  scale(5);
  expect(ids()).toEqual([1, 2]);
  session.execute({ type: "undo" });
  session.execute({ type: "redo" });
  expect(ids()).toEqual([1, 2]);
  session.execute({ type: "undo" });
  scale(6);
  expect(ids()).toEqual([1, 3]);
});
