// What a learner switches on a running node, and what it does to packets.
import { expect, test } from "vitest";
import { clusterOf, pod } from "../testing/cluster";
import { outcomes } from "../testing/packet-flow";
import type { World } from "./world";

const WEB = `${pod("web-1", "node-1", "app: web")}${pod("client", "node-1", "app: client", "")}${pod("far", "node-2", "app: far")}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.0.20, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}`;

function cluster(): World {
  return clusterOf(WEB, { addons: [] });
}

function set(world: World, setting: string, value: number, node = "node-1"): void {
  expect(world.execute({ type: "setSetting", node, setting, value })).toEqual({
    ok: true,
    applied: [],
  });
}

function clientIp(world: World): string {
  return world.store.find("Pod", "default", "client")?.status.podIP ?? "";
}

const CLIENT = "pod/default/client";
const BRIDGE_NF = "net.bridge.bridge-nf-call-iptables";

test("bridge-nf-call-iptables off: a neighbour's answer bypasses un-DNAT, until it is undone", () => {
  const world = cluster();
  const near = () => outcomes(world, CLIENT, "10.96.0.20:80");
  const before = near();
  expect(before).toEqual({ [`pod/default/web-1 sees ${clientIp(world)}`]: 1 });
  set(world, BRIDGE_NF, 0);
  expect(near()).toEqual({ "dropped ReplyFromStranger": 1 });
  expect(world.execute({ type: "undo" }).ok).toBe(true);
  expect(world.nodeSetting("node-1", BRIDGE_NF)).toBe(1);
  expect(near()).toEqual(before);
  expect(world.execute({ type: "redo" }).ok).toBe(true);
  expect(near()).toEqual({ "dropped ReplyFromStranger": 1 });
});

test("hairpin mode off: a pod does not reach itself through its Service, nor does one that comes later", () => {
  const world = cluster();
  set(world, "hairpin_mode", 0);
  expect(outcomes(world, "pod/default/web-1", "10.96.0.20:80")).toEqual({
    "dropped BridgeNoHairpin": 1,
  });
  world.execute({ type: "delete", key: "Pod/default/web-1" });
  world.settle();
  const manifest = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "late", labels: { app: "web" } },
    spec: {
      nodeName: "node-1",
      containers: [{ name: "main", image: "example/late", ports: [{ containerPort: 8080 }] }],
    },
  };
  world.execute({ type: "apply", manifests: [manifest] });
  world.settle();
  expect(outcomes(world, "pod/default/late", "10.96.0.20:80")).toEqual({
    "dropped BridgeNoHairpin": 1,
  });
});

test("ip_forward off: the node takes in what is its own, and carries nothing for its pods", () => {
  const world = cluster();
  set(world, "net.ipv4.ip_forward", 0);
  expect(outcomes(world, CLIENT, "pod/default/far:8080")).toEqual({ "dropped OtherHost": 1 });
  expect(outcomes(world, CLIENT, "10.0.1.11:10250")).toEqual({
    [`node/node-1 sees ${clientIp(world)}`]: 1,
  });
});

test("route_localnet off: NodePorts on 127.0.0.1 are martians for a pod's answer", () => {
  const world = clusterOf(
    `${WEB}
---
{apiVersion: v1, kind: Service, metadata: {name: np}, spec: {type: NodePort, clusterIP: 10.96.0.21, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}}`,
    { addons: [] },
  );
  expect(outcomes(world, "node/node-1", "127.0.0.1:30080")).toEqual({
    "pod/default/web-1 sees 10.244.1.1": 1,
  });
});

test("the source/destination check drops pods' packets between machines, and nothing else", () => {
  const world = cluster();
  set(world, "source_dest_check", 1, "node-2");
  expect(outcomes(world, CLIENT, "pod/default/far:8080")).toEqual({
    "dropped SourceDestCheck": 1,
  });
  expect(outcomes(world, "pod/default/far", "pod/default/web-1:8080")).toEqual({
    "dropped SourceDestCheck": 1,
  });
  expect(outcomes(world, "node/node-1", "10.0.1.12:10250")).toEqual({
    "node/node-2 sees 10.0.1.11": 1,
  });
});

test("outside the cluster nobody knows the way to a pod, until the VPC's route table has it", () => {
  const world = cluster();
  const fromVm = () => outcomes(world, "host/vm", "pod/default/far:8080");
  expect(fromVm()).toEqual({ "dropped IpInNoRoutes": 1 });
  set(world, "vpc_route", 1, "node-2");
  expect(fromVm()).toEqual({ "pod/default/far sees 10.0.9.20": 1 });
  set(world, "source_dest_check", 1, "node-2");
  expect(fromVm()).toEqual({ "dropped SourceDestCheck": 1 });
});

test.each([
  [
    "net.ipv4.conf.all.rp_filter",
    7,
    'sysctl: setting key "net.ipv4.conf.all.rp_filter": Invalid argument',
  ],
  [
    "net.ipv4.nonsense",
    1,
    "sysctl: cannot stat /proc/sys/net/ipv4/nonsense: No such file or directory",
  ],
])("%s = %i: %s", (setting, value, message) => {
  const result = cluster().execute({ type: "setSetting", node: "node-1", setting, value });
  expect(result.ok ? "" : result.refusals[0]?.status.message).toBe(message);
});
