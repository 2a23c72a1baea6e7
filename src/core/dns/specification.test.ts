import { describe, expect, test } from "vitest";
import { Store } from "../api/store";
import type { Host, KubeObject, Namespace, ServicePort } from "../api/types";
import { aService, aSlice } from "../kubeproxy/testing/world";
import { formatIpv4 } from "../net/ipv4";
import { answerQuery } from "./query";
import type { DnsRecord, DnsWorld, QueryType } from "./records";

// Source: kubernetes/dns, docs/specification.md, "Kubernetes DNS-Based Service Discovery", schema 1.1.0. Each section's
// records for one Service each; names and addresses are ours, weights those of CoreDNS (the specification leaves them open).

const HTTPS: ServicePort = { name: "https", protocol: "TCP", port: 443, targetPort: 443 };
const DNS: ServicePort = { name: "dns", protocol: "UDP", port: 53, targetPort: 53 };
const UNNAMED: ServicePort = { protocol: "TCP", port: 80, targetPort: 80 };

function inSlice({ name = "", protocol, port }: ServicePort) {
  return { name, protocol, port };
}

const namespace: Namespace = {
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name: "default", namespace: "", uid: "default", resourceVersion: "" },
};

const www: Host = {
  apiVersion: "kubehop.dev/v1alpha1",
  kind: "Host",
  metadata: { name: "www", namespace: "", uid: "www", resourceVersion: "" },
  spec: { zone: "internet", ip: "192.0.2.53", hostnames: ["www.example.com"] },
};

const objects: readonly KubeObject[] = [
  namespace,
  www,
  aService("default/kubernetes", { clusterIP: "10.3.0.1", ports: [HTTPS, DNS] }),
  aService("default/plain", { clusterIP: "10.3.0.2", ports: [UNNAMED] }),
  aService("default/headless", { clusterIP: "None", ports: [HTTPS, DNS] }),
  aSlice(
    "default/headless",
    [
      { addresses: ["10.3.0.100"], hostname: "my-pet" },
      { addresses: ["10.3.0.101"], hostname: "my-pet-2" },
      { addresses: ["10.3.0.102"] },
      { addresses: ["10.3.0.103"], hostname: "ill", conditions: { ready: false } },
    ],
    { ports: [HTTPS, DNS].map(inSlice) },
  ),
  aService("default/bare", { clusterIP: "None", ports: [UNNAMED] }),
  aSlice("default/bare", ["10.3.0.110@node-1"], { ports: [inSlice(UNNAMED)] }),
  aService("default/none-ready", { clusterIP: "None", ports: [HTTPS] }),
  aSlice("default/none-ready", [{ addresses: ["10.3.0.120"], conditions: { ready: false } }]),
  aService("default/foo", {
    type: "ExternalName",
    clusterIP: "",
    externalName: "www.example.com",
    ports: [HTTPS],
  }),
];

const store = new Store();
for (const object of objects) store.put(object);
const world: DnsWorld = { store, upstream: "10.0.0.2", hostnames: new Map() };

function format(record: DnsRecord): string {
  switch (record.type) {
    case "A":
      return `A ${formatIpv4(record.ip)}`;
    case "SRV":
      return `SRV ${record.priority} ${record.weight} ${record.port} ${record.target}`;
    case "TXT":
      return `TXT ${record.text}`;
    default:
      return `${record.type} ${record.target}`;
  }
}

/** The answer section in any order, or the return code where it is empty. */
function ask(name: string, type: QueryType): readonly string[] {
  const { rcode, answers } = answerQuery(world, name, type);
  return answers.length === 0 ? [rcode] : answers.map(format).sort();
}

type Row = readonly [question: string, type: QueryType, answers: readonly string[]];

const S = "svc.cluster.local";

const SECTIONS: Readonly<Record<string, readonly Row[]>> = {
  "2.1 comparisons are case-insensitive": [
    [`KuberNetes.DEFAULT.${S}`, "A", ["A 10.3.0.1"]],
    [`_HTTPS._TCP.kubernetes.default.${S}`, "SRV", [`SRV 0 100 443 kubernetes.default.${S}`]],
  ],
  "2.2 schema version": [["dns-version.cluster.local", "TXT", ["TXT 1.1.0"]]],
  "2.3.1 clusterIP: A": [
    [`kubernetes.default.${S}`, "A", ["A 10.3.0.1"]],
    [`kubernetes.default.${S}`, "AAAA", ["NOERROR"]],
    [`kubernetes.other.${S}`, "A", ["NXDOMAIN"]],
  ],
  "2.3.2 clusterIP: SRV, one for each named port": [
    [`_https._tcp.kubernetes.default.${S}`, "SRV", [`SRV 0 100 443 kubernetes.default.${S}`]],
    [`_dns._udp.kubernetes.default.${S}`, "SRV", [`SRV 0 100 53 kubernetes.default.${S}`]],
    [`_https._udp.kubernetes.default.${S}`, "SRV", ["NXDOMAIN"]],
    [`_80._tcp.plain.default.${S}`, "SRV", ["NXDOMAIN"]],
  ],
  "2.3.3 clusterIP: PTR": [
    ["1.0.3.10.in-addr.arpa", "PTR", [`PTR kubernetes.default.${S}`]],
    ["9.0.3.10.in-addr.arpa", "PTR", ["NXDOMAIN"]],
  ],
  "2.4.1 headless: A of every ready endpoint, and of each hostname": [
    [`headless.default.${S}`, "A", ["A 10.3.0.100", "A 10.3.0.101", "A 10.3.0.102"]],
    [`my-pet.headless.default.${S}`, "A", ["A 10.3.0.100"]],
    [`10-3-0-102.headless.default.${S}`, "A", ["A 10.3.0.102"]],
    [`ill.headless.default.${S}`, "A", ["NXDOMAIN"]],
    [`none-ready.default.${S}`, "A", ["NXDOMAIN"]],
  ],
  "2.4.2 headless: SRV for each endpoint and named port": [
    [
      `_https._tcp.headless.default.${S}`,
      "SRV",
      [
        `SRV 0 33 443 10-3-0-102.headless.default.${S}`,
        `SRV 0 33 443 my-pet-2.headless.default.${S}`,
        `SRV 0 33 443 my-pet.headless.default.${S}`,
      ],
    ],
    [
      `_dns._udp.headless.default.${S}`,
      "SRV",
      [
        `SRV 0 33 53 10-3-0-102.headless.default.${S}`,
        `SRV 0 33 53 my-pet-2.headless.default.${S}`,
        `SRV 0 33 53 my-pet.headless.default.${S}`,
      ],
    ],
    [`_80._tcp.bare.default.${S}`, "SRV", ["NXDOMAIN"]],
  ],
  "2.4.3 headless: PTR of every ready endpoint": [
    ["100.0.3.10.in-addr.arpa", "PTR", [`PTR my-pet.headless.default.${S}`]],
    ["102.0.3.10.in-addr.arpa", "PTR", [`PTR 10-3-0-102.headless.default.${S}`]],
    ["103.0.3.10.in-addr.arpa", "PTR", ["NXDOMAIN"]],
  ],
  "2.5 ExternalName: CNAME, and what it leads to": [
    [`foo.default.${S}`, "A", ["A 192.0.2.53", "CNAME www.example.com"]],
    [`foo.default.${S}`, "CNAME", ["CNAME www.example.com"]],
    [`_https._tcp.foo.default.${S}`, "SRV", ["NXDOMAIN"]],
  ],
  "2.6 pods by their address": [
    ["10-3-0-100.default.pod.cluster.local", "A", ["A 10.3.0.100"]],
    ["10-3-0-100.other.pod.cluster.local", "A", ["NXDOMAIN"]],
  ],
};

describe.each(Object.entries(SECTIONS))("%s", (_, rows) => {
  test.each(rows)("%s %s", (question, type, answers) => {
    expect(ask(question, type)).toEqual(answers);
    expect(ask(`${question}.`, type)).toEqual(answers);
  });
});

test("2.3.2, 2.4.2: the additional section has the addresses of the targets", () => {
  const added = (name: string) =>
    answerQuery(world, `_https._tcp.${name}.default.${S}`, "SRV").additional.map(format).sort();
  expect(added("kubernetes")).toEqual(["A 10.3.0.1"]);
  expect(added("headless")).toEqual(["A 10.3.0.100", "A 10.3.0.101", "A 10.3.0.102"]);
});
