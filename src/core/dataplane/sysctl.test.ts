import { expect, test } from "vitest";
import { HOST_SYSCTLS, type Netns } from "./netns";
import { sysctlLines } from "./print-sysctl";
import { readSysctl, writeSysctl } from "./sysctl";

const NODE: Netns = {
  id: "node/node-1",
  machine: "node-1",
  label: "node-1",
  interfaces: [
    {
      name: "cni0",
      index: 3,
      kind: "bridge",
      mac: "86:a1:07:c3:1d:85",
      mtu: 1500,
      addresses: [],
      conf: { routeLocalnet: true },
    },
  ],
  routes: [],
  listeners: [],
  sysctls: { ...HOST_SYSCTLS, ipForward: true },
  up: true,
};

test("what sysctl lists", () => {
  expect(sysctlLines(NODE)).toEqual([
    "net.bridge.bridge-nf-call-iptables = 0",
    "net.ipv4.conf.all.route_localnet = 0",
    "net.ipv4.conf.all.rp_filter = 0",
    "net.ipv4.conf.cni0.route_localnet = 1",
    "net.ipv4.ip_forward = 1",
  ]);
});

test.each([
  ["net.bridge.bridge-nf-call-iptables", 1],
  ["net.ipv4.ip_forward", 0],
  ["net.ipv4.conf.all.rp_filter", 2],
  ["net.ipv4.conf.cni0.rp_filter", 1],
  ["net.ipv4.conf.cni0.route_localnet", 0],
])("%s can be set to %i and read back", (name, value) => {
  const changed = writeSysctl(NODE, name, value);
  expect(changed && readSysctl(changed, name)).toBe(value);
});

test.each([
  ["net.ipv4.conf.all.rp_filter", 3],
  ["net.ipv4.ip_forward", 2],
  ["net.ipv4.conf.eth7.rp_filter", 1],
  ["net.ipv4.tcp_syncookies", 1],
  ["toString", 1],
])("%s = %i is refused", (name, value) => {
  expect(writeSysctl(NODE, name, value)).toBeUndefined();
});
