import { expect, test } from "vitest";
import { Session } from "../../core/cluster/session";
import { clusterOf } from "../../core/testing/cluster";
import { mirrorRecords } from "../../worker/views";
import { changeable, changesOf } from "./changes";

const WEB = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: nginx, ports: [{containerPort: 80}]}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, labels: {app: web}}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}}`;

const session = new Session(clusterOf(WEB));
const records = mirrorRecords(session.world);
const objects = changeable(records);

test("the user's own objects come first", () => {
  expect(objects[0]?.metadata.name).toBe("web");
  expect(objects.at(-1)?.metadata.namespace).toBe("kube-system");
});

const all = objects.flatMap((object) =>
  changesOf(object, records).map(
    (change) => [`${object.kind} ${object.metadata.name}: ${change.label}`, change] as const,
  ),
);

test.each(all)("%s is accepted as it is offered", (name, { value, edit }) => {
  const chosen = edit(value?.initial ?? "");
  // What says the same as before, or nothing yet, changes nothing.
  if (!chosen) return expect(name).toMatch(/selector|a label/);
  if (chosen.type === "apply") throw new Error("no choice is YAML");
  expect(session.world.fork().execute(chosen)).toMatchObject({ ok: true });
});

test("what is wrong with a value is for the API server to say", () => {
  const deployment = objects.find(({ kind }) => kind === "Deployment");
  const changes = deployment ? changesOf(deployment, records) : [];
  const edit = (id: string, value: string) => changes.find((one) => one.id === id)?.edit(value);
  for (const [id, value, words] of [
    ["replicas", "-1", "must be greater than or equal to 0"],
    ["replicas", "many", "cannot unmarshal string"],
    ["readinessProbe", "99999/ready", "must be between 1 and 65535, inclusive"],
    ["label", "no spaces=x=y!", "Invalid value"],
  ] as const) {
    const chosen = edit(id, value);
    if (!chosen || chosen.type === "apply") throw new Error(`${id} ${value} says nothing`);
    const result = session.world.fork().execute(chosen);
    expect(result.ok ? "" : result.refusals[0]?.status.message).toContain(words);
  }
});

test("a label is set, and taken away as kubectl has it", () => {
  const pod = objects.find(({ kind }) => kind === "Pod");
  const label = pod && changesOf(pod, records).find(({ id }) => id === "label");
  expect(label?.edit("app=other")).toMatchObject({
    patch: { metadata: { labels: { app: "other" } } },
  });
  expect(label?.edit("app-")).toMatchObject({ patch: { metadata: { labels: { app: null } } } });
  expect(label?.edit(" ")).toBeUndefined();
});
