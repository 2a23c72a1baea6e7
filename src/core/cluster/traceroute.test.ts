// What traceroute sees: the sender's packets with a time to live of 1, 2, 3 …, and who reports its end.
import { expect, test } from "vitest";
import { formatIpv4 } from "../net/ipv4";
import { clusterOf, pod } from "../testing/cluster";
import type { World } from "./world";

const PODS = `${pod("client", "node-1", "app: client", "")}${pod("near", "node-1", "app: web")}${pod("far", "node-2", "app: far")}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.0.20, selector: {app: far}, ports: [{port: 80, targetPort: 8080}]}}`;

/** Whose word reaches the client for each time to live, `*` for nobody's, until it gets through. */
function routersTo(world: World, from: string, to: string): readonly string[] {
  const seen: string[] = [];
  for (let ttl = 1; ttl <= 8; ttl++) {
    const sent = world.fork().trace(from, to, { ttl, handshakeOnly: true });
    if (!sent.ok) throw new Error(sent.error);
    const { hops, outcome } = sent.value;
    if (outcome?.verdict.kind === "delivered") return [...seen, "there"];
    const told = hops.find(({ kind, after }) => kind === "delivered" && after.icmp);
    seen.push(told ? formatIpv4(told.after.src) : "*");
  }
  return seen;
}

function podIp(world: World, name: string): string {
  return world.store.find("Pod", "default", name)?.status.podIP ?? "";
}

test("a pod on the same node is one hop away, on another node the node's own address is on the way", () => {
  const world = clusterOf(PODS);
  const client = "pod/default/client";
  expect(routersTo(world, client, `${podIp(world, "near")}:8080`)).toEqual(["there"]);
  expect(routersTo(world, client, `${podIp(world, "far")}:8080`)).toEqual([
    "10.244.1.1",
    "10.0.1.12",
    "there",
  ]);
});

test("between subnets the VPC router counts, on the internet nobody reports", () => {
  const world = clusterOf(PODS, { natGateway: "198.51.100.1" });
  expect(routersTo(world, "host/vm", "10.0.1.11:10250")).toEqual(["10.0.9.1", "there"]);
  expect(routersTo(world, "pod/default/client", "198.51.100.20:80")).toEqual([
    "10.244.1.1",
    "10.0.1.1",
    "*",
    "there",
  ]);
});

// Source: kernel nf_nat_icmp_reply_translation, which gives the report the source that the client asked.
test("through a Service every router on the way looks like the ClusterIP", () => {
  const world = clusterOf(PODS);
  expect(routersTo(world, "node/node-1", "10.96.0.20:80")).toEqual(["10.96.0.20", "there"]);
});
