import { expect, test } from "vitest";
import { cidr } from "../net/cidr";
import { formatIpv4, ipv4 } from "../net/ipv4";
import type { Packet } from "../net/packet";
import { seededDecider } from "../sim/decider";
import { advance } from "./advance";
import type { Step } from "./flight";
import type { Netns, NetworkInterface } from "./netns";
import { HOST_SYSCTLS } from "./netns";
import { Plane } from "./plane";

function card(name: string, index: number, ip?: string): NetworkInterface {
  return {
    name,
    index,
    kind: "ethernet",
    mac: `02:00:00:00:00:0${index}`,
    mtu: 1_500,
    addresses: ip === undefined ? [] : [{ ip: ipv4(ip), prefix: 24 }],
  };
}

/** Two networks, one of them the way out, and a card without addresses. */
const ROUTER: Netns = {
  id: "host/router",
  machine: "router",
  label: "router",
  interfaces: [card("eth0", 2, "10.0.1.11"), card("eth1", 3, "10.0.2.11"), card("eth2", 4)],
  routes: [
    { destination: cidr("10.0.1.0/24"), dev: "eth0", src: ipv4("10.0.1.11"), kernel: true },
    { destination: cidr("10.0.2.0/24"), dev: "eth1", src: ipv4("10.0.2.11"), kernel: true },
    { destination: cidr("10.66.0.0/16"), dev: "", type: "blackhole" },
    { destination: cidr("10.67.0.0/16"), dev: "", type: "unreachable" },
  ],
  listeners: [],
  sysctls: { ...HOST_SYSCTLS, ipForward: true },
  up: true,
};

function packetOf(src: string, dst: string): Packet {
  return {
    protocol: "tcp",
    src: ipv4(src),
    sport: 40_000,
    dst: ipv4(dst),
    dport: 80,
    ttl: 64,
    mark: 0,
    flags: "S",
    seq: 0,
    ack: 0,
    payloadBytes: 0,
  };
}

function receive(router: Netns, dev: string, src: string, dst: string, ttl = 64): Step {
  const plane = new Plane();
  plane.put(router);
  return advance(
    {
      packet: { ...packetOf(src, dst), ttl },
      connection: 1,
      role: "SYN",
      direction: "original",
      stage: { at: "receive", netns: router.id, dev, nextHop: ipv4("10.0.1.11") },
      steps: 0,
    },
    { plane, nowUs: 0, decide: seededDecider(1, ""), isClient: () => false },
  );
}

function reasonOf({ ended }: Step): string {
  return ended?.reason ?? "taken in";
}

test.each([
  ["224.0.0.5", "10.0.1.11", "IpInvalidSource"],
  ["255.255.255.255", "10.0.1.11", "IpInvalidSource"],
  ["0.0.0.0", "10.0.1.11", "IpInvalidSource"],
  ["0.1.2.3", "10.0.1.11", "NoSocket"],
  ["10.0.1.50", "0.0.0.0", "IpInvalidDest"],
  ["10.0.1.50", "10.0.2.255", "IpInvalidDest"],
  ["10.0.1.50", "127.0.0.1", "IpLocalnet"],
  ["127.0.0.1", "10.0.1.11", "IpLocalnet"],
  ["10.0.2.11", "10.0.1.11", "IpLocalSource"],
  ["10.0.1.50", "10.66.1.1", "IpInNoRoutes"],
  ["10.0.1.50", "10.67.1.1", "IpInNoRoutes"],
  ["10.0.1.50", "10.99.1.1", "IpInNoRoutes"],
  ["10.0.1.50", "10.0.2.20", "taken in"],
  ["198.51.100.1", "10.0.2.20", "taken in"],
])("from %s to %s: %s", (src, dst, reason) => {
  expect(reasonOf(receive(ROUTER, "eth0", src, dst))).toBe(reason);
});

function withFilter(all: 0 | 1 | 2, own: 0 | 1 | 2): Netns {
  return {
    ...ROUTER,
    interfaces: ROUTER.interfaces.map((one) => ({ ...one, conf: { rpFilter: own } })),
    sysctls: { ...ROUTER.sysctls, rpFilter: all },
  };
}

test.each([
  // all, own, in, source, fate
  [1, 0, "eth0", "10.0.1.50", "taken in"],
  [1, 0, "eth0", "10.0.2.50", "IpRpFilter"],
  [0, 1, "eth0", "10.0.2.50", "IpRpFilter"],
  [0, 2, "eth0", "10.0.2.50", "taken in"],
  [1, 2, "eth0", "10.0.2.50", "taken in"],
  [2, 1, "eth0", "198.51.100.1", "IpRpFilter"],
  [0, 0, "eth0", "198.51.100.1", "taken in"],
  [2, 0, "eth2", "10.0.1.50", "IpRpFilter"],
  [2, 0, "eth0", "10.0.2.255", "IpInvalidSource"],
] as const)("rp_filter all=%i, own=%i: in by %s from %s: %s", (all, own, dev, src, reason) => {
  const fate = reasonOf(receive(withFilter(all, own), dev, src, "10.0.2.20"));
  expect(fate).toBe(reason);
});

test("loopback addresses pass where the interface routes them, or all do", () => {
  const [eth0, ...others] = ROUTER.interfaces;
  const own = {
    ...ROUTER,
    interfaces: [{ ...(eth0 as NetworkInterface), conf: { routeLocalnet: true } }, ...others],
  };
  expect(reasonOf(receive(own, "eth0", "10.0.1.50", "127.0.0.1"))).toBe("NoSocket");
  expect(reasonOf(receive(own, "eth1", "10.0.2.50", "127.0.0.1"))).toBe("IpLocalnet");
});

test("of 127/8, only the address of lo is known as one's own where no filter asks the routes", () => {
  const lo = {
    name: "lo",
    index: 1,
    kind: "loopback",
    mac: "00:00:00:00:00:00",
    mtu: 65_536,
  } as const;
  const router = (rpFilter: 0 | 1): Netns => ({
    ...ROUTER,
    interfaces: [
      { ...lo, addresses: [{ ip: ipv4("127.0.0.1"), prefix: 8 }] },
      ...ROUTER.interfaces,
    ],
    sysctls: { ...ROUTER.sysctls, routeLocalnet: true, rpFilter },
  });
  expect(reasonOf(receive(router(0), "eth0", "127.0.0.1", "10.0.1.11"))).toBe("IpLocalSource");
  expect(reasonOf(receive(router(0), "eth0", "127.0.0.5", "10.0.1.11"))).toBe("NoSocket");
  expect(reasonOf(receive(router(1), "eth0", "127.0.0.5", "10.0.1.11"))).toBe("IpLocalSource");
});

test("a blackhole is silent, what has no route or an unreachable one is reported", () => {
  const answerTo = (dst: string) =>
    receive(ROUTER, "eth0", "10.0.1.50", dst).answer?.flight.packet.icmp?.error;
  expect(answerTo("10.66.1.1")).toBeUndefined();
  expect(answerTo("10.67.1.1")).toBe("host-unreachable");
  expect(answerTo("10.99.1.1")).toBe("net-unreachable");
});

test("the last hop of a packet's time to live: its sender is told by the address that faces it", () => {
  const { ended, answer } = receive(ROUTER, "eth0", "10.0.1.50", "10.0.2.20", 1);
  const report = answer?.flight.packet;
  expect(ended?.reason).toBe("TtlExceeded");
  expect(report?.icmp?.error).toBe("ttl-exceeded");
  expect(formatIpv4(report?.src ?? 0)).toBe("10.0.1.11");
});
