import { expect, test } from "vitest";
import { clusterOf } from "../testing/cluster";
import type { HopKind, PacketRole } from "../trace/hop";
import { explain } from "./explain";

const world = clusterOf(`
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {nodeName: node-2, containers: [{name: main, image: example/web, ports: [{containerPort: 8080}]}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}}`);

/** What is said of the first hop of this kind, for this packet, on this machine. */
function words(from: string, to: string, node: string, kind: HopKind, role: PacketRole): string {
  const traced = world.trace(from, to);
  if (!traced.ok) throw new Error(traced.error);
  const hop = traced.value.hops.find(
    (one) => one.node === node && one.kind === kind && one.role === role,
  );
  if (!hop) throw new Error(`no ${kind} of the ${role} on ${node}`);
  return explain(hop);
}

test("later packets are translated like the first one, not like replies", () => {
  const said = words("host/vm", "10.0.1.11:30080", "node-1", "POSTROUTING", "request");
  expect(said).toMatch(/masquerades it like the first one: the source becomes 10\.0\.1\.11:/);
});

test("a node's own later packets ask no Service rule", () => {
  const said = words("node/node-1", "svc/default/web:80", "node-1", "OUTPUT", "request");
  expect(said).toMatch(/^This is not the first packet of its connection/);
});

test("a node that answers for itself is not said to open a connection", () => {
  const said = words("host/vm", "10.0.1.12:9999", "node-2", "OUTPUT", "RST");
  expect(said).toMatch(/^node-2 itself answers/);
});

test("a reset that arrives is no success", () => {
  const said = words("host/vm", "10.0.1.12:9999", "vm", "delivered", "RST");
  expect(said).toMatch(/^The reset has reached vm: its connection is over/);
});
