import { expect, test } from "vitest";
import { formatRuleset } from "../dataplane/netfilter/print";
import { ipv4 } from "../net/ipv4";
import { MS, SECOND } from "../sim/time";
import { endpointChainName, serviceChainName } from "./names";
import { isPending, setRunning } from "./proxier";
import { aNode, aService, aSlice, ProxyWorld } from "./testing/world";

const SVC = serviceChainName("KUBE-SVC", "ns/svc:http", "tcp");
const OTHER = serviceChainName("KUBE-SVC", "ns/other:http", "tcp");
const sep = (ip: string) => endpointChainName("ns/svc:http", "tcp", `${ip}:8080`);

function twoServices(): ProxyWorld {
  const world = new ProxyWorld();
  world.addNode(aNode(1));
  world.addNode(aNode(2));
  world.put(aService("ns/svc"), aSlice("ns/svc", ["10.244.1.2@node-1", "10.244.2.2@node-2"]));
  world.put(
    aService("ns/other", { clusterIP: "10.96.0.21" }),
    aSlice("ns/other", ["10.244.1.3@node-1"]),
  );
  world.settle();
  return world;
}

const oneMore = aSlice("ns/svc", ["10.244.1.2@node-1", "10.244.1.9@node-1", "10.244.2.2@node-2"]);

test("a change reaches the rules after the watch's lag and the sync, not a microsecond earlier", () => {
  const world = twoServices();
  world.runUntil(world.nowUs + 10 * SECOND);
  const changedAtUs = world.nowUs;
  const before = world.plane.ruleset("node/node-1");
  world.put(oneMore);
  const syncAtUs = world.state.nodes.get("node-1")?.syncAtUs ?? 0;
  expect(syncAtUs - changedAtUs).toBeGreaterThanOrEqual(50 * MS);
  expect(syncAtUs - changedAtUs).toBeLessThanOrEqual(180 * MS);
  world.runUntil(syncAtUs - 1);
  expect(world.plane.ruleset("node/node-1")).toBe(before);
  expect(isPending(world.state, "node-1")).toBe(true);
  world.runUntil(syncAtUs);
  expect(world.chain("nat", sep("10.244.1.9"))).toBeDefined();
  expect(isPending(world.state, "node-1")).toBe(false);
});

test("nodes differ a little in when they hear of a change", () => {
  const world = twoServices();
  world.runUntil(world.nowUs + 10 * SECOND);
  world.put(oneMore);
  const due = ["node-1", "node-2"].map((node) => world.state.nodes.get(node)?.syncAtUs);
  expect(due[0]).not.toBe(due[1]);
});

test("changes within minSyncPeriod of a sync wait and merge into one", () => {
  const world = twoServices();
  world.runUntil(world.nowUs + 10 * SECOND);
  world.put(oneMore);
  world.settle();
  const lastSyncUs = world.state.nodes.get("node-1")?.lastSyncUs ?? 0;
  world.put(aSlice("ns/svc", ["10.244.1.2@node-1"]));
  world.put(aSlice("ns/other", ["10.244.1.4@node-1"], {}));
  const syncAtUs = world.state.nodes.get("node-1")?.syncAtUs ?? 0;
  expect(syncAtUs - lastSyncUs).toBeGreaterThanOrEqual(SECOND + 30 * MS);
  expect(syncAtUs - lastSyncUs).toBeLessThanOrEqual(SECOND + 100 * MS);
  world.runUntil(syncAtUs - 1);
  expect(world.chain("nat", sep("10.244.1.9"))).toBeDefined();
  world.runUntil(syncAtUs);
  expect(world.chain("nat", sep("10.244.1.9"))).toBeUndefined();
  expect(world.lines().join()).toContain("10.244.1.4:8080");
});

test("one more endpoint: only the chains of that Service and the declared ones are written anew", () => {
  const world = twoServices();
  const before = world.plane.ruleset("node/node-1");
  world.put(oneMore);
  world.settle();
  const after = world.plane.ruleset("node/node-1");
  expect(after.nat?.chains.get(OTHER)).toBe(before.nat?.chains.get(OTHER));
  expect(after.nat?.chains.get("PREROUTING")).toBe(before.nat?.chains.get("PREROUTING"));
  expect(after.nat?.chains.get(SVC)).not.toBe(before.nat?.chains.get(SVC));
  expect(after.nat?.chains.get("KUBE-SERVICES")).not.toBe(before.nat?.chains.get("KUBE-SERVICES"));
  const text = formatRuleset(before).split("\n");
  const changed = formatRuleset(after)
    .split("\n")
    .filter((line) => !text.includes(line));
  expect(changed).toEqual([
    `:${sep("10.244.1.9")} - [0:0]`,
    `-A ${sep("10.244.1.9")} -s 10.244.1.9/32 -m comment --comment "ns/svc:http" -j KUBE-MARK-MASQ`,
    `-A ${sep("10.244.1.9")} -p tcp -m comment --comment "ns/svc:http" -m tcp -j DNAT --to-destination 10.244.1.9:8080`,
    `-A ${SVC} -m comment --comment "ns/svc:http -> 10.244.1.2:8080" -m statistic --mode random --probability 0.33333333349 -j ${sep("10.244.1.2")}`,
    `-A ${SVC} -m comment --comment "ns/svc:http -> 10.244.1.9:8080" -m statistic --mode random --probability 0.50000000000 -j ${sep("10.244.1.9")}`,
  ]);
});

test("nodes that see the same share their chains", () => {
  const world = twoServices();
  const [one, two] = ["node-1", "node-2"].map((node) => world.plane.ruleset(`node/${node}`));
  for (const chain of [
    SVC,
    OTHER,
    sep("10.244.1.2"),
    "KUBE-SERVICES",
    "PREROUTING",
    "POSTROUTING",
  ]) {
    expect(one?.nat?.chains.get(chain)).toBeDefined();
    expect(one?.nat?.chains.get(chain)).toBe(two?.nat?.chains.get(chain));
  }
});

test("a Service that goes takes its chains along", () => {
  const world = twoServices();
  world.remove(aService("ns/svc"));
  world.remove(oneMore);
  world.settle();
  expect(world.chain("nat", SVC)).toBeUndefined();
  expect(world.lines().join()).not.toContain("ns/svc");
});

test("a proxy that does not run keeps its rules; started again it writes all of them", () => {
  const world = twoServices();
  setRunning(world.ctx, world.state, "node-1", false);
  const frozen = world.plane.ruleset("node/node-1");
  world.put(oneMore);
  world.settle();
  expect(world.plane.ruleset("node/node-1")).toBe(frozen);
  expect(world.chain("nat", sep("10.244.1.9"), "node-2")).toBeDefined();
  setRunning(world.ctx, world.state, "node-1", true);
  world.settle();
  expect(world.chain("nat", sep("10.244.1.9"))).toBeDefined();
});

test("stopped with a sync due: it does not come", () => {
  const world = twoServices();
  world.put(oneMore);
  setRunning(world.ctx, world.state, "node-1", false);
  world.settle();
  expect(world.chain("nat", sep("10.244.1.9"))).toBeUndefined();
});

test("a new zone label makes the node choose anew", () => {
  const world = twoServices();
  const hinted = (ip: string, zone: string) => ({
    addresses: [ip],
    hints: { forZones: [{ name: zone }] },
  });
  world.put(aSlice("ns/svc", [hinted("10.244.1.2", "a"), hinted("10.244.2.2", "b")]));
  world.settle();
  expect(world.chain("nat", sep("10.244.2.2"))).toBeDefined();
  world.put(aNode(1, { "topology.kubernetes.io/zone": "a" }));
  world.settle();
  expect(world.chain("nat", sep("10.244.2.2"))).toBeUndefined();
  expect(world.chain("nat", sep("10.244.2.2"), "node-2")).toBeDefined();
});

test("a fork goes its own way", () => {
  const world = twoServices();
  const fork = new ProxyWorld({}, world.state.fork());
  fork.nowUs = world.nowUs;
  fork.put(oneMore);
  expect(isPending(fork.state, "node-1")).toBe(true);
  expect(isPending(world.state, "node-1")).toBe(false);
  fork.addNode(aNode(3));
  expect(world.state.nodes.has("node-3")).toBe(false);
});

test("UDP: entries to an endpoint that is gone, or to nowhere, go; others stay", () => {
  const world = new ProxyWorld();
  world.addNode(aNode(1));
  const ports = [{ name: "dns", protocol: "UDP", port: 53, targetPort: 53 }] as const;
  const backends = { ports: [{ name: "dns", protocol: "UDP", port: 53 }] } as const;
  world.put(
    aService("ns/dns", { ports }),
    aSlice("ns/dns", ["10.244.1.2@node-1", "10.244.1.3@node-1"], backends),
  );
  world.settle();
  const { conntrack } = world.plane.mutableState("node/node-1");
  const track = (sport: number, endpoint: string, protocol: "udp" | "tcp" = "udp") => {
    const [client, service, server] = ["10.244.1.9", "10.96.0.20", endpoint].map(ipv4) as [
      number,
      number,
      number,
    ];
    return conntrack.insert({
      original: { protocol, src: client, sport, dst: service, dport: 53 },
      reply: { protocol, src: server, sport: 53, dst: client, dport: sport },
      seenReply: true,
      assured: false,
      dnat: true,
      snat: false,
      createdAtUs: 0,
      expiresAtUs: Number.MAX_SAFE_INTEGER,
    });
  };
  track(1, "10.244.1.2");
  track(2, "10.244.1.3");
  track(3, "10.96.0.20");
  track(4, "10.244.1.2", "tcp");
  world.put(aSlice("ns/dns", ["10.244.1.3@node-1"], backends));
  world.settle();
  expect([...conntrack.entries()].map((entry) => entry.original.sport)).toEqual([2, 4]);
});

test("100 nodes, 100 Services of 10 endpoints: chains are written once for all nodes", () => {
  const world = new ProxyWorld();
  for (let i = 0; i < 100; i++) {
    world.put(
      aService(`ns/svc-${i}`, { clusterIP: `10.96.1.${i}` }),
      aSlice(
        `ns/svc-${i}`,
        Array.from({ length: 10 }, (_, j) => `10.244.${i}.${j + 1}@node-${i}`),
      ),
    );
  }
  for (let i = 1; i <= 100; i++) world.addNode(aNode(i));
  world.settle();
  expect(world.lines("node-100", ["nat"]).length).toBeGreaterThan(3_000);
  const chainsOn = (node: number) => [
    ...(world.plane.ruleset(`node/node-${node}`).nat?.chains.values() ?? []),
  ];
  const written = new Set(Array.from({ length: 100 }, (_, i) => chainsOn(i + 1)).flat());
  expect(written.size).toBe(chainsOn(100).length);
});
