import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { findProgram } from "../../scripts/debian.mjs";
import { clusterOf, pod } from "../core/testing/cluster";
import { ANY, captureOf, interfacesOf, STREAMS } from "../core/trace/capture";
import type { Frame } from "../core/trace/frame";
import { writeCapture } from "./capture";

const tshark = findProgram("tshark");

const CLUSTER = `
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: echo}, spec: {selector: {app: web}, ports: [{name: udp, port: 9, protocol: UDP}, {name: sctp, port: 7, protocol: SCTP}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: nobody}, spec: {selector: {app: nobody}, ports: [{name: tcp, port: 80}, {name: udp, port: 80, protocol: UDP}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}}, spec: {nodeName: node-1, containers: [{name: main, image: example/web, ports: [{containerPort: 8080}, {containerPort: 9, protocol: UDP}, {containerPort: 7, protocol: SCTP}]}]}}
${pod("client", "node-2", "app: client", "")}`;

const FIELDS = [
  "frame.interface_name",
  "_ws.expert.severity",
  "_ws.expert.message",
  "_ws.malformed",
  "ip.checksum.status",
  "tcp.checksum.status",
  "udp.checksum.status",
  "sctp.checksum.status",
  "icmp.checksum.status",
  "tcp.analysis.flags",
  "tcp.stream",
  "tcp.completeness",
  "http.request.uri",
  "http.response.code",
  "dns.qry.name",
  "dns.a",
  "tcp.flags.reset",
  "udp.dstport",
  "icmp.type",
  "icmp.code",
] as const;

type Field = (typeof FIELDS)[number];
type Dissected = Readonly<Record<Field, string>>;

/** Source: Wireshark, epan/proto.h: PI_WARN; an error is more. */
const WARNING = 0x00600000;
/** SYN, SYN-ACK, ACK, data, FIN. Source: Wireshark User's Guide, TCP analysis. */
const COMPLETE = "31";
/** tshark takes a while to start. */
const TIMEOUT_MS = 60_000;
const CHECKSUMS = FIELDS.filter((field) => field.endsWith("checksum.status"));
const BAD_CHECKSUM = "0";

test("a directory gets a file for each interface; an interface that nothing passed is the user's error", () => {
  const world = clusterOf(CLUSTER);
  const sent = world.trace("pod/default/client", "svc/default/web:80");
  if (!sent.ok) throw new Error(sent.error);
  const { frames } = sent.value;
  const directory = mkdtempSync(join(tmpdir(), "kubehop-capture-"));
  try {
    writeCapture(`${directory}/each/`, frames);
    const files = readdirSync(join(directory, "each"));
    expect(files).toContain("default-client-eth0.pcapng");
    expect(files).toContain("node-2-cni0.pcapng");
    expect(files).toHaveLength(interfacesOf(frames).length);
    expect(() => writeCapture(join(directory, "one"), frames, "node-3 eth0")).toThrow(
      'no packet passed an interface "node-3 eth0"; there are any, default/client eth0, ',
    );
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});

describe.skipIf(!tshark)(
  tshark ? "tshark reads captures" : "tshark is not installed: captures are not read",
  () => {
    let directory = "";
    beforeAll(() => {
      directory = mkdtempSync(join(tmpdir(), "kubehop-capture-"));
    });
    afterAll(() => {
      rmSync(directory, { recursive: true, force: true });
    });

    function dissect(capture: Uint8Array): readonly Dissected[] {
      const file = join(directory, "test.pcapng");
      writeFileSync(file, capture);
      const checked = ["ip", "tcp", "udp"].map((name) => `${name}.check_checksum:TRUE`);
      const checks = [...checked, "sctp.checksum:CRC 32c"].flatMap((option) => ["-o", option]);
      const { stdout, status, stderr } = spawnSync(
        tshark ?? "",
        ["-r", file, "-2", "-T", "fields", ...checks, ...FIELDS.flatMap((field) => ["-e", field])],
        { encoding: "utf8" },
      );
      if (status !== 0) throw new Error(stderr);
      return stdout
        .split("\n")
        .slice(0, -1)
        .map((line) => {
          const values = line.split("\t");
          const pairs = FIELDS.map((field, index) => [field, values[index] ?? ""] as const);
          return Object.fromEntries(pairs) as Dissected;
        });
    }

    /** Malformed packets and wrong checksums; with `experts` also what tshark's experts warn of. */
    function complaints(packets: readonly Dissected[], experts: boolean): readonly Dissected[] {
      return packets.filter((packet) => {
        const severities = packet["_ws.expert.severity"].split(",").map(Number);
        const isWarned = severities.some((severity) => severity >= WARNING);
        const isWrong = CHECKSUMS.some((field) => packet[field].split(",").includes(BAD_CHECKSUM));
        return packet["_ws.malformed"] !== "" || isWrong || (experts && isWarned);
      });
    }

    function valuesOf(packets: readonly Dissected[], field: Field): readonly string[] {
      return packets.map((packet) => packet[field]).filter((value) => value !== "");
    }

    const world = clusterOf(CLUSTER, { natGateway: "192.0.2.1" });
    function framesOf(from: string, to: string): readonly Frame[] {
      const sent = world.trace(from, to);
      if (!sent.ok) throw new Error(sent.error);
      return sent.value.frames;
    }

    const TCP = [
      ["host/user", "lb/default/web:80"],
      ["pod/default/client", "svc/default/web:80"],
      ["pod/default/web", "svc/default/web:80"],
      ["node/node-1", "svc/default/web:80"],
      ["pod/default/client", "198.51.100.20:80"],
    ] as const;

    test("whole streams, without a complaint", { timeout: TIMEOUT_MS }, () => {
      const packets = dissect(
        captureOf(
          TCP.flatMap(([from, to]) => framesOf(from, to)),
          STREAMS,
        ),
      );
      expect(complaints(packets, true)).toEqual([]);
      expect(packets.filter((packet) => packet["tcp.analysis.flags"] !== "")).toEqual([]);
      const streams = new Map<string, Dissected[]>();
      for (const packet of packets) {
        const number = packet["tcp.stream"];
        streams.set(number, [...(streams.get(number) ?? []), packet]);
      }
      // Each form that translation gives a connection: to the load balancer and on from it, and so on.
      expect(streams.size).toBe(3 + 2 + 2 + 1 + 3);
      for (const stream of streams.values()) {
        expect(stream).toHaveLength(8);
        expect(stream.every((packet) => packet["tcp.completeness"] === COMPLETE)).toBe(true);
        expect(valuesOf(stream, "http.request.uri")).toEqual(["/"]);
        expect(valuesOf(stream, "http.response.code")).toEqual(["200"]);
      }
    });

    test("every interface has its own copy of all", { timeout: TIMEOUT_MS }, () => {
      const frames = framesOf("pod/default/client", "svc/default/web:80");
      const all = dissect(captureOf(frames, ANY));
      expect(complaints(all, false)).toEqual([]);
      const counts = new Map<string, number>();
      for (const { "frame.interface_name": name } of all)
        counts.set(name, (counts.get(name) ?? 0) + 1);
      expect([...counts]).toEqual(interfacesOf(frames).map((name) => [name, 8]));
      for (const name of ["default/client eth0", "node-2 eth0"]) {
        const packets = dissect(captureOf(frames, name));
        expect(complaints(packets, true)).toEqual([]);
        expect(packets.map((packet) => packet["tcp.completeness"])).toEqual(
          Array(8).fill(COMPLETE),
        );
      }
    });

    test("datagrams, resets and errors say what they should", { timeout: TIMEOUT_MS }, () => {
      const frames = [
        ["pod/default/client", "svc/kube-system/kube-dns:53/udp"],
        ["pod/default/client", "svc/default/echo:9/udp"],
        ["pod/default/client", "svc/default/echo:7/sctp"],
        ["pod/default/client", "svc/default/nobody:80"],
        ["pod/default/client", "svc/default/nobody:80/udp"],
        ["pod/default/client", "pod/default/web:1"],
      ].flatMap(([from = "", to = ""]) => framesOf(from, to));
      const packets = dissect(captureOf(frames, ANY));
      expect(complaints(packets, false)).toEqual([]);
      expect(new Set(valuesOf(packets, "dns.qry.name"))).toEqual(
        new Set(["kubernetes.default.svc.cluster.local"]),
      );
      expect(new Set(valuesOf(packets, "dns.a"))).toEqual(new Set(["10.96.0.1"]));
      expect(valuesOf(packets, "tcp.flags.reset")).toContain("1");
      // Port unreachable, and the datagram that it is about.
      expect(packets).toContainEqual(
        expect.objectContaining({ "icmp.type": "3", "icmp.code": "3", "udp.dstport": "80" }),
      );
    });
  },
);
