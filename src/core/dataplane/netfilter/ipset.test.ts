import { expect, test } from "vitest";
import { ipv4 } from "../../net/ipv4";
import type { Packet } from "../../net/packet";
import { HOST_SYSCTLS, type Netns } from "../netns";
import { type IpSet, type IpSetType, matchesSet } from "./ipset";

function netnsWith(...sets: readonly IpSet[]): Netns {
  return {
    id: "node/a",
    machine: "a",
    label: "a",
    interfaces: [],
    routes: [],
    listeners: [],
    sysctls: HOST_SYSCTLS,
    sets: new Map(sets.map((set) => [set.name, set])),
    up: true,
  };
}

function packet(
  src: string,
  dst: string,
  dport = 80,
  protocol: Packet["protocol"] = "tcp",
): Packet {
  const headers = { protocol, src: ipv4(src), dst: ipv4(dst), sport: 1_000, dport };
  return { ...headers, ttl: 64, mark: 0, seq: 0, ack: 0, payloadBytes: 0 };
}

const set = (name: string, type: IpSetType, ...entries: string[]): IpSet => ({
  name,
  type,
  options: "",
  entries,
});

const DEVICES = { devIn: "eth0", devOut: "cni0" };

test.each([
  [set("s", "hash:ip", "10.0.0.1"), ["src"], packet("10.0.0.1", "10.0.0.2"), true],
  [set("s", "hash:ip", "10.0.0.1"), ["dst"], packet("10.0.0.1", "10.0.0.2"), false],
  [set("s", "hash:net", "10.0.0.0/8"), ["src"], packet("10.9.0.1", "1.1.1.1"), true],
  [
    set("s", "hash:net", "10.0.0.0/8", "10.9.0.0/16 nomatch"),
    ["src"],
    packet("10.9.0.1", "1.1.1.1"),
    false,
  ],
  [
    set("s", "hash:ip,port", "10.0.0.2,tcp:80"),
    ["dst", "dst"],
    packet("1.1.1.1", "10.0.0.2"),
    true,
  ],
  [
    set("s", "hash:ip,port", "10.0.0.2,udp:80"),
    ["dst", "dst"],
    packet("1.1.1.1", "10.0.0.2"),
    false,
  ],
  [
    set("s", "hash:net,port", "10.0.0.0/24,tcp:80"),
    ["src", "dst"],
    packet("10.0.0.9", "1.1.1.1"),
    true,
  ],
  [
    set("s", "hash:ip,port,net", "10.0.0.2,tcp:80,10.1.0.0/16"),
    ["dst", "dst", "src"],
    packet("10.1.2.3", "10.0.0.2"),
    true,
  ],
  [
    set("s", "hash:net,iface", "10.0.0.0/8,eth0"),
    ["src", "src"],
    packet("10.1.1.1", "1.1.1.1"),
    true,
  ],
  [
    set("s", "hash:net,iface", "10.0.0.0/8,eth0"),
    ["src", "dst"],
    packet("10.1.1.1", "1.1.1.1"),
    false,
  ],
  [set("s", "bitmap:port", "80"), ["dst"], packet("1.1.1.1", "2.2.2.2"), true],
  [set("other", "hash:ip", "1.1.1.1"), ["src"], packet("1.1.1.1", "2.2.2.2"), false],
] as const)("%#: members", (one, flags, given, expected) => {
  const match = { kind: "set", set: "s", flags } as const;
  expect(matchesSet(match, given, netnsWith(one), DEVICES)).toBe(expected);
  expect(matchesSet({ ...match, negate: true }, given, netnsWith(one), DEVICES)).toBe(!expected);
});

test("a list of sets has the members of each", () => {
  const netns = netnsWith(
    set("s", "list:set", "a", "b"),
    set("a", "hash:ip", "10.0.0.1"),
    set("b", "hash:ip", "10.0.0.2"),
  );
  const match = { kind: "set", set: "s", flags: ["src"] } as const;
  const from = (ip: string) => matchesSet(match, packet(ip, "1.1.1.1"), netns, DEVICES);
  expect([from("10.0.0.1"), from("10.0.0.2"), from("10.0.0.3")]).toEqual([true, true, false]);
});

test("--return-nomatch asks for the exceptions", () => {
  const netns = netnsWith(set("s", "hash:net", "10.0.0.0/8", "10.9.0.0/16 nomatch"));
  const match = { kind: "set", set: "s", flags: ["src"], returnNomatch: true } as const;
  expect(matchesSet(match, packet("10.9.0.1", "1.1.1.1"), netns, DEVICES)).toBe(true);
  expect(matchesSet(match, packet("10.8.0.1", "1.1.1.1"), netns, DEVICES)).toBe(false);
});
