import { afterEach, expect, test, vi } from "vitest";
import { formatConntrack } from "../dataplane/describe";
import { formatRule } from "../dataplane/netfilter/print";
import { SECOND } from "../sim/time";
import { clusterOf } from "../testing/cluster";
import { CheckMemo } from "./check-memo";
import type { World } from "./world";

afterEach(() => {
  vi.restoreAllMocks();
});

const POD = (name: string, node: string, probes: string) => `
---
{apiVersion: v1, kind: Pod, metadata: {name: ${name}, labels: {app: web}}, spec: {nodeName: ${node}, containers: [{name: main, image: example/web, ports: [{containerPort: 8080}], ${probes}}]}}`;

const CLUSTER = `${POD("a", "node-1", "readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 3}, livenessProbe: {tcpSocket: {port: 8080}, periodSeconds: 5}")}${POD("b", "node-2", "readinessProbe: {httpGet: {port: 8080}, periodSeconds: 2}")}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, externalTrafficPolicy: Local, healthCheckNodePort: 31000, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}}`;

const HAND = `*filter
:INPUT ACCEPT [0:0]
:FORWARD ACCEPT [0:0]
:OUTPUT ACCEPT [0:0]
-A OUTPUT -p tcp -m tcp --dport 8080 -m comment --comment "counts"
COMMIT
`;

/** All that checks leave behind. */
function leftIn(world: World): readonly string[] {
  const lines: string[] = [];
  for (const { id } of world.plane.all()) {
    const state = world.plane.state(id);
    for (const { id: _, ...entry } of state?.conntrack.entries() ?? [])
      lines.push(
        `${id} ${formatConntrack(entry)} ${entry.createdAtUs} ${entry.expiresAtUs} ${entry.origin}`,
      );
    for (const [rule, { packets, bytes }] of state?.counters ?? [])
      lines.push(`${id} ${formatRule("", rule)} ${packets} ${bytes}`);
  }
  for (const { id, journey, answer } of world.checks) {
    lines.push(`${id} ${JSON.stringify([journey.sentAtUs, journey.outcome, answer])}`);
    for (const { atUs, detail, before, after } of journey.hops)
      lines.push(`${id} ${JSON.stringify([atUs, detail, before, after])}`);
    for (const frame of journey.frames) lines.push(`${id} ${JSON.stringify(frame)}`);
  }
  return lines;
}

test("a check that is repeated leaves what its packets would have left, byte for byte", () => {
  const settled = clusterOf(CLUSTER);
  const run = (world: World) => {
    world.runUntil(settled.nowUs + 20 * SECOND);
    world.execute({ type: "restoreRules", node: "node-1", text: HAND, keepsCounters: true });
    world.runUntil(settled.nowUs + 40 * SECOND);
    world.execute({ type: "setReadiness", namespace: "default", pod: "b", ready: false });
    world.runUntil(settled.nowUs + 60 * SECOND);
    return leftIn(world);
  };
  const repeats = vi.spyOn(CheckMemo.prototype, "repeat");
  const repeated = run(settled.fork());
  const hits = repeats.mock.results.filter(({ value }) => value !== undefined).length;
  expect(hits).toBeGreaterThan(20);
  repeats.mockReturnValue(undefined);
  expect(run(settled.fork())).toEqual(repeated);
});
