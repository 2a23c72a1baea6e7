import { expect, test } from "vitest";
import { DEFAULT_CLUSTER_CONFIG, type KubeProxyConfig } from "../api/cluster-config";
import { ipv4 } from "../net/ipv4";
import { parseOrigin } from "./origin";
import { aNode, aService, aSlice, ProxyWorld } from "./testing/world";

const { iptables } = DEFAULT_CLUSTER_CONFIG.kubeProxy;

function proxyOn(kubeProxy: Partial<KubeProxyConfig> = {}): ProxyWorld {
  const world = new ProxyWorld(kubeProxy);
  world.addNode(aNode(1));
  world.settle();
  return world;
}

test("a node without Services has these rules", () => {
  expect(proxyOn().lines().join("\n")).toBe(
    `-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
-A POSTROUTING -s 10.244.0.0/16 ! -d 10.244.0.0/16 -m comment --comment "kubehop bridge CNI: masquerade what leaves the pod network" -j CNI-MASQUERADE
-A CNI-MASQUERADE ! -d 224.0.0.0/4 -m comment --comment "kubehop bridge CNI: masquerade what leaves the pod network" -j MASQUERADE
-A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
-A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
-A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully
-A KUBE-SERVICES -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
-A INPUT -m comment --comment "kubernetes health check service ports" -j KUBE-NODEPORTS
-A INPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES
-A INPUT -j KUBE-FIREWALL
-A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
-A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
-A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A FORWARD -m conntrack --ctstate NEW -m comment --comment "kubernetes externally-visible service portals" -j KUBE-EXTERNAL-SERVICES
-A OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes load balancer firewall" -j KUBE-PROXY-FIREWALL
-A OUTPUT -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
-A OUTPUT -j KUBE-FIREWALL
-A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m comment --comment "block incoming localnet connections" -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
-A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT
-A KUBE-FORWARD -m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT`,
  );
});

test("chains are declared even when they are empty, canaries too", () => {
  const world = proxyOn();
  for (const chain of [
    "KUBE-SERVICES",
    "KUBE-EXTERNAL-SERVICES",
    "KUBE-NODEPORTS",
    "KUBE-PROXY-FIREWALL",
  ]) {
    expect(world.chain("filter", chain)?.rules).toEqual([]);
  }
  for (const table of ["mangle", "nat", "filter"] as const) {
    expect(world.chain(table, "KUBE-PROXY-CANARY")?.rules).toEqual([]);
  }
  expect(world.chain("mangle", "KUBE-KUBELET-CANARY")?.rules).toEqual([]);
});

test("masqueradeBit and tcpBeLiberal", () => {
  const world = proxyOn({
    iptables: { ...iptables, masqueradeBit: 31 },
    conntrack: { tcpBeLiberal: true },
  });
  expect(world.printed("nat", "KUBE-MARK-MASQ")).toContain("--set-xmark 0x80000000/0x80000000");
  expect(world.printed("filter", "KUBE-FORWARD")).toMatch(
    /^-A KUBE-FORWARD .*--mark 0x80000000\/0x80000000/,
  );
  expect(world.printed("filter", "KUBE-FORWARD")).not.toContain("INVALID");
});

test("without localhost NodePorts 127/8 is left out, and needs no protection", () => {
  const world = proxyOn({ iptables: { ...iptables, localhostNodePorts: false } });
  expect(world.printed("nat", "KUBE-SERVICES")).toMatch(
    /^-A KUBE-SERVICES ! -d 127.0.0.0\/8 -m comment/,
  );
  expect(world.chain("filter", "KUBE-FIREWALL")?.rules).toEqual([]);
});

test("nodePortAddresses: one rule per address of the node; a list without loopback turns localhost NodePorts off", () => {
  const world = new ProxyWorld({ nodePortAddresses: ["10.0.0.0/16"] });
  const address = (name: string, index: number, ip: string, prefix: number) => ({
    name,
    index,
    kind: "ethernet" as const,
    mac: "",
    mtu: 1500,
    addresses: [{ ip: ipv4(ip), prefix }],
  });
  world.plane.put({
    id: "node/node-1",
    machine: "node-1",
    label: "node-1",
    interfaces: [address("eth0", 2, "10.0.1.11", 24), address("cni0", 3, "10.244.1.1", 24)],
    routes: [],
    listeners: [],
    sysctls: { ipForward: true, bridgeNfCallIptables: true, rpFilter: 0, routeLocalnet: true },
    up: true,
  });
  world.addNode(aNode(1));
  world.settle();
  expect(world.printed("nat", "KUBE-SERVICES")).toBe(
    '-A KUBE-SERVICES -d 10.0.1.11/32 -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -j KUBE-NODEPORTS',
  );
  expect(world.chain("filter", "KUBE-FIREWALL")?.rules).toEqual([]);
});

test("every rule says who wrote it and for what", () => {
  const world = proxyOn();
  world.put(aService("ns/svc"), aSlice("ns/svc", ["10.244.1.2@node-1"]));
  world.settle();
  for (const table of ["nat", "filter"] as const) {
    for (const chain of world.plane.ruleset("node/node-1")[table]?.chains.values() ?? []) {
      for (const rule of chain.rules) expect(parseOrigin(rule.origin ?? "")).toBeDefined();
    }
  }
  const dnat = [...(world.plane.ruleset("node/node-1").nat?.chains.values() ?? [])]
    .flatMap((chain) => chain.rules)
    .find((rule) => rule.target?.kind === "DNAT");
  expect(parseOrigin(dnat?.origin ?? "")).toEqual({
    by: "service",
    service: "ns/svc",
    port: "http",
    protocol: "tcp",
    role: "dnat",
    endpoint: "10.244.1.2:8080",
  });
});

test("no rule stands in two places of one node, for counters go by the rule", () => {
  const world = proxyOn();
  const rules = (["nat", "filter"] as const).flatMap((table) =>
    [...(world.plane.ruleset("node/node-1")[table]?.chains.values() ?? [])].flatMap(
      (chain) => chain.rules,
    ),
  );
  expect(new Set(rules).size).toBe(rules.length);
});
