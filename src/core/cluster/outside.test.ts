// A machine outside the cluster and the addresses of pods: why it cannot reach them, and the two ways to make it able to.
import { describe, expect, test } from "vitest";
import type { ClusterConfig, CniName } from "../api/cluster-config";
import { DEFAULT_CLUSTER_CONFIG } from "../api/cluster-config";
import { ipRoute } from "../dataplane/print-ip";
import { bridgeFdb } from "../dataplane/print-policy";
import { clusterOf, pod } from "../testing/cluster";
import { findWay, outcomes } from "../testing/packet-flow";
import type { World } from "./world";

const VM = "host/vm";
const WEB = "pod/default/web:8080";

function cluster(cni: CniName, options: Partial<ClusterConfig["options"]> = {}): World {
  const checked = { sourceDestCheck: cni === "vxlan" || cni === "aws-vpc" };
  return clusterOf(pod("web", "node-2", "app: web"), {
    cni,
    natGateway: "198.51.100.1",
    options: { ...DEFAULT_CLUSTER_CONFIG.options, ...checked, ...options },
  });
}

/** Whether `vm` takes part in the pod network, from now on. */
function join(world: World, podNetwork: boolean): World {
  const spec = { zone: "vpc", ip: "10.0.9.20", podNetwork };
  const metadata = { name: "vm" };
  const manifest = { apiVersion: "kubehop.dev/v1alpha1", kind: "Host", metadata, spec };
  expect(world.execute({ type: "apply", manifests: [manifest] }).ok).toBe(true);
  world.settle();
  return world;
}

describe.each(["bridge", "vxlan", "calico"] as const)("%s", (cni) => {
  test("nobody outside knows the way to a pod, and the verdict says so", () => {
    const world = cluster(cni);
    for (const from of [VM, "host/user"]) {
      const verdict = findWay(world, { from, to: WEB }).outcome?.verdict;
      expect(verdict).toMatchObject({ kind: "dropped", reason: "IpInNoRoutes", place: "internet" });
      expect(verdict?.explanation).toContain("10.244.2.0/24 is on node-2");
    }
  });

  test("a machine that joins the pod network reaches pods, is no node, and forgets the way when it leaves", () => {
    const world = cluster(cni);
    const before = world.plane.get(VM);
    const sees = cni === "vxlan" ? "10.244.255.0" : "10.0.9.20";
    expect(outcomes(join(world, true), VM, WEB)).toEqual({ [`pod/default/web sees ${sees}`]: 1 });
    expect([...world.store.list("Node")].length).toBe(3);
    expect(outcomes(world, "host/user", WEB)).toEqual({ "dropped IpInNoRoutes": 1 });
    expect(outcomes(join(world, false), VM, WEB)).toEqual({ "dropped IpInNoRoutes": 1 });
    expect(world.plane.get(VM)).toEqual(before);
  });
});

test("bridge: the machine has a route for each node's pods", () => {
  const world = join(cluster("bridge"), true);
  expect(ipRoute(world.plane.get(VM))).toContain("10.244.2.0/24 via 10.0.1.12 dev eth0 onlink ");
  expect(world.execute({ type: "delete", key: "Node/node-2" }).ok).toBe(true);
  world.settle();
  expect(ipRoute(world.plane.get(VM)).join()).not.toContain("10.244.2.0/24");
});

test("vxlan: the machine has a lease, which the nodes' tables lead to", () => {
  const world = join(cluster("vxlan"), true);
  const node = world.plane.get("node/node-1");
  expect(ipRoute(node)).toContain("10.244.255.0/24 via 10.244.255.0 dev flannel.1 onlink ");
  expect(bridgeFdb(node)).toContainEqual(expect.stringContaining("dst 10.0.9.20"));
  expect(outcomes(world, "pod/default/web", "10.0.9.20:80")).toEqual({ "refused NoSocket": 1 });
  join(world, false);
  expect(ipRoute(world.plane.get("node/node-1")).join()).not.toContain("10.244.255.0");
});

test("aws-vpc: pods' addresses are the VPC's own", () => {
  const expected = { "pod/default/web sees 10.0.9.20": 1 };
  expect(outcomes(cluster("aws-vpc"), VM, WEB)).toEqual(expected);
  expect(outcomes(cluster("aws-vpc"), "host/user", WEB)).toEqual({ "dropped IpInNoRoutes": 1 });
});

describe("a route in the VPC", () => {
  const seen = { "pod/default/web sees 10.0.9.20": 1 };

  test("leads machines of the VPC to pods, nobody on the internet", () => {
    const world = cluster("bridge");
    setSwitch(world, "vpc_route", 1);
    expect(outcomes(world, VM, WEB)).toEqual(seen);
    expect(outcomes(world, "host/user", WEB)).toEqual({ "dropped IpInNoRoutes": 1 });
    setSwitch(world, "vpc_route", 0);
    expect(outcomes(world, VM, WEB)).toEqual({ "dropped IpInNoRoutes": 1 });
  });

  test("is no use as long as the node's source/destination check is on", () => {
    const world = cluster("bridge", { sourceDestCheck: true });
    setSwitch(world, "vpc_route", 1);
    expect(outcomes(world, VM, WEB)).toEqual({ "dropped SourceDestCheck": 1 });
    setSwitch(world, "source_dest_check", 0);
    expect(outcomes(world, VM, WEB)).toEqual(seen);
  });

  test("leads to a tunnel's bridge as well", () => {
    const world = cluster("vxlan");
    setSwitch(world, "vpc_route", 1);
    expect(outcomes(world, VM, WEB)).toEqual({ "dropped SourceDestCheck": 1 });
    setSwitch(world, "source_dest_check", 0);
    expect(Object.keys(outcomes(world, VM, WEB))[0]).toMatch(/^pod\/default\/web sees /);
  });
});

test("only a machine in the VPC can take part", () => {
  const world = cluster("bridge");
  const manifest = {
    apiVersion: "kubehop.dev/v1alpha1",
    kind: "Host",
    metadata: { name: "far" },
    spec: { ip: "198.51.100.30", podNetwork: true },
  };
  const result = world.execute({ type: "apply", manifests: [manifest] });
  expect(JSON.stringify(result)).toContain(
    "spec.podNetwork: Invalid value: true: only a machine in the VPC can take part",
  );
});

function setSwitch(world: World, setting: "vpc_route" | "source_dest_check", value: 0 | 1): void {
  expect(world.execute({ type: "setSetting", node: "node-2", setting, value }).ok).toBe(true);
}
