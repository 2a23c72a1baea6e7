import { describe, expect, test } from "vitest";
import type { DnsMessage } from "../net/dns-message";
import { ipv4 } from "../net/ipv4";
import { type Packet, packetBytes, VXLAN_FRAME_BYTES } from "../net/packet";
import { crc32c, internetChecksum } from "./checksums";
import { responseBytes } from "./payload-bytes";
import { wireBytes } from "./wire-bytes";

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
const { flags: _none, ...PLAIN } = SYN;
const REQUEST: Packet = { ...SYN, flags: "P.", payloadBytes: 81, payload: "GET / HTTP/1.1" };
const DATAGRAM: Packet = { ...PLAIN, protocol: "udp", payloadBytes: 40, payload: "datagram" };

function textOf(bytes: Uint8Array): string {
  return String.fromCharCode(...bytes);
}

test("a header that sums to zero, as a receiver checks it", () => {
  const bytes = wireBytes(SYN);
  expect(bytes.length).toBe(40);
  expect(internetChecksum(bytes.subarray(0, 20))).toBe(0);
  expect([bytes[8], bytes[9]]).toEqual([63, 6]);
});

test("a TCP checksum over the pseudo header", () => {
  const bytes = wireBytes(REQUEST);
  const segment = bytes.subarray(20);
  const pseudo = new Uint8Array([...bytes.subarray(12, 20), 0, 6, 0, segment.length, ...segment]);
  expect(internetChecksum(pseudo)).toBe(0);
});

test.each<[string, Packet]>([
  ["SYN", SYN],
  ["request", REQUEST],
  ["response", { ...REQUEST, payloadBytes: 1_180, payload: "HTTP/1.1 200 OK" }],
  ["datagram", DATAGRAM],
  ["SCTP", { ...DATAGRAM, protocol: "sctp" }],
  ["ICMP error", { ...DATAGRAM, icmp: { error: "port-unreachable", quoted: DATAGRAM } }],
])("%s: as long on the wire as counters say", (_name, packet) => {
  const protocol = packet.icmp ? "icmp" : packet.protocol;
  expect(wireBytes({ ...packet, protocol }).length).toBe(packetBytes({ ...packet, protocol }));
});

describe("HTTP", () => {
  test("a request's head ends where the packet does", () => {
    const text = textOf(wireBytes(REQUEST).subarray(40));
    expect(text).toMatch(/^GET \/ HTTP\/1\.1\r\nHost: kubehop\r\n/);
    expect(text.indexOf("\r\n\r\n")).toBe(text.length - 4);
  });

  test.each([110, 111, 1_180])("a response of %i bytes has the body that it announces", (size) => {
    const payload = "HTTP/1.1 200 OK";
    const text = textOf(wireBytes({ ...REQUEST, payloadBytes: size, payload }).subarray(40));
    const [head = "", body = ""] = text.split("\r\n\r\n");
    expect(Number(/Content-Length: (\d+)/.exec(head)?.[1])).toBe(body.length);
    expect(text.length).toBe(size);
  });
});

test("a DNS answer: header, question, and a record whose name points to the question's", () => {
  const dns: DnsMessage = {
    id: 7,
    question: { name: "web.default.svc.cluster.local", type: "A" },
    ttlSeconds: 30,
    answer: {
      rcode: "NOERROR",
      authoritative: true,
      answers: [{ type: "A", name: "web.default.svc.cluster.local", ip: ipv4("10.96.0.10") }],
      additional: [],
    },
  };
  const bytes = wireBytes({ ...DATAGRAM, dns }).subarray(28);
  expect([...bytes.subarray(0, 12)]).toEqual([0, 7, 0x85, 0, 0, 1, 0, 1, 0, 0, 0, 0]);
  expect([...bytes.subarray(-16)]).toEqual([
    0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 30, 0, 4, 10, 96, 0, 10,
  ]);
});

test("an ICMP error quotes the packet it is about, whole", () => {
  const bytes = wireBytes({
    ...PLAIN,
    protocol: "icmp",
    icmp: { error: "port-unreachable", quoted: SYN },
  });
  expect([bytes[20], bytes[21]]).toEqual([3, 3]);
  expect(internetChecksum(bytes.subarray(20))).toBe(0);
  expect(bytes.subarray(28)).toEqual(wireBytes(SYN));
});

test("a tunnel's datagram carries the frame, and the packet in it", () => {
  const [srcMac, dstMac] = ["0a:58:0a:f4:01:00", "0a:58:0a:f4:02:00"];
  const payloadBytes = packetBytes(SYN) + VXLAN_FRAME_BYTES;
  const outer = {
    ...DATAGRAM,
    dport: 8472,
    payloadBytes,
    vxlan: { vni: 1, srcMac, dstMac, packet: SYN },
  };
  const bytes = wireBytes(outer);
  expect(bytes.length).toBe(packetBytes(outer));
  expect([...bytes.subarray(28, 36)]).toEqual([8, 0, 0, 0, 0, 0, 1, 0]);
  expect([...bytes.subarray(36, 42)]).toEqual([0x0a, 0x58, 0x0a, 0xf4, 2, 0]);
  expect(bytes.subarray(50)).toEqual(wireBytes(SYN));
});

test("SCTP's checksum", () => {
  // Source: RFC 3720, appendix B.4: 32 bytes of zeros.
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
});

describe("HTTP with headers", () => {
  const http = { headers: ["Host: shop.example.com"] };
  test("a request carries its own Host, once", () => {
    const packet = { ...REQUEST, payload: "GET /cart HTTP/1.1", payloadBytes: 120, http };
    const text = textOf(wireBytes(packet).subarray(40));
    expect(text).toMatch(/^GET \/cart HTTP\/1\.1\r\nHost: shop\.example\.com\r\nAccept/);
    expect(text.match(/Host:/g)).toHaveLength(1);
    expect(text).toHaveLength(120);
  });

  test("a page that is known is sent as it is", () => {
    const payload = "HTTP/1.1 404 Not Found";
    const page = { headers: ["Content-Type: text/html"], body: "<h1>404</h1>" };
    const size = responseBytes(payload, page);
    const text = textOf(
      wireBytes({ ...REQUEST, payload, payloadBytes: size, http: page }).subarray(40),
    );
    expect(text).toMatch(/^HTTP\/1\.1 404 Not Found\r\nContent-Type: text\/html\r\n/);
    expect(text).toMatch(/Content-Length: 12\r\n\r\n<h1>404<\/h1>$/);
  });
});
