import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { MirrorRecord } from "../worker/protocol";
import { SimulationHost } from "../worker/simulation";
import { endpointNoteOf } from "./endpoint-notes";
import type { MirrorRecords } from "./mirror";

async function openCluster(yaml: string) {
  const host = new SimulationHost();
  await host.open(yaml);
  const records = new Map<string, MirrorRecord>();
  await host.subscribe(({ added, updated, removed }) => {
    for (const record of [...added, ...updated]) records.set(record.id, record);
    for (const id of removed) records.delete(id);
  });
  /** As the page mirrors it now. */
  const mirror = (): MirrorRecords => new Map(records);
  return { host, mirror };
}

const SHOP = `
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.0.20, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: log}, spec: {clusterIP: 10.96.0.21, selector: {app: web}, ports: [{port: 514, protocol: UDP}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}}, spec: {nodeName: node-1, containers: [{name: main, image: example/web, ports: [{containerPort: 8080}, {containerPort: 514, protocol: UDP}]}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: other, labels: {app: web}}, spec: {nodeName: node-1, containers: [{name: main, image: example/web, ports: [{containerPort: 8080}, {containerPort: 514, protocol: UDP}]}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: client}, spec: {nodeName: node-1, containers: [{name: main, image: example/client}]}}`;

test("entries tell when their endpoint is going, gone, or nobody's address; TCP stays, UDP is deleted", async () => {
  const { host, mirror } = await openCluster(SHOP);
  for (let i = 0; i < 6; i++) {
    await host.send("pod/default/client", "svc/default/web:80");
    await host.send("pod/default/client", "svc/default/log:514");
  }
  await host.advance(1_000);
  const lines = async () => (await host.tables("node-1")).conntrack.map(({ text }) => text);
  const web = mirror().get("Pod/default/web");
  const ip = web?.type === "object" && web.value.kind === "Pod" ? web.value.status.podIP : "";
  const toWeb = async () => (await lines()).filter((line) => line.includes(`src=${ip} `));
  const notes = async () => {
    const all = (await toWeb()).map((line) => {
      const note = endpointNoteOf(line, mirror());
      return `${line.slice(0, 3)} ${note?.state ?? "fine"}`;
    });
    return [...new Set(all)].sort();
  };
  expect(await notes()).toEqual(["tcp fine", "udp fine"]);

  await host.delete("Pod/default/web");
  await host.advance(100_000);
  expect(await notes()).toEqual(["tcp terminating", "udp terminating"]);

  await host.advance(10_000_000);
  expect(await notes()).toEqual(["tcp gone"]);
  const [line = ""] = await toWeb();
  expect(endpointNoteOf(line, mirror())?.text).toBe(
    `${ip}:8080 is no endpoint of default/web any more, and no pod has ${ip} any more: the connection keeps its entry`,
  );
  const { deletedEntries } = await host.tables("node-1");
  expect(deletedEntries[0]?.text).toMatch(/^\[DESTROY\] udp +17 src=/);
  expect(deletedEntries[0]?.why).toBe(
    `kube-proxy deleted it: ${ip}:514 is no endpoint of default/log any more`,
  );
  const runtime = mirror().get("nodeRuntime/node-1");
  expect(runtime).toMatchObject({ value: { deletedEntries: { count: deletedEntries.length } } });
});

test("a Service that lost its last serving endpoint keeps its UDP entries, and the note says so", async () => {
  const { host, mirror } = await openCluster(SHOP);
  await host.send("pod/default/client", "svc/default/log:514");
  const note = async () => {
    const entries = (await host.tables("node-1")).conntrack;
    const line = entries.find(({ text }) => text.includes("dport=514"))?.text ?? "";
    return endpointNoteOf(line, mirror())?.text.replace(/[\d.]+:514/, "IP:514");
  };
  await host.delete("Pod/default/web");
  await host.delete("Pod/default/other");
  await host.advance(100_000);
  expect(await note()).toBe(
    "IP:514 is terminating: as none is ready, new connections go to those that terminate but still serve, the entry stays",
  );
  await host.advance(10_000_000);
  expect(await note()).toMatch(/: kube-proxy deletes no entry of a Service that has no serving/);
  expect((await host.tables("node-1")).deletedEntries).toEqual([]);
});

test("an endpoint that fails its probes, and one whose label was taken away", async () => {
  const { host, mirror } = await openCluster(SHOP);
  const endpoint = (await host.yaml("Pod/default/web")).match(/podIP: (\S+)/)?.[1];
  const line = `tcp      6 86400 ESTABLISHED src=10.244.1.9 dst=10.96.0.20 sport=4000 dport=80 src=${endpoint} dst=10.244.1.9 sport=8080 dport=4000 [ASSURED] mark=0 use=1`;
  expect(endpointNoteOf(line, mirror())).toBeUndefined();
  await host.control({
    type: "patch",
    key: "Pod/default/web",
    patch: { metadata: { labels: { app: null } } },
  });
  await host.advance(2_000_000);
  expect(endpointNoteOf(line, mirror())).toEqual({
    state: "no endpoint",
    text: `${endpoint}:8080 is no endpoint of default/web any more: the connection keeps its entry`,
  });
  expect(endpointNoteOf("icmp 1 src=1.1.1.1 dst=2.2.2.2", mirror())).toBeUndefined();
});

test("the built-in cluster: nothing is wrong at first", async () => {
  const { host, mirror } = await openCluster(readFileSync("public/scenarios/default.yaml", "utf8"));
  await host.send("host/user", "lb/default/kuard:80");
  await host.advance(1_000_000);
  for (const node of ["node-1", "node-2", "node-3"])
    for (const { text } of (await host.tables(node)).conntrack)
      expect(endpointNoteOf(text, mirror())).toBeUndefined();
});
