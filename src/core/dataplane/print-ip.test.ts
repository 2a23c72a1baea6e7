import { expect, test } from "vitest";
import { cidr } from "../net/cidr";
import { ipv4 } from "../net/ipv4";
import { HOST_SYSCTLS, type Netns } from "./netns";
import { formatRoute, ipAddr, ipRoute } from "./print-ip";

const pod: Netns = {
  id: "pod/default/web",
  machine: "node-1",
  label: "web",
  interfaces: [
    {
      name: "eth0",
      index: 2,
      kind: "veth",
      mac: "36:a7:9e:41:1a:29",
      mtu: 1500,
      addresses: [{ ip: ipv4("10.244.1.2"), prefix: 24 }],
      peer: { netns: "node/node-1", name: "veth1" },
    },
  ],
  routes: [],
  listeners: [],
  sysctls: HOST_SYSCTLS,
  up: true,
};

const node: Netns = {
  ...pod,
  id: "node/node-1",
  label: "node-1",
  interfaces: [
    {
      name: "lo",
      index: 1,
      kind: "loopback",
      mac: "00:00:00:00:00:00",
      mtu: 65_536,
      addresses: [{ ip: ipv4("127.0.0.1"), prefix: 8 }],
    },
    {
      name: "eth0",
      index: 2,
      kind: "ethernet",
      mac: "0a:00:00:00:01:0b",
      mtu: 1500,
      addresses: [{ ip: ipv4("10.0.1.11"), prefix: 24 }],
    },
    {
      name: "cni0",
      index: 3,
      kind: "bridge",
      mac: "86:a1:07:c3:1d:85",
      mtu: 1500,
      addresses: [{ ip: ipv4("10.244.1.1"), prefix: 24 }],
    },
    {
      name: "veth1",
      index: 4,
      kind: "veth",
      mac: "9e:41:5a:1e:c7:f2",
      mtu: 1500,
      addresses: [],
      peer: { netns: "pod/default/web", name: "eth0" },
      master: "cni0",
    },
  ],
  routes: [
    { destination: cidr("10.244.2.0/24"), via: ipv4("10.0.1.12"), dev: "eth0" },
    { destination: cidr("10.244.1.0/24"), dev: "cni0", src: ipv4("10.244.1.1"), kernel: true },
    { destination: cidr("10.0.1.0/24"), dev: "eth0", src: ipv4("10.0.1.11"), kernel: true },
    { destination: cidr("0.0.0.0/0"), via: ipv4("10.0.1.1"), dev: "eth0" },
    { destination: cidr("10.9.9.9/32"), via: ipv4("1.2.3.4"), dev: "eth0", onlink: true },
  ],
};

test("ip route: in the kernel's order, each line ending in iproute2's space", () => {
  expect(ipRoute(node)).toEqual([
    "default via 10.0.1.1 dev eth0 ",
    "10.0.1.0/24 dev eth0 proto kernel scope link src 10.0.1.11 ",
    "10.9.9.9 via 1.2.3.4 dev eth0 onlink ",
    "10.244.1.0/24 dev cni0 proto kernel scope link src 10.244.1.1 ",
    "10.244.2.0/24 via 10.0.1.12 dev eth0 ",
  ]);
});

test("a route inside a hop's text has no space at its end", () => {
  expect(formatRoute({ destination: cidr("10.7.0.0/24"), dev: "eth0" })).toBe(
    "10.7.0.0/24 dev eth0 scope link",
  );
});

test("ip addr on a node", () => {
  const namespaces = new Map([[pod.id, pod]]);
  expect(ipAddr(node, { find: (id) => namespaces.get(id) }).join("\n")).toBe(
    `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN group default qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
       valid_lft forever preferred_lft forever
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc fq_codel state UP group default qlen 1000
    link/ether 0a:00:00:00:01:0b brd ff:ff:ff:ff:ff:ff
    inet 10.0.1.11/24 brd 10.0.1.255 scope global eth0
       valid_lft forever preferred_lft forever
3: cni0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue state UP group default qlen 1000
    link/ether 86:a1:07:c3:1d:85 brd ff:ff:ff:ff:ff:ff
    inet 10.244.1.1/24 brd 10.244.1.255 scope global cni0
       valid_lft forever preferred_lft forever
4: veth1@if2: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc noqueue master cni0 state UP group default qlen 1000
    link/ether 9e:41:5a:1e:c7:f2 brd ff:ff:ff:ff:ff:ff link-netnsid 0`,
  );
});

test("a bridge without ports has no carrier", () => {
  const interfaces = node.interfaces.filter((device) => device.name === "cni0");
  expect(ipAddr({ ...node, interfaces })[0]).toBe(
    "3: cni0: <NO-CARRIER,BROADCAST,MULTICAST,UP> mtu 1500 qdisc noqueue state DOWN group default qlen 1000",
  );
});
