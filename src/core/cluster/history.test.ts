import { describe, expect, test } from "vitest";
import { SECOND } from "../sim/time";
import { clusterOf, manifestsOf } from "../testing/cluster";
import type { EditCommand } from "./command";
import { Session } from "./session";
import type { World } from "./world";

const WEB = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: example/web, ports: [{containerPort: 8080}]}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: client}, spec: {nodeName: node-1, containers: [{name: main, image: example/client}]}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: shop}}
---
{apiVersion: v1, kind: Service, metadata: {name: till, namespace: shop}, spec: {ports: [{port: 80}]}}`;

const apply = (yaml: string): EditCommand => ({ type: "apply", manifests: manifestsOf(yaml) });
const NO_SELECTOR =
  "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: ClusterIP, selector: {app: nobody}, ports: [{port: 81, targetPort: 8080}]}}";

/** What people put into the cluster, without what servers write. */
function wanted(world: World): string {
  const kinds = ["Namespace", "Node", "Deployment", "Service", "Host"] as const;
  const specs = kinds.flatMap((kind) =>
    [...world.store.list(kind)].map((object) => {
      const { name, namespace, labels } = object.metadata;
      return { kind, name, namespace, labels, spec: "spec" in object ? object.spec : undefined };
    }),
  );
  return JSON.stringify(
    specs.sort((a, b) => (a.kind + a.namespace + a.name < b.kind + b.namespace + b.name ? -1 : 1)),
  );
}

function podsOf(world: World, app: string) {
  return [...world.store.list("Pod")]
    .filter(({ metadata }) => metadata.labels?.app === app)
    .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
}

function rules(world: World): string {
  const chains = world.plane.ruleset("node/node-1").nat?.chains.get("KUBE-SERVICES")?.rules ?? [];
  return JSON.stringify(chains.map(({ matches, comment }) => ({ matches, comment })));
}

describe("undo and redo", () => {
  const edits: readonly [string, EditCommand][] = [
    ["a changed Service", apply(NO_SELECTOR)],
    [
      "a new Service",
      apply("{apiVersion: v1, kind: Service, metadata: {name: more}, spec: {ports: [{port: 1}]}}"),
    ],
    ["a scaled Deployment", apply(WEB.replace("replicas: 2", "replicas: 4"))],
    ["a deleted Deployment", { type: "delete", key: "Deployment/default/web" }],
    ["a deleted Service", { type: "delete", key: "Service/default/web" }],
    ["a deleted node", { type: "delete", key: "Node/node-3" }],
    ["a deleted namespace with a Service in it", { type: "delete", key: "Namespace/shop" }],
    ["a deleted host", { type: "delete", key: "Host/db" }],
  ];

  test.each(edits)("%s comes back, and goes again", (_, edit) => {
    const session = new Session(clusterOf(WEB));
    const before = wanted(session.world);
    const rulesBefore = rules(session.world);
    expect(session.execute(edit).ok).toBe(true);
    session.advance(60 * SECOND);
    const after = wanted(session.world);
    expect(after).not.toBe(before);
    expect(session.execute({ type: "undo" }).ok).toBe(true);
    session.advance(60 * SECOND);
    expect(wanted(session.world)).toBe(before);
    expect(rules(session.world)).toBe(rulesBefore);
    expect(session.execute({ type: "redo" }).ok).toBe(true);
    session.advance(60 * SECOND);
    expect(wanted(session.world)).toBe(after);
  });

  test("a deleted pod comes back at once, even while it is still stopping", () => {
    const session = new Session(clusterOf(WEB));
    session.execute({ type: "delete", key: "Pod/default/client" });
    expect(session.execute({ type: "undo" }).ok).toBe(true);
    session.advance(30 * SECOND);
    const pod = session.world.store.find("Pod", "default", "client");
    expect(pod?.metadata.deletionTimestamp).toBeUndefined();
    expect(pod?.status.podIP).toMatch(/^10\.244\.1\./);
  });

  test("several edits are taken back in turn; a new edit ends redoing", () => {
    const session = new Session(clusterOf(WEB));
    const scale = (replicas: number) => apply(WEB.replace("replicas: 2", `replicas: ${replicas}`));
    const replicas = () => session.world.store.find("Deployment", "default", "web")?.spec.replicas;
    session.execute(scale(3));
    session.execute(scale(4));
    session.execute({ type: "undo" });
    expect(replicas()).toBe(3);
    session.execute({ type: "undo" });
    expect(replicas()).toBe(2);
    expect(session.execute({ type: "undo" }).ok).toBe(false);
    session.execute({ type: "redo" });
    expect(replicas()).toBe(3);
    session.execute(scale(7));
    expect(session.execute({ type: "redo" }).ok).toBe(false);
    expect(session.world.history.done).toHaveLength(2);
  });

  test("machines and proxies switch back", () => {
    const session = new Session(clusterOf(WEB));
    session.execute({ type: "setPower", node: "node-2", on: false });
    session.execute({ type: "setProxy", node: "node-1", running: false });
    expect(session.world.proxyStatus("node-1").running).toBe(false);
    session.execute({ type: "undo" });
    expect(session.world.proxyStatus("node-1").running).toBe(true);
    session.execute({ type: "undo" });
    expect(session.world.plane.find("node/node-2")?.up).toBe(true);
  });

  test("what was so already is not turned round", () => {
    const session = new Session(clusterOf(WEB));
    const [pod] = podsOf(session.world, "web");
    const name = pod?.metadata.name ?? "";
    session.execute({ type: "setReadiness", namespace: "default", pod: name, ready: true });
    session.execute({ type: "setPower", node: "node-2", on: true });
    session.execute({ type: "setProxy", node: "node-1", running: true });
    for (let i = 0; i < 3; i++) session.execute({ type: "undo" });
    session.advance(5 * SECOND);
    expect(session.world.podsHeldUnready()).toEqual([]);
    expect(session.world.proxyStatus("node-1").running).toBe(true);
    expect(session.world.plane.find("node/node-2")?.up).toBe(true);
  });

  test("a deleted pod takes its place again from the one that was made for it", () => {
    const session = new Session(clusterOf(WEB));
    const addresses = () =>
      podsOf(session.world, "web").map(
        ({ metadata, status }) => `${metadata.name} ${status.podIP}`,
      );
    const before = addresses();
    const [pod] = podsOf(session.world, "web");
    session.execute({ type: "delete", key: `Pod/default/${pod?.metadata.name}` });
    session.advance(60 * SECOND);
    expect(addresses()).not.toEqual(before);
    session.execute({ type: "undo" });
    session.advance(60 * SECOND);
    expect(addresses()).toEqual(before);
  });

  test("history belongs to the moment: going back forgets what came later, replay brings it again", () => {
    const session = new Session(clusterOf(WEB));
    session.advance(SECOND);
    session.execute(apply(NO_SELECTOR));
    session.advance(SECOND);
    session.execute({ type: "undo" });
    const end = session.world.nowUs;
    session.seek(end - SECOND);
    expect(session.world.history.done).toHaveLength(1);
    session.seek(session.startUs);
    expect(session.world.history.done).toHaveLength(0);
    session.seek(end);
    expect(session.world.history).toMatchObject({ done: [], undone: [{}] });
  });
});
