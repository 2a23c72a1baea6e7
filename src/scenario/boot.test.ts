import { describe, expect, test } from "vitest";
import type { World } from "../core/cluster/world";
import { formatIpv4 } from "../core/net/ipv4";
import { bootScenario } from "./boot";

/** The cluster that a text describes, at rest. */
function settled(text: string): World {
  const booted = bootScenario(text);
  if (!booted.ok) throw new Error(booted.errors.map(({ message }) => message).join("\n"));
  expect(booted.world.settle()).toBe(true);
  return booted.world;
}

/** One line a way: probability, verdict, server or reason, the source that the server sees. */
function ways(world: World, from: string, to: string): string[] {
  const paths = world.paths(from, to);
  if (!paths.ok) return [paths.error];
  return paths.value.map(({ probability, journey: { outcome } }) => {
    const seen = outcome?.serverSeesSrcIp;
    const who = outcome?.server ?? outcome?.verdict.reason ?? "";
    const src = seen === undefined ? "" : ` from ${formatIpv4(seen)}`;
    return `${Number(probability.toFixed(6))} ${outcome?.verdict.kind} ${who}${src}`;
  });
}

const scenario = (spec: string) =>
  `{apiVersion: kubehop.dev/v1alpha1, kind: Scenario, metadata: {name: s}, spec: {${spec}}}\n---\n`;

const pod = (name: string, spec = "", meta = "labels: {app: web}") =>
  `{apiVersion: v1, kind: Pod, metadata: {name: ${name}, ${meta}}, spec: {${spec} containers: [{name: main, image: example/app, ports: [{containerPort: 8080}]}]}}\n---\n`;

const service = (name: string, spec: string) =>
  `{apiVersion: v1, kind: Service, metadata: {name: ${name}}, spec: {${spec}}}\n---\n`;

const WEB = "selector: {app: web}, ports: [{port: 80, targetPort: 8080}]";

describe("kube-proxy where the scenario adds nothing", () => {
  test("answers on the health check node port, so that policy Local has targets", () => {
    const world = settled(
      scenario("addons: []") +
        pod("web-1", "nodeName: node-2,") +
        service("web", `type: LoadBalancer, externalTrafficPolicy: Local, ${WEB}`),
    );
    expect(ways(world, "host/user", "lb/default/web:80")).toEqual([
      "1 delivered pod/default/web-1 from 10.0.0.5",
    ]);
  });
});

describe("a cluster that brings its own kube-dns", () => {
  const DNS = `
{apiVersion: v1, kind: Service, metadata: {name: kube-dns, namespace: kube-system}, spec: {clusterIP: 10.100.0.10, selector: {k8s-app: kube-dns}, ports: [{name: dns, port: 53, protocol: UDP}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: coredns-1, namespace: kube-system, labels: {k8s-app: kube-dns}}, spec: {dnsPolicy: Default, containers: [{name: coredns, image: registry.k8s.io/coredns/coredns:v1.11.3, ports: [{containerPort: 53, protocol: UDP}]}]}}
---
`;

  test("has pods that ask it, at its address", () => {
    const world = settled(DNS + pod("client"));
    expect(ways(world, "pod/default/client", "db.example.com:80")).toEqual([
      expect.stringContaining("delivered host/db"),
    ]);
  });

  test("gets no second CoreDNS beside its pods", () => {
    const world = settled(DNS);
    expect(world.store.find("Deployment", "kube-system", "coredns")).toBeUndefined();
  });
});

describe("names without a cluster IP", () => {
  const world = settled(
    pod("client", "", "labels: {app: client}") +
      pod("web-1", "nodeName: node-1,") +
      pod("host-client", "hostNetwork: true, dnsPolicy: ClusterFirstWithHostNet,", "labels: {}") +
      service("db", "type: ExternalName, externalName: db.example.com") +
      service("headless", `clusterIP: None, ${WEB}`) +
      service("web", WEB),
  );

  test.each([
    ["an ExternalName without ports leads to any port", "svc/default/db:5432", "delivered host/db"],
    ["nobody translates a headless Service's port", "svc/default/headless:80", "refused NoSocket"],
    ["the pod's own port is served", "headless:8080", "delivered pod/default/web-1"],
    ["nor does a name have other ports", "svc/default/headless:81", "has no port 81"],
  ])("%s", (_, to, expected) => {
    expect(ways(world, "pod/default/client", to)).toEqual([expect.stringContaining(expected)]);
  });

  test("a pod in its node's network may have the cluster's DNS", () => {
    const found = ways(world, "pod/default/host-client", "web:80");
    expect(found).toEqual([expect.stringContaining("delivered pod/default/web-1")]);
    expect(ways(world, "node/node-1", "web:80")).toEqual(["Could not resolve host: web"]);
  });

  test("an unknown name is printed as it is asked for", () => {
    expect(ways(world, "node/node-1", "svc/default/headless:80")).toEqual([
      "Could not resolve host: headless.default.svc.cluster.local",
    ]);
  });
});

describe("nodes as they come", () => {
  test.each([
    ["False", "node.kubernetes.io/not-ready"],
    ["Unknown", "node.kubernetes.io/unreachable"],
  ])("Ready %s is kept, and keeps new pods away", (status, taint) => {
    const world = settled(
      `{apiVersion: v1, kind: Node, metadata: {name: lost}, status: {conditions: [{type: Ready, status: "${status}"}]}}\n---\n` +
        "{apiVersion: v1, kind: Node, metadata: {name: good}}\n---\n" +
        pod("web-1") +
        pod("web-2"),
    );
    world.runUntil(world.nowUs + 60_000_000);
    const lost = world.store.find("Node", "", "lost");
    expect(lost?.status.conditions).toEqual([expect.objectContaining({ type: "Ready", status })]);
    expect(lost?.spec.taints?.map(({ key }) => key)).toEqual([taint, taint]);
    const nodes = ["web-1", "web-2"].map(
      (name) => world.store.find("Pod", "default", name)?.spec.nodeName,
    );
    expect(nodes).toEqual(["good", "good"]);
  });

  test.each(["", ', status: {addresses: [{type: InternalIP, address: "fd00::1"}]}'])(
    "one that joins without an IPv4 InternalIP gets the next free one%s",
    (status) => {
      const world = settled(
        pod("web-1", "nodeName: node-1,") +
          service("web", WEB) +
          "{apiVersion: kubehop.dev/v1alpha1, kind: Host, metadata: {name: near}, spec: {zone: vpc, ip: 10.0.1.14}}",
      );
      const addresses = status && [{ type: "InternalIP", address: "fd00::1" }];
      const manifest = {
        apiVersion: "v1",
        kind: "Node",
        metadata: { name: "late" },
        ...(addresses && { status: { addresses } }),
      };
      expect(world.execute({ type: "apply", manifests: [manifest] }).ok).toBe(true);
      world.settle();
      expect(ways(world, "node/late", "svc/default/web:80")).toEqual([
        "1 delivered pod/default/web-1 from 10.0.1.15",
      ]);
    },
  );
});

test.each(["10.0.0.10", "10.0.0.2", "10.0.0.5"])(
  "a node at %s is not hidden by what the cluster brings",
  (ip) => {
    const world = settled(
      `{apiVersion: v1, kind: Node, metadata: {name: first}, status: {addresses: [{type: InternalIP, address: ${ip}}]}}\n---\n` +
        "{apiVersion: v1, kind: Node, metadata: {name: second}}\n---\n" +
        pod("web-1", "nodeName: first,") +
        service("web", `type: LoadBalancer, ${WEB}`),
    );
    const seen = expect.stringMatching(/delivered pod\/default\/web-1 from 10\.244\.0\.1$/);
    expect(ways(world, "node/second", "nodeport/first/default/web:80")).toEqual([seen]);
    expect(ways(world, "pod/default/web-1", "svc/default/kubernetes:443")).toEqual([
      `1 delivered host/apiserver from ${ip}`,
    ]);
  },
);

test("a pod whose readiness gate nobody opened gets no traffic", () => {
  const world = settled(
    pod("web-1", "readinessGates: [{conditionType: example.com/gate}],") + service("web", WEB),
  );
  const ready = world.store
    .find("Pod", "default", "web-1")
    ?.status.conditions?.find(({ type }) => type === "Ready");
  expect(ready).toMatchObject({ status: "False", reason: "ReadinessGatesNotReady" });
  expect(ways(world, "node/node-1", "svc/default/web:80")).toEqual(["1 refused NetfilterReject"]);
});

describe("texts that nest without end", () => {
  test.each([
    ["brackets", "[".repeat(1_900_000)],
    ["braces", `a: ${"{a: ".repeat(100_000)}`],
    ["brackets in a later document", `a: 1\n---\nb: ${"[".repeat(101)}${"]".repeat(101)}`],
  ])("%s are refused at once", (_, text) => {
    const booted = bootScenario(text);
    expect(booted.ok ? [] : booted.errors.map(({ message }) => message)).toEqual([
      "the document nests too deeply: more than 100 levels",
    ]);
  });

  test("brackets in texts, comments and many documents are none", () => {
    const texts = `# ${"[".repeat(200)}\na: "${"[".repeat(200)}"\nb: |\n  ${"{".repeat(200)}\n`;
    const many = "---\na: [1, {b: 2}]\n".repeat(200);
    const booted = bootScenario(texts + many);
    const messages = booted.ok ? [] : booted.errors.map(({ message }) => message);
    expect(messages).not.toContainEqual(expect.stringContaining("nests"));
  });
});
