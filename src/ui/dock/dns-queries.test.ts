import { expect, test } from "vitest";
import { SimulationHost } from "../../worker/simulation";
import { dnsQueriesOf } from "./dns-queries";

const CLUSTER = `
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.0.20, ports: [{port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: outside}, spec: {type: ExternalName, externalName: nosuch.example.com}}
---
{apiVersion: v1, kind: Pod, metadata: {name: client}, spec: {nodeName: node-1, containers: [{name: main, image: example/client}]}}`;

test("the queries of a request: who asked whom, and what came back", async () => {
  const host = new SimulationHost();
  await host.open(CLUSTER);
  const queriesOf = async (to: string) => {
    const sent = await host.send("pod/default/client", to);
    if (!sent.ok) throw new Error(sent.error);
    return dnsQueriesOf(sent.journey.hops);
  };
  const coredns = expect.stringMatching(/^coredns-/);
  const name = "web.default.svc.cluster.local";
  const asked = { client: "client", name, nameserver: "10.96.0.10", server: coredns };
  expect(await queriesOf(`${name}.:80`)).toEqual([
    { ...asked, hop: 1, type: "A", answer: "A 10.96.0.20" },
    { ...asked, hop: expect.any(Number), type: "AAAA", answer: "no records" },
  ]);
  const forwarded = await queriesOf("outside.default.svc.cluster.local.:80");
  expect(forwarded[1]).toMatchObject({
    client: coredns,
    name: "nosuch.example.com",
    nameserver: "10.0.0.2",
    server: "resolver",
    answer: "NXDomain",
  });
});
