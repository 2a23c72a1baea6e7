// What somebody changes in a machine's network with `ip`: the packets' ways change, and undoing brings them back.
import { expect, test } from "vitest";
import { ipAddr, ipRoute } from "../dataplane/print-ip";
import { clusterOf, pod } from "../testing/cluster";

const PODS = `${pod("client", "node-1", "app: client", "")}${pod("far", "node-2", "app: far")}`;

function start() {
  const world = clusterOf(PODS);
  const { podIP: far = "" } = world.store.find("Pod", "default", "far")?.status ?? {};
  const ip = (text: string, netns = "node/node-1") =>
    world.execute({ type: "configureNetwork", netns, text });
  const verdict = (from = "pod/default/client", to = `${far}:8080`) => {
    const sent = world.trace(from, to);
    if (!sent.ok) throw new Error(sent.error);
    return sent.value.outcome?.verdict.reason ?? sent.value.outcome?.verdict.kind;
  };
  const routes = (netns = "node/node-1") => ipRoute(world.plane.get(netns));
  return { world, far, ip, verdict, routes };
}

test("without its route a node cannot send to another's pods; undo brings it back, and so does a new one", () => {
  const { world, ip, verdict, routes } = start();
  const before = routes();
  expect(verdict()).toBe("delivered");
  ip("route del 10.244.2.0/24");
  expect(routes()).toHaveLength(before.length - 1);
  // The default route takes it to the VPC's router, which knows no pod CIDRs.
  expect(verdict()).not.toBe("delivered");
  world.execute({ type: "undo" });
  expect(routes()).toEqual(before);
  expect(verdict()).toBe("delivered");
  world.execute({ type: "redo" });
  expect(verdict()).not.toBe("delivered");
  ip("r a 10.244.2.0/24 via 10.0.1.12");
  expect(routes()).toEqual(before);
  expect(verdict()).toBe("delivered");
});

test("the most specific route counts, then the least metric", () => {
  const { far, ip, verdict, routes } = start();
  ip(`route add blackhole ${far}`);
  expect(verdict()).toBe("IpInNoRoutes");
  ip(`route del ${far}`);
  ip("route add 10.244.2.0/24 via 10.0.1.13 metric 100");
  expect(routes().filter((line) => line.startsWith("10.244.2.0"))).toEqual([
    "10.244.2.0/24 via 10.0.1.12 dev eth0 ",
    "10.244.2.0/24 via 10.0.1.13 dev eth0 metric 100 ",
  ]);
  expect(verdict()).toBe("delivered");
});

test("a link that is down takes its routes along, and only those to its own networks come back", () => {
  const { world, ip, verdict, routes } = start();
  const before = routes();
  ip("link set eth0 down");
  expect(routes()).toEqual(before.filter((line) => line.includes("dev cni0")));
  expect(ipAddr(world.plane.get("node/node-1"))).toContain(
    "2: eth0: <BROADCAST,MULTICAST> mtu 1500 qdisc fq_codel state DOWN group default qlen 1000",
  );
  expect(verdict("node/node-2", "10.0.1.11:10250")).toBe("DevReady");
  ip("link set dev eth0 up");
  expect(routes()).toEqual(before.filter((line) => !line.includes(" via ")));
  expect(verdict("node/node-2", "10.0.1.11:10250")).toBe("delivered");
  world.execute({ type: "undo" });
  world.execute({ type: "undo" });
  expect(routes()).toEqual(before);
});

test("a pod whose cable is down, at either end, is not reached", () => {
  for (const atNode of [true, false]) {
    const { world, ip, verdict } = start();
    const port = world.plane.get("node/node-2").interfaces.find(({ peer }) => {
      return peer?.netns === "pod/default/far";
    });
    if (atNode) ip(`link set ${port?.name} down`, "node/node-2");
    else ip("link set eth0 down", "pod/default/far");
    expect(verdict()).toBe("NeighFailed");
  }
});

test("an address brings the route to its network; without its last one a device has none", () => {
  const { ip, routes, verdict } = start();
  const before = routes();
  ip("addr add 172.16.0.1/24 dev eth0");
  expect(routes()).toContain("172.16.0.0/24 dev eth0 proto kernel scope link src 172.16.0.1 ");
  expect(verdict("node/node-1", "172.16.0.1:10250")).toBe("delivered");
  ip("addr del 172.16.0.1/24 dev eth0");
  expect(routes()).toEqual(before);
  ip("addr flush dev eth0");
  expect(routes()).toEqual(before.filter((line) => line.includes("dev cni0")));
  expect(verdict()).toBe("IpInNoRoutes");
});

test("what daemons write again when the nodes change leaves alone what somebody typed", () => {
  const { world, ip, routes } = start();
  ip("route replace 10.244.3.0/24 via 10.0.1.12");
  ip("route add 192.0.2.0/24 via 10.0.1.1");
  ip("addr add 172.16.0.1/24 dev eth0");
  const before = routes();
  world.execute({ type: "delete", key: "Node/node-2" });
  world.settle();
  expect(routes()).toEqual(before.filter((line) => !line.startsWith("10.244.2.0")));
});

test("a wrong neighbour leads astray", () => {
  const { ip, world } = start();
  ip("neigh add 10.244.1.1 lladdr 02:00:00:00:00:01 dev eth0", "pod/default/client");
  expect(world.plane.get("pod/default/client").neighbours).toHaveLength(1);
});

test("undo takes back what was typed, not what others did since", () => {
  const { world, ip, routes } = start();
  ip("route add 192.0.2.0/24 via 10.0.1.1");
  world.execute({ type: "setSetting", node: "node-1", setting: "net.ipv4.ip_forward", value: 0 });
  ip("route add 192.0.3.0/24 via 10.0.1.1");
  world.execute({ type: "undo" });
  expect(routes().filter((line) => line.startsWith("192."))).toEqual([
    "192.0.2.0/24 via 10.0.1.1 dev eth0 ",
  ]);
});
