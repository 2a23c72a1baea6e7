// The same cluster on every pod network: who reaches whom, by which way, and whose address is seen.
import { describe, expect, test } from "vitest";
import type { ClusterConfig, CniName } from "../api/cluster-config";
import { DEFAULT_CLUSTER_CONFIG } from "../api/cluster-config";
import { ipRoute } from "../dataplane/print-ip";
import { clusterOf, pod } from "../testing/cluster";
import { findWay, outcomes, packetFlow } from "../testing/packet-flow";
import type { World } from "./world";

const OBJECTS = `${pod("client", "node-1", "app: client", "")}${pod("near", "node-1", "app: near")}${pod("far", "node-2", "app: far")}
---
{apiVersion: v1, kind: Service, metadata: {name: near}, spec: {type: NodePort, clusterIP: 10.96.0.20, selector: {app: near}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: far}, spec: {type: NodePort, clusterIP: 10.96.0.21, selector: {app: far}, ports: [{port: 80, targetPort: 8080, nodePort: 30081}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: far-local}, spec: {type: NodePort, externalTrafficPolicy: Local, clusterIP: 10.96.0.22, selector: {app: far}, ports: [{port: 80, targetPort: 8080, nodePort: 30082}]}}`;

const worlds = new Map<CniName, World>();

function cluster(cni: CniName, options: Partial<ClusterConfig["options"]> = {}): World {
  const known = worlds.get(cni);
  if (known && Object.keys(options).length === 0) return known;
  const checked = { sourceDestCheck: cni === "vxlan" || cni === "aws-vpc" };
  const world = clusterOf(OBJECTS, {
    cni,
    natGateway: "198.51.100.1",
    options: { ...DEFAULT_CLUSTER_CONFIG.options, ...checked, ...options },
  });
  if (Object.keys(options).length === 0) worlds.set(cni, world);
  return world;
}

function ip(world: World, name: string): string {
  return world.store.find("Pod", "default", name)?.status.podIP ?? "";
}

const CLIENT = "pod/default/client";

describe.each(["bridge", "vxlan", "calico", "aws-vpc"] as const)("%s", (cni) => {
  const world = () => cluster(cni);
  const client = () => ip(world(), "client");

  test("pods reach each other under their own addresses, near and far, directly and by Service", () => {
    for (const name of ["near", "far"]) {
      const expected = { [`pod/default/${name} sees ${client()}`]: 1 };
      expect(outcomes(world(), CLIENT, `pod/default/${name}:8080`)).toEqual(expected);
      expect(outcomes(world(), CLIENT, `svc/default/${name}:80`)).toEqual(expected);
    }
  });

  test("a pod reaches itself through its Service, masqueraded", () => {
    const [seen] = Object.keys(outcomes(world(), "pod/default/near", "svc/default/near:80"));
    expect(seen).toMatch(/^pod\/default\/near sees /);
    expect(seen).not.toContain(`sees ${ip(world(), "near")}`);
  });

  test("nodes and pods reach each other", () => {
    expect(outcomes(world(), CLIENT, "10.0.1.11:10250")).toEqual({
      [`node/node-1 sees ${client()}`]: 1,
    });
    for (const node of ["node-1", "node-2", "node-3"]) {
      const [seen] = Object.keys(outcomes(world(), `node/${node}`, "pod/default/far:8080"));
      expect(seen).toMatch(/^pod\/default\/far sees /);
    }
  });

  test("the internet sees the NAT gateway", () => {
    expect(outcomes(world(), CLIENT, "198.51.100.20:80")).toEqual({
      "host/db sees 198.51.100.1": 1,
    });
  });

  test("NodePorts serve a machine of the VPC; under policy Local the pod sees it", () => {
    const port = (name: string) => outcomes(world(), "host/vm", name);
    const [masqueraded] = Object.keys(port("nodeport/node-1/default/far:80"));
    expect(masqueraded).toMatch(/^pod\/default\/far sees /);
    expect(port("nodeport/node-2/default/far-local:80")).toEqual({
      "pod/default/far sees 10.0.9.20": 1,
    });
  });

  test("a pod address that nobody has is refused in the end", () => {
    const unowned = ip(world(), "far").replace(/\d+$/, "240");
    const [fate] = Object.keys(outcomes(world(), CLIENT, `${unowned}:80`));
    expect(fate).toMatch(/^(refused|dropped) /);
  });

  test("pods that go leave nothing behind on their node", () => {
    const now = world().fork();
    const before = now.plane.get("node/node-1");
    const manifest = {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: "late" },
      spec: { nodeName: "node-1", containers: [{ name: "main", image: "example/late" }] },
    };
    now.execute({ type: "apply", manifests: [manifest] });
    now.settle();
    expect(now.plane.get("node/node-1").interfaces.length).toBe(before.interfaces.length + 1);
    now.execute({ type: "delete", key: "Pod/default/late" });
    now.settle();
    expect(now.plane.get("node/node-1")).toEqual(before);
  });
});

describe("vxlan", () => {
  packetFlow(
    "to another node: wrapped into a datagram between nodes, unwrapped there",
    () => cluster("vxlan"),
    { from: CLIENT, to: "pod/default/far:8080" },
    `
    client  send         * > *:8080 tcp S
    node-1  PREROUTING   KUBE-SERVICES, no DNAT
    node-1  route        10.244.2.0/24 via 10.244.2.0 dev flannel.1 onlink
    node-1  FORWARD      *FLANNEL-FWD, accept by FLANNEL-FWD
    node-1  POSTROUTING  *FLANNEL-POSTRTG, no SNAT
    node-1  encapsulate  10.0.1.11:* > 10.0.1.12:8472 udp vxlan 1 [10.244.1.*:* > 10.244.2.*:8080 tcp S]
    node-1  route        10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.11
    node-1  OUTPUT       KUBE-SERVICES*
    node-1  POSTROUTING  *no SNAT
    vpc     forward      to node-2 (10.0.1.12)
    node-2  PREROUTING   *no DNAT
    node-2  INPUT        *
    node-2  decapsulate  10.244.1.*:* > 10.244.2.*:8080 tcp S
    node-2  PREROUTING   KUBE-SERVICES, no DNAT
    node-2  route        10.244.2.0/24 dev cni0 proto kernel scope link src 10.244.2.1
    …
    `,
  );

  test("a node's own packets to another node's pods come from its tunnel's address", () => {
    expect(outcomes(cluster("vxlan"), "node/node-1", "pod/default/far:8080")).toEqual({
      "pod/default/far sees 10.244.1.0": 1,
    });
  });

  test("the source/destination check does not mind: between nodes there are nodes' addresses only", () => {
    const checked = outcomes(cluster("vxlan"), CLIENT, "pod/default/far:8080");
    expect(Object.keys(checked)[0]).toMatch(/^pod\/default\/far sees/);
    const bridged = cluster("bridge", { sourceDestCheck: true });
    expect(outcomes(bridged, CLIENT, "pod/default/far:8080")).toEqual({
      "dropped SourceDestCheck": 1,
    });
  });
});

describe("calico", () => {
  test("a node has a route for each pod, one for each other node's block, and a blackhole for its own", () => {
    const world = cluster("calico");
    const lines = ipRoute(world.plane.get("node/node-1"));
    expect(lines).toContain("blackhole 10.244.1.0/26 proto bird ");
    expect(lines).toContain("10.244.2.0/26 via 10.0.1.12 dev eth0 proto bird ");
    const own = lines.filter((line) => / dev cali[0-9a-f]{11} scope link $/.test(line));
    expect(own.some((line) => line.startsWith(`${ip(world, "client")} `))).toBe(true);
  });

  test("a pod's only neighbour is 169.254.1.1", () => {
    const netns = cluster("calico").plane.get(CLIENT);
    expect(ipRoute(netns)).toEqual([
      "default via 169.254.1.1 dev eth0 ",
      "169.254.1.1 dev eth0 scope link ",
    ]);
  });

  test("an address of the node's own block that no pod has falls into the blackhole", () => {
    const world = cluster("calico");
    const unowned = ip(world, "far").replace(/\d+$/, "60");
    expect(outcomes(world, CLIENT, `${unowned}:80`)).toEqual({ "dropped IpInNoRoutes": 1 });
  });
});

/** Five pods fill the primary card of node-1; the next has an address of another. */
const MANY = Array.from({ length: 8 }, (_, index) => pod(`web-${index}`, "node-1", "app: many"))
  .join("")
  .concat(`
---
{apiVersion: v1, kind: Service, metadata: {name: many}, spec: {type: NodePort, externalTrafficPolicy: Local, clusterIP: 10.96.0.30, selector: {app: many}, ports: [{port: 80, targetPort: 8080, nodePort: 30090}]}}`);

describe("aws-vpc", () => {
  const many = () =>
    clusterOf(MANY, {
      cni: "aws-vpc",
      addons: [],
      options: { ...DEFAULT_CLUSTER_CONFIG.options, sourceDestCheck: true },
    });

  test("outside the cluster, inside the VPC: pods are reached, and seen, under their own addresses", () => {
    const world = cluster("aws-vpc");
    const server = world.fork();
    expect(outcomes(world, "host/vm", "pod/default/far:8080")).toEqual({
      "pod/default/far sees 10.0.9.20": 1,
    });
    expect(ip(server, "far")).toMatch(/^10\.0\.1\./);
  });

  test("pods of a further card go out by it, by a table of its own; answers to the primary card go back by that", () => {
    const world = many();
    const netns = world.plane.get("node/node-1");
    const second = netns.interfaces.find(({ name }) => name === "eth1");
    expect(second?.kind).toBe("ethernet");
    const late = [...world.store.list("Pod")].filter(({ status }) =>
      netns.rules?.some(({ from }) => from && status.podIP === formatRange(from.network)),
    );
    expect(late.length).toBe(3);
    const name = late[0]?.metadata.name ?? "";
    const way = findWay(world, { from: `pod/default/${name}`, to: "10.0.9.20:22" });
    const route = way.hops.find(({ kind, node }) => kind === "route" && node === "node-1");
    expect(route?.detail).toBe("default via 10.0.1.1 dev eth1");
    const port = outcomes(world, "host/vm", "nodeport/node-1/default/many:80");
    expect(Object.keys(port).length).toBe(8);
    expect(Object.keys(port).every((seen) => seen.endsWith("sees 10.0.9.20"))).toBe(true);
  });
});

function formatRange(network: number): string {
  return [24, 16, 8, 0].map((shift) => (network >>> shift) & 255).join(".");
}
