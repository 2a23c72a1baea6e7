import { expect, test } from "vitest";
import { Session } from "../core/cluster/session";
import { clusterOf } from "../core/testing/cluster";
import { WhatIf } from "./what-if";

const WEB = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: example/web, ports: [{containerPort: 8080}]}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}`;

const TO = "lb/default/web:80";

test("predicts nine ways without sending anything, and tells the hops of each", () => {
  const session = new Session(clusterOf(WEB));
  const whatIf = new WhatIf();
  const prediction = whatIf.predict(session, "host/user", TO);
  if (!prediction.ok) throw new Error(prediction.error);
  expect(prediction.count).toBe(9);
  const total = prediction.ways.reduce((sum, { probability }) => sum + probability, 0);
  expect(total).toBeCloseTo(1, 12);
  const journey = whatIf.way(prediction.id, 4);
  expect(journey?.possibility).toBe(prediction.ways[4]?.probability);
  expect(journey?.server).toBe(prediction.ways[4]?.server);
  expect(journey?.id).toBeLessThan(0);
  expect(session.log).toEqual([]);
  expect(session.journeys()).toEqual([]);
});

test("the ways of an earlier prediction are not told any more", () => {
  const session = new Session(clusterOf(WEB));
  const whatIf = new WhatIf();
  const first = whatIf.predict(session, "host/user", TO);
  whatIf.predict(session, "host/user", "svc/default/web:80");
  expect(whatIf.way(first.ok ? first.id : 0, 0)).toBeUndefined();
});

test("counts are told when they have changed, and not twice", () => {
  const session = new Session(clusterOf(WEB));
  const whatIf = new WhatIf();
  expect(whatIf.traffic(session)?.tally.sent).toBe(0);
  expect(whatIf.traffic(session)).toBeUndefined();
  session.execute({ type: "burst", from: "host/user", to: TO, count: 3, intervalUs: 0 });
  session.advance(100_000);
  expect(whatIf.traffic(session)?.tally).toMatchObject({ sent: 3, ended: 3 });
});

test("a comparison tells mistakes in the YAML by line, and leaves the run alone", () => {
  const session = new Session(clusterOf(WEB));
  const request = { from: "host/user", to: TO, atUs: session.world.nowUs, afterUs: 0 };
  const compare = (yaml: string) =>
    new WhatIf().compare(session, { ...request, edit: { type: "apply", yaml } });
  expect(compare("kind: Service\n  bad")).toMatchObject({ ok: false });
  const patch = { spec: { externalTrafficPolicy: "Nowhere" } };
  const refused = new WhatIf().compare(session, {
    ...request,
    edit: { type: "patch", key: "Service/default/web", patch },
  });
  expect(refused.ok ? "" : refused.errors[0]?.message).toContain('Unsupported value: "Nowhere"');
  expect(session.log).toEqual([]);
});
