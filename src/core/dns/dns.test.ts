import { expect, test } from "vitest";
import { Store } from "../api/store";
import type { Host, KubeObject, Namespace, Pod } from "../api/types";
import { aService, aSlice, HTTP } from "../kubeproxy/testing/world";
import { formatIpv4, ipv4 } from "../net/ipv4";
import { answerQuery, reverseName } from "./query";
import type { DnsRecord, DnsWorld, QueryType } from "./records";
import {
  candidateNames,
  clusterDnsIp,
  formatResolvConf,
  podResolvConf,
  type ResolvConf,
} from "./resolv";
import { resolve } from "./resolve";

const namespace = (name: string): Namespace => ({
  apiVersion: "v1",
  kind: "Namespace",
  metadata: { name, namespace: "", uid: name, resourceVersion: "" },
});

const db: Host = {
  apiVersion: "kubehop.dev/v1alpha1",
  kind: "Host",
  metadata: { name: "db", namespace: "", uid: "db", resourceVersion: "" },
  spec: { zone: "internet", ip: "198.51.100.20", hostnames: ["db.example.com"] },
};

const objects: readonly KubeObject[] = [
  namespace("default"),
  db,
  aService("kube-system/kube-dns", { clusterIP: "10.96.0.10", ports: [{ ...HTTP, port: 53 }] }),
  aService("default/kuard", { clusterIP: "10.96.14.56" }),
  aSlice("default/kuard", ["10.244.1.2@node-1"]),
  aService("default/bare", {
    clusterIP: "10.96.14.57",
    ports: [{ protocol: "TCP", port: 80, targetPort: 80 }],
  }),
  aService("default/web", { clusterIP: "None" }),
  aSlice("default/web", [
    { addresses: ["10.244.1.2"], hostname: "web-0" },
    { addresses: ["10.244.2.3"] },
    { addresses: ["10.244.2.4"], conditions: { ready: false } },
  ]),
  aService("default/nobody", { clusterIP: "None" }),
  aSlice("default/nobody", [{ addresses: ["10.244.2.9"], conditions: { ready: false } }]),
  aService("default/ext", { type: "ExternalName", clusterIP: "", externalName: "db.example.com" }),
  aService("default/inside", {
    type: "ExternalName",
    clusterIP: "",
    externalName: "kuard.default.svc.cluster.local.",
  }),
  aService("default/loop", {
    type: "ExternalName",
    clusterIP: "",
    externalName: "loop.default.svc.cluster.local",
  }),
];

const store = new Store();
for (const object of objects) store.put(object);
const world: DnsWorld = {
  store,
  upstream: "10.0.0.2",
  hostnames: new Map([["elb-1.elb.amazonaws.com", [ipv4("203.0.113.50")]]]),
};

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

function ask(name: string, type: QueryType): string {
  const { rcode, answers } = answerQuery(world, name, type);
  return rcode === "NXDOMAIN" ? rcode : answers.map(format).join("; ") || "nothing";
}

const D = "default.svc.cluster.local";

test.each<[string, QueryType, string]>([
  [`kuard.${D}`, "A", "A 10.96.14.56"],
  [`KUARD.${D}.`, "A", "A 10.96.14.56"],
  [`kuard.${D}`, "AAAA", "nothing"],
  [`kuard.${D}`, "CNAME", "nothing"],
  [`nosuch.${D}`, "A", "NXDOMAIN"],
  ["kuard.other.svc.cluster.local", "A", "NXDOMAIN"],
  ["kuard.default.cluster.local", "A", "NXDOMAIN"],
  [`_http._tcp.kuard.${D}`, "SRV", `SRV 0 100 80 kuard.${D}`],
  [`_http._udp.kuard.${D}`, "SRV", "NXDOMAIN"],
  [`_https._tcp.kuard.${D}`, "A", "NXDOMAIN"],
  [`_http._tcp.bare.${D}`, "SRV", "NXDOMAIN"],
  [`10-244-1-2.kuard.${D}`, "A", "A 10.244.1.2"],
  [`10-244-9-9.kuard.${D}`, "A", "NXDOMAIN"],
  [`bare.${D}`, "A", "A 10.96.14.57"],
  [`web.${D}`, "A", "A 10.244.1.2; A 10.244.2.3"],
  [`web.${D}`, "AAAA", "nothing"],
  [`web-0.web.${D}`, "A", "A 10.244.1.2"],
  [`10-244-2-3.web.${D}`, "A", "A 10.244.2.3"],
  [`10-244-2-4.web.${D}`, "A", "NXDOMAIN"],
  [`_http._tcp.web.${D}`, "SRV", `SRV 0 50 8080 web-0.web.${D}; SRV 0 50 8080 10-244-2-3.web.${D}`],
  [`nobody.${D}`, "A", "NXDOMAIN"],
  [`ext.${D}`, "CNAME", "CNAME db.example.com"],
  [`ext.${D}`, "A", "CNAME db.example.com; A 198.51.100.20"],
  [`_http._tcp.ext.${D}`, "SRV", "NXDOMAIN"],
  [`10-244-1-2.ext.${D}`, "A", "NXDOMAIN"],
  [`inside.${D}`, "A", `CNAME kuard.${D}; A 10.96.14.56`],
  ["10-244-1-2.default.pod.cluster.local", "A", "A 10.244.1.2"],
  ["9-9-9-9.default.pod.cluster.local", "A", "A 9.9.9.9"],
  ["10-244-1-2.nosuch.pod.cluster.local", "A", "NXDOMAIN"],
  ["kuard.default.pod.cluster.local", "A", "NXDOMAIN"],
  [D, "A", "nothing"],
  ["nosuch.svc.cluster.local", "A", "NXDOMAIN"],
  ["cluster.local", "A", "nothing"],
  ["dns-version.cluster.local", "TXT", "TXT 1.1.0"],
  [reverseName(ipv4("10.96.14.56")), "PTR", `PTR kuard.${D}`],
  [reverseName(ipv4("10.244.1.2")), "PTR", `PTR 10-244-1-2.kuard.${D}; PTR web-0.web.${D}`],
  [reverseName(ipv4("10.244.7.7")), "PTR", "NXDOMAIN"],
  ["db.example.com", "A", "A 198.51.100.20"],
  ["elb-1.elb.amazonaws.com", "A", "A 203.0.113.50"],
  ["nosuch.example.com", "A", "NXDOMAIN"],
])("%s %s: %s", (name, type, expected) => {
  expect(ask(name, type)).toBe(expected);
});

test("the reverse name has the octets turned round", () => {
  expect(reverseName(ipv4("10.96.14.56"))).toBe("56.14.96.10.in-addr.arpa");
});

test("SRV answers bring the targets' addresses along", () => {
  const { additional } = answerQuery(world, `_http._tcp.web.${D}`, "SRV");
  expect(additional.map(({ name }) => name)).toEqual([`web-0.web.${D}`, `10-244-2-3.web.${D}`]);
});

test("the cluster speaks for its zone only", () => {
  expect(answerQuery(world, `nosuch.${D}`, "A").authoritative).toBe(true);
  expect(answerQuery(world, "db.example.com", "A").authoritative).toBe(false);
});

test("a CNAME that points at itself ends", () => {
  expect(answerQuery(world, `loop.${D}`, "A").answers.every(({ type }) => type === "CNAME")).toBe(
    true,
  );
});

const nodeFile: ResolvConf = {
  nameservers: ["10.0.0.2"],
  search: ["us-west-2.compute.internal"],
  options: [],
};

function confOf(spec: Partial<Pod["spec"]> & { readonly dnsConfig?: unknown } = {}): ResolvConf {
  const pod: Pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "client", namespace: "shop", uid: "1", resourceVersion: "" },
    spec: { containers: [], ...spec },
    status: { phase: "Running" },
  };
  return podResolvConf(pod, clusterDnsIp("10.96.0.0/12"), nodeFile);
}

const clusterFile = `search shop.svc.cluster.local svc.cluster.local cluster.local us-west-2.compute.internal
nameserver 10.96.0.10
options ndots:5
`;
const plainFile = "search us-west-2.compute.internal\nnameserver 10.0.0.2\n";

test.each([
  ["no policy", {}, clusterFile],
  ["ClusterFirst on the host's network", { hostNetwork: true }, plainFile],
  [
    "ClusterFirstWithHostNet",
    { hostNetwork: true, dnsPolicy: "ClusterFirstWithHostNet" },
    clusterFile,
  ],
  ["Default", { dnsPolicy: "Default" }, plainFile],
  [
    "None",
    {
      dnsPolicy: "None",
      dnsConfig: { nameservers: ["1.1.1.1"], options: [{ name: "ndots", value: "2" }] },
    },
    "nameserver 1.1.1.1\noptions ndots:2\n",
  ],
] as const)("resolv.conf with %s", (_, spec, expected) => {
  expect(formatResolvConf(confOf(spec))).toBe(expected);
});

test.each([
  ["kuard", "kuard.shop.svc.cluster.local"],
  ["a.b.c.d.e", "a.b.c.d.e.shop.svc.cluster.local"],
  ["a.b.c.d.e.f", "a.b.c.d.e.f"],
  ["example.com.", "example.com"],
])("%s is tried first as %s", (name, first) => {
  expect(candidateNames(confOf(), name)[0]).toBe(first);
});

function lookUp(name: string, from: ResolvConf = confOf()): string {
  const result = resolve(world, name, from);
  const queries = `${result.tried.length} names`;
  if (!result.ok) return `${result.reason}, ${queries}`;
  return `${result.ips.map(formatIpv4).join()} as ${result.canonicalName}, ${queries}`;
}

test.each([
  ["kuard", "NoSuchName, 5 names"],
  ["kuard.default", `10.96.14.56 as kuard.${D}, 2 names`],
  [`kuard.${D}`, `10.96.14.56 as kuard.${D}, 5 names`],
  ["db.example.com", "198.51.100.20 as db.example.com, 5 names"],
  ["db.example.com.", "198.51.100.20 as db.example.com, 1 names"],
  ["ext.default", "198.51.100.20 as db.example.com, 2 names"],
  ["10.1.2.3", "10.1.2.3 as 10.1.2.3, 0 names"],
])("%s in another namespace: %s", (name, expected) => {
  expect(lookUp(name)).toBe(expected);
});

test("the cloud's resolver knows no Services; where nobody serves, nothing is found", () => {
  expect(lookUp("kuard.default", confOf({ dnsPolicy: "Default" }))).toBe("NoSuchName, 2 names");
  expect(lookUp("db.example.com", confOf({ dnsPolicy: "Default" }))).toContain("198.51.100.20");
  expect(lookUp("kuard", { nameservers: ["10.9.9.9"], search: [], options: [] })).toBe(
    "NoServer, 0 names",
  );
});
