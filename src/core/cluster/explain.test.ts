import { expect, test } from "vitest";
import { clusterOf, pod } from "../testing/cluster";
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

test("restored rules are quoted, with their chance", () => {
  const text = `*nat
:LOTS - [0:0]
-A OUTPUT -d 203.0.113.77 -p tcp -j LOTS
-A LOTS -m statistic --mode random --probability 0.25 -g FIRST
-A LOTS -p tcp -j DNAT --to-destination 198.51.100.20:80
:FIRST - [0:0]
-A FIRST -p tcp -j DNAT --to-destination 198.51.100.20:80
-A POSTROUTING -o eth0 -j MASQUERADE
COMMIT
*raw
-A PREROUTING -s 10.0.9.20 -p tcp -j DROP
COMMIT
`;
  const result = world.execute({ type: "restoreRules", node: "node-1", text, stopProxy: true });
  expect(result.ok).toBe(true);
  const taken = words("node/node-1", "203.0.113.77:80", "node-1", "OUTPUT", "SYN");
  expect(taken).toMatch(
    /^No Service's rule, but the rule “-A (FIRST|LOTS) -p tcp -j DNAT --to-destination 198\.51\.100\.20:80” takes the packet, chance (1 in 4|75\.0 %)\.$/,
  );
  const masqueraded = words("node/node-1", "203.0.113.77:80", "node-1", "MASQUERADE", "SYN");
  expect(masqueraded).toMatch(/^This is what the rule “-A POSTROUTING -o eth0 -j MASQUERADE” asks/);
  const dropped = words("host/vm", "10.0.1.11:80", "node-1", "drop", "SYN");
  expect(dropped).toContain(
    "dropped on node-1 by the rule -s 10.0.9.20/32 -p tcp -j DROP in PREROUTING",
  );
});

test("a lookup: who asks whom for what, what the answer says, and what the resolver makes of it", () => {
  const world = clusterOf(pod("client", "node-1", "app: client", ""));
  const traced = world.trace("pod/default/client", "nosuch.:80");
  if (!traced.ok) throw new Error(traced.error);
  const words = traced.value.hops
    .filter(({ kind, node }) => kind === "resolve" || (kind === "send" && node === "client"))
    .map(explain);
  expect(words[0]).toContain("nosuch. is looked up as it is");
  expect(words[1]).toContain("client asks the nameserver 10.96.0.10:53 for the IPv4 addresses (A)");
  expect(words[2]).toContain("asks its own nameserver for the rest");
  expect(words.at(-1)).toBe(
    "The resolver on client gives up: Could not resolve host: nosuch (NXDOMAIN).",
  );
});
