import { describe, expect, test } from "vitest";
import { ipv4 } from "../net/ipv4";
import type { Packet } from "../net/packet";
import type { Hop } from "./hop";
import { pcapng } from "./pcapng";
import { checksum, wireBytes } from "./wire-bytes";

const SYN: Packet = {
  protocol: "tcp",
  src: ipv4("10.244.1.2"),
  sport: 40_000,
  dst: ipv4("10.244.2.2"),
  dport: 8080,
  ttl: 63,
  mark: 0x4000,
  flags: "S",
  seq: 0,
  ack: 0,
  payloadBytes: 0,
};

function hopOf(kind: Hop["kind"], packet: Packet, node: string): Hop {
  const common = {
    atUs: 5_000_000_000,
    connection: 1,
    role: "SYN",
    direction: "original",
  } as const;
  return {
    ...common,
    node,
    place: node,
    kind,
    before: packet,
    after: packet,
    walks: [],
    detail: "",
  };
}

describe("wireBytes", () => {
  test("a header that sums to zero, as a receiver checks it", () => {
    const bytes = wireBytes(SYN);
    expect(bytes.length).toBe(40);
    expect(checksum(bytes.subarray(0, 20))).toBe(0);
    expect([bytes[8], bytes[9]]).toEqual([63, 6]);
  });

  test("a TCP checksum over the pseudo header", () => {
    const bytes = wireBytes({ ...SYN, flags: "P.", payloadBytes: 81, payload: "GET / HTTP/1.1" });
    const segment = bytes.subarray(20);
    const pseudo = new Uint8Array([...bytes.subarray(12, 20), 0, 6, 0, segment.length, ...segment]);
    expect(checksum(pseudo)).toBe(0);
  });

  test("an ICMP error quotes the packet it is about", () => {
    const icmp = { error: "port-unreachable", quoted: SYN } as const;
    const bytes = wireBytes({ ...SYN, protocol: "icmp", icmp });
    expect([bytes[20], bytes[21]]).toEqual([3, 3]);
    expect(checksum(bytes.subarray(20))).toBe(0);
    expect([...bytes.subarray(28 + 12, 28 + 16)]).toEqual([10, 244, 1, 2]);
  });
});

describe("pcapng", () => {
  test("every block is as long at its end as it says at its start, and times are microseconds", () => {
    const bytes = pcapng([hopOf("send", SYN, "client"), hopOf("route", SYN, "node-1")]);
    const view = new DataView(bytes.buffer);
    const types: number[] = [];
    for (let at = 0; at < bytes.length; at += view.getUint32(at + 4, true)) {
      types.push(view.getUint32(at, true));
      const length = view.getUint32(at + 4, true);
      expect(view.getUint32(at + length - 4, true)).toBe(length);
      if (types.at(-1) === 6) {
        const high = view.getUint32(at + 12, true);
        expect(high * 2 ** 32 + view.getUint32(at + 16, true)).toBe(5_000_000_000);
      }
    }
    expect(types).toEqual([0x0a0d0d0a, 1, 6]);
  });

  test("a packet is taken once for each form of its headers", () => {
    const translated = { ...SYN, dst: ipv4("10.244.3.3") };
    const once = pcapng([hopOf("send", SYN, "a")]);
    const twice = pcapng([hopOf("send", SYN, "a"), hopOf("forward", SYN, "a")]);
    const both = pcapng([hopOf("send", SYN, "a"), hopOf("forward", translated, "a")]);
    expect(twice.length).toBe(once.length);
    expect(both.length).toBeGreaterThan(once.length);
  });
});
