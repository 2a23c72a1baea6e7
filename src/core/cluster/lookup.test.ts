import { describe, expect, test } from "vitest";
import { keyOf } from "../api/types";
import { formatEndpoint } from "../net/packet";
import { SECOND } from "../sim/time";
import { clusterOf, manifestsOf, pod } from "../testing/cluster";
import { outcomes } from "../testing/packet-flow";
import { formatHop } from "../trace/format";
import type { Journey } from "./connection";
import type { World } from "./world";

const CLIENT = "pod/default/client";

const SHOP = `
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.0.20, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: each}, spec: {clusterIP: None, selector: {app: web}, ports: [{port: 8080}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: outside}, spec: {type: ExternalName, externalName: shop.example.com}}
---
{apiVersion: kubehop.dev/v1alpha1, kind: Host, metadata: {name: shop}, spec: {zone: internet, ip: 198.51.100.30, hostnames: [shop.example.com], listens: [{protocol: TCP, port: 80}]}}
---
{apiVersion: v1, kind: Namespace, metadata: {name: other}}
---
{apiVersion: v1, kind: Pod, metadata: {name: stranger, namespace: other}, spec: {nodeName: node-2, containers: [{name: main, image: example/client}]}}
${pod("client", "node-1", "app: client", "")}${pod("web-1", "node-2", "app: web")}${pod("web-2", "node-3", "app: web")}`;

const shop = clusterOf(SHOP);

const records = clusterOf(`
{apiVersion: v1, kind: Service, metadata: {name: shop}, spec: {clusterIP: 10.96.0.21, ports: [{name: http, port: 80}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: pods}, spec: {clusterIP: None, selector: {app: web}, ports: [{name: http, port: 8080}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: outside}, spec: {type: ExternalName, externalName: shop.example.com}}
---
{apiVersion: kubehop.dev/v1alpha1, kind: Host, metadata: {name: shop}, spec: {zone: internet, ip: 198.51.100.30, hostnames: [shop.example.com]}}
${pod("client", "node-1", "app: client", "")}${pod("web-1", "node-2", "app: web")}`);

function send(world: World, from: string, to: string): Journey {
  const sent = world.trace(from, to, { handshakeOnly: true });
  if (!sent.ok) throw new Error(sent.error);
  return sent.value;
}

/** What the machine asks, in order: `A web.default.svc.cluster.local @10.96.0.10:53`. */
function asked({ hops }: Journey, node: string): readonly string[] {
  return hops.flatMap(({ kind, node: at, after }) => {
    const { dns } = after;
    if (kind !== "send" || at !== node || !dns || dns.answer) return [];
    const { name, type } = dns.question;
    return [`${type} ${name} @${formatEndpoint(after.dst, after.dport)}`];
  });
}

function verdict({ outcome }: Journey) {
  const { kind, reason, explanation } = outcome?.verdict ?? {};
  return { kind, reason, explanation };
}

const D = "default.svc.cluster.local";

describe("a pod asks for a name", () => {
  const journey = send(shop, CLIENT, "web:80");
  const lines = journey.hops.map(formatHop);

  test("A, then AAAA, at the cluster IP of kube-dns; then it connects", () => {
    expect(asked(journey, "client")).toEqual([
      `A web.${D} @10.96.0.10:53`,
      `AAAA web.${D} @10.96.0.10:53`,
    ]);
    expect(journey.outcome?.server).toMatch(/^pod\/default\/web-/);
  });

  test("the query is DNAT'ed to a CoreDNS pod, which answers from the cluster IP again", () => {
    expect(
      lines.find((line) => /DNAT +10\.96\.0\.10:53 -> 10\.244\.\d+\.\d+:53/.test(line)),
    ).toBeDefined();
    expect(lines.filter((line) => /^coredns-\S+ +resolve/.test(line))).toEqual([
      expect.stringContaining(`A? web.${D}.: A 10.96.0.20`),
      expect.stringContaining(`AAAA? web.${D}.: no records`),
    ]);
    expect(
      lines.find((line) => /^client +delivered +10\.96\.0\.10:53 > /.test(line)),
    ).toBeDefined();
  });

  test("both queries leave from one port: conntrack leads the second one after the first", () => {
    const ports = journey.hops.flatMap(({ kind, node, after }) =>
      kind === "send" && node === "client" && after.dns ? [after.sport] : [],
    );
    expect(new Set(ports).size).toBe(1);
    const servers = lines.filter((line) => /^coredns-\S+ +resolve/.test(line));
    expect(new Set(servers.map((line) => line.split(" ")[0])).size).toBe(1);
  });
});

test.each([
  ["another namespace is tried as a name of one's own first", CLIENT, "web.default:80", 4],
  ["a name outside goes through the whole search list", CLIENT, "shop.example.com:80", 8],
  ["a final dot saves three quarters", CLIENT, "shop.example.com.:80", 2],
  ["the cluster's own full name has too few dots", CLIENT, `web.${D}:80`, 8],
])("%s: %s to %s, %i queries", (_, from, to, count) => {
  const journey = send(shop, from, to);
  expect(asked(journey, "client")).toHaveLength(count);
  expect(journey.outcome?.verdict.kind).toBe("delivered");
});

test("CoreDNS asks the cloud's resolver for names outside, and follows a CNAME there", () => {
  const journey = send(shop, CLIENT, "outside:80");
  const [server = ""] = journey.hops.flatMap(({ node }) => (/^coredns/.test(node) ? [node] : []));
  expect(asked(journey, server)).toEqual([
    "A shop.example.com @10.0.0.2:53",
    "AAAA shop.example.com @10.0.0.2:53",
  ]);
  expect(journey.outcome?.server).toBe("host/shop");
});

test("nodes and machines of the VPC ask the cloud's resolver, which knows no Services", () => {
  expect(asked(send(shop, "node/node-1", "shop.example.com:80"), "node-1")).toEqual([
    "A shop.example.com @10.0.0.2:53",
    "AAAA shop.example.com @10.0.0.2:53",
  ]);
  expect(asked(send(shop, "host/vm", "shop.example.com:80"), "vm")).toHaveLength(2);
  expect(verdict(send(shop, "node/node-1", "web:80"))).toMatchObject({
    reason: "DnsNxdomain",
    explanation: "Could not resolve host: web (NXDOMAIN; 10.0.0.2 is not the cluster's DNS)",
  });
});

test("a name of another namespace is not found, and says so in curl's words", () => {
  const journey = send(shop, "pod/other/stranger", "web:80");
  expect(asked(journey, "stranger")).toHaveLength(8);
  expect(verdict(journey)).toEqual({
    kind: "refused",
    reason: "DnsNxdomain",
    explanation: "Could not resolve host: web (NXDOMAIN, for each of 4 names that were tried)",
  });
});

function scaledCoreDns(replicas: number): World {
  const world = shop.fork();
  const deployment = world.store.find("Deployment", "kube-system", "coredns");
  if (!deployment) throw new Error("no CoreDNS");
  const spec = { ...deployment.spec, replicas };
  const { name, namespace } = deployment.metadata;
  world.execute({
    type: "apply",
    manifests: [{ ...deployment, metadata: { name, namespace }, spec }],
  });
  world.runUntil(world.nowUs + 60 * SECOND);
  return world;
}

test("without a CoreDNS pod kube-proxy rejects: the client knows at once", () => {
  const world = scaledCoreDns(0);
  const before = world.nowUs;
  const journey = send(world, CLIENT, "web:80");
  expect(verdict(journey)).toMatchObject({ kind: "refused", reason: "DnsRefused" });
  expect(asked(journey, "client")).toHaveLength(2);
  expect(world.nowUs - before).toBeLessThan(0.1 * SECOND);
  expect(outcomes(world, CLIENT, "web:80")).toEqual({ "refused DnsRefused": 1 });
});

const SILENT = `${SHOP}
---
{apiVersion: v1, kind: Pod, metadata: {name: lost}, spec: {nodeName: node-1, dnsPolicy: None, dnsConfig: {nameservers: [10.0.77.7]}, containers: [{name: main, image: example/client}]}}`;

test("where nobody answers, two attempts of five seconds pass", () => {
  const world = clusterOf(SILENT);
  const before = world.nowUs;
  const journey = send(world, "pod/default/lost", "web:80");
  expect(verdict(journey)).toMatchObject({ kind: "dropped", reason: "DnsTimeout" });
  expect(verdict(journey).explanation).toMatch(
    /^Could not resolve host: web \(no answer from 10\.0\.77\.7 in 10 s/,
  );
  expect(asked(journey, "lost")).toEqual(["A web @10.0.77.7:53", "A web @10.0.77.7:53"]);
  expect(world.nowUs - before).toBe(10 * SECOND);
});

test("an upstream on which nothing listens makes CoreDNS say SERVFAIL, for what it must ask there", () => {
  const world = clusterOf(
    `${SHOP}\n---\n{apiVersion: kubehop.dev/v1alpha1, kind: Host, metadata: {name: resolver}, spec: {zone: vpc, ip: 10.0.0.2}}`,
  );
  expect(verdict(send(world, CLIENT, "shop.example.com:80"))).toMatchObject({
    reason: "DnsServfail",
  });
  expect(send(world, CLIENT, "web:80").outcome?.verdict.kind).toBe("delivered");
});

test("ways are those of the connection, not of its lookup", () => {
  expect(outcomes(shop, CLIENT, "web:80")).toEqual({
    "pod/default/web-1 sees 10.244.1.3": 0.5,
    "pod/default/web-2 sees 10.244.1.3": 0.5,
  });
  expect(outcomes(shop, CLIENT, "each:8080")).toEqual({
    "pod/default/web-1 sees 10.244.1.3": 0.5,
    "pod/default/web-2 sees 10.244.1.3": 0.5,
  });
});

test("CoreDNS does not know of a Service before its watch has told it", () => {
  const world = shop.fork();
  const manifests = manifestsOf(
    "{apiVersion: v1, kind: Service, metadata: {name: late}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}",
  );
  world.execute({ type: "apply", manifests });
  const early = send(world.fork(), CLIENT, "late:80");
  expect(verdict(early)).toMatchObject({ reason: "DnsNxdomain" });
  expect(early.hops.map(({ detail }) => detail)).toContain(
    `A? late.${D}.: NXDomain (its watch has not told it of the latest change yet)`,
  );
  world.settle();
  expect(send(world, CLIENT, "late:80").outcome?.verdict.kind).toBe("delivered");
});

const REPLACED = `
{apiVersion: v1, kind: Service, metadata: {name: each}, spec: {clusterIP: None, selector: {app: web}, ports: [{port: 8080}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 8080}]}}
---
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 1, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {terminationGracePeriodSeconds: 1, containers: [{name: main, image: example/web, ports: [{containerPort: 8080}]}]}}}}
---
{apiVersion: v1, kind: Pod, metadata: {name: java, annotations: {kubehop.dev/dns-cache-seconds: "30"}}, spec: {nodeName: node-1, containers: [{name: main, image: example/client}]}}
${pod("client", "node-1", "app: client", "")}`;

test("a pod's address that a client has kept goes stale when the pod is replaced; a cluster IP does not", () => {
  const world = clusterOf(REPLACED);
  const java = "pod/default/java";
  const kinds = (to: string) =>
    [java, CLIENT].map((from) => send(world, from, to).outcome?.verdict.kind);
  expect([...kinds("each:8080"), ...kinds("web:8080")]).toEqual(Array(4).fill("delivered"));
  const [old] = [...world.store.list("Pod")].filter(
    ({ metadata }) => metadata.labels?.app === "web",
  );
  world.execute({
    type: "delete",
    key: keyOf("Pod", "default", old?.metadata.name ?? ""),
  });
  world.runUntil(world.nowUs + 10 * SECOND);
  const stale = send(world, java, "each:8080");
  expect(asked(stale, "java")).toEqual([]);
  expect(stale.hops[0]?.detail).toMatch(/^each: 10\.244\.\d+\.\d+, kept for \d+ s more: no query$/);
  expect(stale.outcome?.verdict.kind).not.toBe("delivered");
  expect(kinds("web:8080")).toEqual(["delivered", "delivered"]);
  expect(send(world, CLIENT, "each:8080").outcome?.verdict.kind).toBe("delivered");
  world.runUntil(world.nowUs + 30 * SECOND);
  expect(send(world, java, "each:8080").outcome?.verdict.kind).toBe("delivered");
});

test.each([
  [true, "delivered"],
  [false, "refused"],
])(
  "a headless Service with publishNotReadyAddresses: %s: a pod that is not ready is %s",
  (publishNotReadyAddresses, kind) => {
    const world = clusterOf(`
{apiVersion: v1, kind: Service, metadata: {name: early}, spec: {clusterIP: None, publishNotReadyAddresses: ${publishNotReadyAddresses}, selector: {app: early}, ports: [{port: 8080}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: early, labels: {app: early}}, spec: {nodeName: node-2, containers: [{name: main, image: example/web, ports: [{containerPort: 8080}], readinessProbe: {tcpSocket: {port: 9}}}]}}
${pod("client", "node-1", "app: client", "")}`);
    expect(send(world, CLIENT, "early:8080").outcome?.verdict.kind).toBe(kind);
  },
);

test.each([
  ["SRV", `_http._tcp.shop.${D}`, `SRV shop.${D}.:80 0 100`],
  ["SRV", `_http._tcp.pods.${D}`, `SRV 10-244-2-2.pods.${D}.:8080 0 100`],
  ["PTR", "21.0.96.10.in-addr.arpa", `PTR shop.${D}.`],
  ["CNAME", `outside.${D}`, "CNAME shop.example.com."],
  ["A", `outside.${D}`, "CNAME shop.example.com., A 198.51.100.30"],
  ["A", `pods.${D}`, "A 10.244.2.2"],
  ["AAAA", `shop.${D}`, "no records"],
  ["A", `nosuch.${D}`, "NXDomain"],
  ["PTR", "1.2.0.192.in-addr.arpa", "NXDomain"],
] as const)("a client that asks CoreDNS itself: %s %s: %s", (type, name, answer) => {
  const traced = records.trace(CLIENT, "10.96.0.10:53/udp", { question: { name, type } });
  if (!traced.ok) throw new Error(traced.error);
  expect(traced.value.outcome?.server).toMatch(/^pod\/kube-system\/coredns-/);
  expect(traced.value.hops.at(-1)?.after.payload).toBe(answer);
});

test("a CoreDNS that forwards to its own Service asks in a circle, which ends", () => {
  const world = shop.fork();
  const deployment = world.store.find("Deployment", "kube-system", "coredns");
  if (!deployment) throw new Error("no CoreDNS");
  const { template } = deployment.spec;
  const spec = {
    ...deployment.spec,
    template: { ...template, spec: { ...template.spec, dnsPolicy: "ClusterFirst" } },
  };
  const { name, namespace } = deployment.metadata;
  world.execute({
    type: "apply",
    manifests: [{ ...deployment, metadata: { name, namespace }, spec }],
  });
  world.settle();
  const journey = send(world, CLIENT, "shop.example.com.:80");
  expect(verdict(journey)).toMatchObject({ reason: "DnsServfail" });
  expect(journey.hops.some(({ detail }) => detail.endsWith("it was forwarded in a circle"))).toBe(
    true,
  );
});

test("each request of a load looks its name up anew", () => {
  const world = shop.fork();
  const burst = {
    type: "burst",
    from: CLIENT,
    to: "web:80",
    count: 40,
    intervalUs: 10_000,
  } as const;
  world.execute(burst);
  world.runUntil(world.nowUs + SECOND);
  const servers = world.traffic.tally.outcomes.map(
    ({ verdict: kind, server }) => `${kind} ${server}`,
  );
  expect(servers.sort()).toEqual(["delivered pod/default/web-1", "delivered pod/default/web-2"]);
  let firstPackets = 0;
  for (const bucket of world.traffic.tally.buckets) firstPackets += bucket.firstPackets;
  expect(firstPackets).toBe(40);
});

test("an IPv6 nameserver is left out: the pod asks itself, and nothing listens there", () => {
  const world = clusterOf(SILENT.replace("10.0.77.7", "'fd00::a'"));
  const journey = send(world, "pod/default/lost", "web:80");
  expect(asked(journey, "lost")).toEqual(["A web @127.0.0.1:53", "A web @127.0.0.1:53"]);
  expect(verdict(journey)).toMatchObject({ kind: "refused", reason: "DnsRefused" });
});
