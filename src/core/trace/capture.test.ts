import { expect, test } from "vitest";
import { formatPacket } from "../net/packet";
import { clusterOf, pod } from "../testing/cluster";
import { ANY, captureOf, interfacesOf, STREAMS } from "./capture";
import { type Frame, interfaceName } from "./frame";

const cluster = clusterOf(`
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.0.20, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}
${pod("web", "node-2", "app: web")}
${pod("client", "node-1", "app: client", "")}`);

function framesOf(to: string): readonly Frame[] {
  const sent = cluster.fork().trace("pod/default/client", to);
  if (!sent.ok) throw new Error(sent.error);
  return sent.value.frames;
}

const SYN = / S$/;

test("every interface on the way sees the packet, as it is there", () => {
  const seen = framesOf("svc/default/web:80")
    .filter(({ packet }) => SYN.test(formatPacket(packet)))
    .map((frame) => {
      const { packet, direction } = frame;
      const name = interfaceName(frame).replace(/veth\w+/, "veth");
      return `${name} ${direction} ${formatPacket(packet).replace(/:\d{5} /, " ")}, ttl ${packet.ttl}`;
    });
  expect(seen).toEqual([
    "default/client eth0 out 10.244.1.3 > 10.96.0.20:80 tcp S, ttl 64",
    "node-1 veth in 10.244.1.3 > 10.96.0.20:80 tcp S, ttl 64",
    // With bridge-nf-call-iptables the bridge sees what PREROUTING made of it, as a real one does.
    "node-1 cni0 in 10.244.1.3 > 10.244.2.2:8080 tcp S, ttl 64",
    "node-1 eth0 out 10.244.1.3 > 10.244.2.2:8080 tcp S, ttl 63",
    "node-2 eth0 in 10.244.1.3 > 10.244.2.2:8080 tcp S, ttl 63",
    "node-2 cni0 out 10.244.1.3 > 10.244.2.2:8080 tcp S, ttl 62",
    "node-2 veth out 10.244.1.3 > 10.244.2.2:8080 tcp S, ttl 62",
    "default/web eth0 in 10.244.1.3 > 10.244.2.2:8080 tcp S, ttl 62",
  ]);
});

test("nothing goes out where nobody answers ARP", () => {
  const names = interfacesOf(framesOf("10.0.1.99:80"));
  expect(names).toContain("node-1 cni0");
  expect(names).not.toContain("node-1 eth0");
  expect(interfacesOf(framesOf("10.244.1.99:80"))).toEqual([]);
});

/** Interfaces and packets of a file. */
function readPcapng(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer);
  const names: string[] = [];
  const packets: { name: string; atUs: number }[] = [];
  for (let at = 0; at < bytes.length; at += view.getUint32(at + 4, true)) {
    const length = view.getUint32(at + 4, true);
    expect(length % 4).toBe(0);
    expect(view.getUint32(at + length - 4, true)).toBe(length);
    const type = view.getUint32(at, true);
    if (type === 1) {
      const nameBytes = bytes.subarray(at + 20, at + 20 + view.getUint16(at + 18, true));
      names.push(String.fromCharCode(...nameBytes));
    }
    if (type === 6) {
      const name = names[view.getUint32(at + 8, true)] ?? "";
      const atUs = view.getUint32(at + 12, true) * 2 ** 32 + view.getUint32(at + 16, true);
      packets.push({ name, atUs });
    }
  }
  return { names, packets };
}

test("a file describes every interface, and says of each packet where and when it was seen", () => {
  const frames = framesOf("svc/default/web:80");
  const { names, packets } = readPcapng(captureOf(frames, ANY));
  expect(names).toEqual(interfacesOf(frames));
  expect(packets).toEqual(
    frames.map((frame) => ({ name: interfaceName(frame), atUs: frame.atUs })),
  );
});

test("times beyond 32 bits of microseconds", () => {
  const [frame] = framesOf("svc/default/web:80");
  if (!frame) throw new Error("no frame");
  const { packets } = readPcapng(captureOf([{ ...frame, atUs: 5_000_000_000 }], ANY));
  expect(packets).toEqual([{ name: "default/client eth0", atUs: 5_000_000_000 }]);
});

test("whole streams: each form of the addresses at one interface that is no bridge", () => {
  const { packets } = readPcapng(captureOf(framesOf("svc/default/web:80"), STREAMS));
  const counts = new Map<string, number>();
  for (const { name } of packets) counts.set(name, (counts.get(name) ?? 0) + 1);
  expect([...counts]).toEqual([
    ["default/client eth0", 8],
    ["node-1 eth0", 8],
  ]);
});
