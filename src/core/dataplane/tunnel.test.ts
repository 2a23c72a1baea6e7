// Devices that are neither a card nor a bridge: tunnels, routed veth pairs with proxy ARP, cards with tables of their own.
import { expect, test } from "vitest";
import { cidr } from "../net/cidr";
import { formatIpv4, ipv4 } from "../net/ipv4";
import { formatPacket, type Packet } from "../net/packet";
import { seededDecider } from "../sim/decider";
import { advance } from "./advance";
import { findRoute } from "./fib";
import type { Flight, Stage, Step } from "./flight";
import { HOST_SYSCTLS, type Netns } from "./netns";
import { Plane } from "./plane";

const MAC = { a: "aa:00:00:00:00:01", b: "bb:00:00:00:00:02" };

function node(name: string, ip: string, podNet: string, mac: string): Netns {
  return {
    id: `node/${name}`,
    machine: name,
    label: name,
    interfaces: [
      {
        name: "eth0",
        index: 2,
        kind: "ethernet",
        mac: "02:00:00:00:00:01",
        mtu: 1_500,
        addresses: [{ ip: ipv4(ip), prefix: 24 }],
      },
      {
        name: "flannel.1",
        index: 3,
        kind: "vxlan",
        mac,
        mtu: 1_450,
        addresses: [{ ip: ipv4(podNet), prefix: 32 }],
        vxlan: { vni: 1, local: ipv4(ip), port: 8_472 },
      },
    ],
    routes: [{ destination: cidr("10.0.1.0/24"), dev: "eth0", src: ipv4(ip), kernel: true }],
    listeners: [],
    sysctls: { ...HOST_SYSCTLS, ipForward: true },
    up: true,
  };
}

const A: Netns = {
  ...node("a", "10.0.1.11", "10.244.1.0", MAC.a),
  neighbours: [{ ip: ipv4("10.244.2.0"), dev: "flannel.1", mac: MAC.b }],
  fdb: [{ mac: MAC.b, dev: "flannel.1", remote: ipv4("10.0.1.12") }],
};

const SYN: Packet = {
  protocol: "tcp",
  src: ipv4("10.244.1.5"),
  sport: 40_000,
  dst: ipv4("10.244.2.7"),
  dport: 80,
  ttl: 63,
  mark: 0,
  flags: "S",
  seq: 0,
  ack: 0,
  payloadBytes: 0,
};

function step(netns: readonly Netns[], stage: Stage, packet: Packet): Step {
  const plane = new Plane();
  for (const one of netns) plane.put(one);
  const flight: Flight = {
    packet,
    connection: 1,
    role: "SYN",
    direction: "original",
    stage,
    steps: 0,
  };
  return advance(flight, {
    plane,
    nowUs: 0,
    decide: seededDecider(1, ""),
    isClient: () => false,
  });
}

function leaving(netns: Netns, dev: string, nextHop: string, packet: Packet): Step {
  const out = { dev, nextHop: ipv4(nextHop) };
  return step([netns], { at: "postrouting", netns: netns.id, out, bridged: false }, packet);
}

test("a tunnel wraps a packet for the machine behind which its next hop's MAC address is", () => {
  const { next } = leaving(A, "flannel.1", "10.244.2.0", { ...SYN, mark: 0x4000 });
  const outer = next?.flight.packet;
  expect(outer && formatPacket(outer)).toMatch(
    /^10\.0\.1\.11:\d+ > 10\.0\.1\.12:8472 udp vxlan 1 \[10\.244\.1\.5:40000 > 10\.244\.2\.7:80 tcp S\]$/,
  );
  expect(outer?.mark).toBe(0x4000);
  expect(outer?.vxlan).toMatchObject({
    srcMac: MAC.a,
    dstMac: MAC.b,
    packet: { mark: 0, ttl: 63 },
  });
  // 40 bytes of TCP SYN, 14 of Ethernet, 8 of VXLAN.
  expect(outer?.payloadBytes).toBe(62);
});

test("the other end unwraps it, and takes it in as having come by the tunnel", () => {
  const outer = leaving(A, "flannel.1", "10.244.2.0", SYN).next?.flight.packet as Packet;
  const b = node("b", "10.0.1.12", "10.244.2.0", MAC.b);
  const { next } = step([b], { at: "input", netns: "node/b", devIn: "eth0" }, outer);
  expect(next?.flight.packet).toEqual(SYN);
  expect(next?.flight.stage).toMatchObject({ at: "receive", dev: "flannel.1" });
  const other = node("c", "10.0.1.12", "10.244.3.0", "cc:00:00:00:00:03");
  expect(step([other], { at: "input", netns: "node/c", devIn: "eth0" }, outer).ended?.reason).toBe(
    "OtherHost",
  );
});

test("without a neighbour entry nobody answers; without a forwarding entry there is nowhere to send", () => {
  expect(leaving(A, "flannel.1", "10.244.3.0", SYN).ended?.reason).toBe("NeighFailed");
  expect(leaving({ ...A, fdb: [] }, "flannel.1", "10.244.2.0", SYN).ended?.reason).toBe(
    "VxlanNoRemote",
  );
});

const POD: Netns = {
  id: "pod/default/web",
  machine: "a",
  label: "web",
  interfaces: [
    {
      name: "eth0",
      index: 2,
      kind: "veth",
      mac: "02:00:00:00:00:05",
      mtu: 1_500,
      addresses: [{ ip: ipv4("10.244.1.5"), prefix: 32 }],
      peer: { netns: "node/a", name: "cali1" },
    },
  ],
  routes: [],
  listeners: [],
  sysctls: HOST_SYSCTLS,
  up: true,
};

function routedNode(proxyArp: boolean): Netns {
  return {
    ...A,
    interfaces: [
      ...A.interfaces,
      {
        name: "cali1",
        index: 4,
        kind: "veth",
        mac: "ee:ee:ee:ee:ee:ee",
        mtu: 1_500,
        addresses: [],
        peer: { netns: POD.id, name: "eth0" },
        conf: { proxyArp },
      },
    ],
    routes: [...A.routes, { destination: cidr("0.0.0.0/0"), via: ipv4("10.0.1.1"), dev: "eth0" }],
  };
}

test("169.254.1.1 is nobody's: with proxy_arp the node answers for it, as it would route there", () => {
  const send = (host: Netns, pod = POD) => {
    const out = { dev: "eth0", nextHop: ipv4("169.254.1.1") };
    const stage: Stage = { at: "postrouting", netns: POD.id, out, bridged: false };
    return step([host, pod], stage, SYN);
  };
  expect(send(routedNode(true)).next?.flight.stage).toMatchObject({ at: "receive", dev: "cali1" });
  expect(send(routedNode(false)).ended?.reason).toBe("NeighFailed");
  const given = { ip: ipv4("169.254.1.1"), dev: "eth0", mac: "ee:ee:ee:ee:ee:ee" };
  const withEntry = { ...POD, neighbours: [given] };
  expect(send(routedNode(false), withEntry).next?.flight.stage).toMatchObject({ dev: "cali1" });
});

test("rules of policy routing choose the table, by priority; a table without a route passes on", () => {
  const gateway = (ip: string, dev: string) => ({
    destination: cidr("0.0.0.0/0"),
    via: ipv4(ip),
    dev,
  });
  const host: Netns = {
    ...A,
    routes: [gateway("10.0.1.1", "eth0")],
    tables: new Map([[2, [gateway("10.0.2.1", "eth1")]]]),
    rules: [
      { priority: 512, to: cidr("10.9.0.0/16"), table: 3 },
      { priority: 1024, mark: { value: 0x80, mask: 0x80 }, table: 254 },
      { priority: 1536, from: cidr("10.0.2.7/32"), table: 2 },
    ],
  };
  const devFor = (src: string, mark: number) =>
    findRoute(host, { destination: ipv4("10.9.9.9"), source: ipv4(src), mark })?.dev;
  expect(devFor("10.0.2.7", 0)).toBe("eth1");
  expect(devFor("10.0.2.7", 0x81)).toBe("eth0");
  expect(devFor("10.0.2.8", 0)).toBe("eth0");
});

test("an error about a tunnel's own packet is reported to nobody", () => {
  const outer = leaving(A, "flannel.1", "10.244.2.0", SYN).next?.flight.packet as Packet;
  const lonely: Netns = { ...A, routes: [] };
  const stage: Stage = { at: "receive", netns: A.id, dev: "eth0", nextHop: ipv4("10.0.1.11") };
  const { ended, answer } = step([lonely], stage, outer);
  expect(ended?.reason).toBe("IpInNoRoutes");
  expect(answer).toBeUndefined();
  expect(formatIpv4(outer.dst)).toBe("10.0.1.12");
});
