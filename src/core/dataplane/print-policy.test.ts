import { expect, test } from "vitest";
import { cidr } from "../net/cidr";
import { ipv4 } from "../net/ipv4";
import { HOST_SYSCTLS, MAIN_TABLE, type Netns } from "./netns";
import { formatRoute } from "./print-ip";
import { bridgeFdb, ipNeigh, ipRule, otherTables } from "./print-policy";
import { sysctlLines } from "./print-sysctl";

const NODE: Netns = {
  id: "node/node-1",
  machine: "node-1",
  label: "node-1",
  interfaces: [
    {
      name: "cali1",
      index: 3,
      kind: "veth",
      mac: "ee:ee:ee:ee:ee:ee",
      mtu: 1_500,
      addresses: [],
      conf: { proxyArp: true, rpFilter: 1 },
    },
  ],
  routes: [],
  rules: [
    { priority: 512, to: cidr("10.0.12.51/32"), table: MAIN_TABLE },
    { priority: 1024, mark: { value: 0x80, mask: 0x80 }, table: MAIN_TABLE },
    { priority: 1536, from: cidr("10.0.12.51/32"), table: 2 },
  ],
  tables: new Map([[2, [{ destination: cidr("0.0.0.0/0"), via: ipv4("10.0.1.1"), dev: "eth1" }]]]),
  neighbours: [{ ip: ipv4("10.244.2.0"), dev: "flannel.1", mac: "6e:11:22:33:44:55" }],
  fdb: [{ mac: "6e:11:22:33:44:55", dev: "flannel.1", remote: ipv4("10.0.1.12") }],
  listeners: [],
  sysctls: HOST_SYSCTLS,
  up: true,
};

test("ip rule: with the rules that every namespace has", () => {
  expect(ipRule(NODE)).toEqual([
    "0:\tfrom all lookup local",
    "512:\tfrom all to 10.0.12.51 lookup main",
    "1024:\tfrom all fwmark 0x80/0x80 lookup main",
    "1536:\tfrom 10.0.12.51 lookup 2",
    "32766:\tfrom all lookup main",
    "32767:\tfrom all lookup default",
  ]);
});

test("routes of other tables, and those that lead nowhere", () => {
  expect(otherTables(NODE)).toEqual(["default via 10.0.1.1 dev eth1 table 2"]);
  expect(
    formatRoute({ type: "blackhole", destination: cidr("10.244.1.0/26"), dev: "", proto: "bird" }),
  ).toBe("blackhole 10.244.1.0/26 proto bird");
});

test("permanent neighbours and forwarding entries", () => {
  expect(ipNeigh(NODE)).toEqual(["10.244.2.0 dev flannel.1 lladdr 6e:11:22:33:44:55 PERMANENT"]);
  expect(bridgeFdb(NODE)).toEqual(["6e:11:22:33:44:55 dev flannel.1 dst 10.0.1.12 self permanent"]);
});

test("an interface's own settings", () => {
  expect(sysctlLines(NODE)).toContain("net.ipv4.conf.cali1.proxy_arp = 1");
  expect(sysctlLines(NODE)).toContain("net.ipv4.conf.cali1.rp_filter = 1");
});
