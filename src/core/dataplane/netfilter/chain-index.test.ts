import fc from "fast-check";
import { expect, test } from "vitest";
import { cidrOf } from "../../net/cidr";
import type { Packet } from "../../net/packet";
import { seededDecider } from "../../sim/decider";
import { clusterOf, pod } from "../../testing/cluster";
import { formatHop } from "../../trace/format";
import type { RuleWalk } from "../../trace/hop";
import { HOST_SYSCTLS, type Netns } from "../netns";
import { Plane } from "../plane";
import { evaluateTable } from "./evaluate";
import type { MatchContext } from "./match";
import { type Chain, type Rule, type RuleTarget, tableOf } from "./rules";
import { ARBITRARY, arbitraryRule } from "./testing/arbitrary-rules";
import { track, UNTRACKED } from "./tracking";

const NETNS: Netns = {
  id: "node/a",
  machine: "a",
  label: "a",
  interfaces: [],
  routes: [],
  listeners: [],
  sysctls: HOST_SYSCTLS,
  up: true,
};

const { ip, port } = ARBITRARY;
const protocol = fc.constantFrom("tcp", "udp", "sctp");

const rules = (chains: readonly string[]): fc.Arbitrary<Rule[]> =>
  fc.array(fc.oneof(arbitraryRule("nat", chains), portRule(chains)), {
    minLength: 4,
    maxLength: 30,
  });

/** What the index files rules by: most of kube-proxy's look so. */
function portRule(chains: readonly string[]): fc.Arbitrary<Rule> {
  const targets: (RuleTarget | undefined)[] = [
    undefined,
    { kind: "DROP" },
    { kind: "MARK", op: "xor", value: 1 },
    ...chains.map((chain): RuleTarget => ({ kind: "jump", chain })),
  ];
  return fc
    .record({ protocol, ip, prefix: fc.constantFrom(32, 32, 30), port, to: port })
    .chain((seen) =>
      fc.constantFrom(...targets).map((target): Rule => {
        const range = cidrOf(seen.ip, seen.prefix);
        const to = Math.max(seen.port, seen.to);
        return {
          matches: [
            { kind: "destination", range },
            { kind: "dport", protocol: seen.protocol, from: seen.port, to },
          ],
          ...(target && { target }),
        };
      }),
    );
}

// Jumps go down only: the kernel refuses loops.
const table = fc.tuple(rules(["ONE", "TWO"]), rules(["TWO"]), rules([])).map(([first, one, two]) =>
  tableOf("nat", [
    { name: "PREROUTING", policy: "ACCEPT", rules: first },
    { name: "ONE", rules: one },
    { name: "TWO", rules: two },
  ]),
);

const packet: fc.Arbitrary<Packet> = fc
  .record({
    protocol,
    src: ip,
    dst: ip,
    sport: port,
    dport: port,
    ttl: fc.constantFrom(1, 64),
    mark: fc.constantFrom(0, 1, 0x4000),
  })
  .map((headers) => ({
    ...headers,
    ...(headers.protocol === "tcp" && { flags: "S" as const }),
    seq: 0,
    ack: 0,
    payloadBytes: 0,
  }));

const bridge = fc.constantFrom(
  undefined,
  { portIn: "veth1" },
  { portIn: "veth1", portOut: "eth0" },
);
const tracking = fc.constantFrom(undefined, UNTRACKED, "new" as const);

test("the index finds what testing every rule in turn finds, and counts and remembers the same", () => {
  const packets = fc.array(fc.tuple(packet, bridge, tracking), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(table, packets, (chains, given) => {
      const run = (indexed: boolean) => {
        const plane = new Plane();
        const state = plane.mutableState(NETNS.id);
        const decide = seededDecider(1, "draws");
        const seen = given.map(([one, ports, tracked], index) => {
          const walks: RuleWalk[] = [];
          const nowUs = index * 3_000_000;
          const context: MatchContext = {
            netns: NETNS,
            state,
            nowUs,
            devIn: "eth0",
            devOut: undefined,
            bridge: ports,
            ct: tracked === "new" ? track(state.conntrack, one, nowUs) : tracked,
            decide,
          };
          const verdict = evaluateTable(chains, "PREROUTING", one, context, walks, indexed);
          return { verdict, walks };
        });
        const { counters, recent, buckets, nth } = state;
        return {
          seen,
          counters: [...counters],
          recent: [...recent],
          buckets: [...buckets],
          nth: [...nth],
        };
      };
      expect(run(true)).toEqual(run(false));
    }),
    { seed: 20_261_122, numRuns: 400 },
  );
});

test("a random draw in front of a port is drawn for every packet", () => {
  const draw: Rule = {
    matches: [
      { kind: "statistic-random", probability: 0.5 },
      { kind: "dport", protocol: "tcp", from: 81, to: 81 },
    ],
  };
  const chain: Chain = { name: "PREROUTING", policy: "ACCEPT", rules: Array(8).fill(draw) };
  let draws = 0;
  const context = {
    netns: NETNS,
    state: new Plane().mutableState(NETNS.id),
    nowUs: 0,
    decide: {
      chance: () => {
        draws++;
        return true;
      },
      choose: () => 0,
      turn: (_: number, isDue: boolean) => isDue,
      anyPort: (from: number) => from,
    },
  } as const;
  const one: Packet = {
    protocol: "tcp",
    src: 1,
    dst: 2,
    sport: 3,
    dport: 80,
    ttl: 64,
    mark: 0,
    seq: 0,
    ack: 0,
    payloadBytes: 0,
  };
  evaluateTable(tableOf("nat", [chain]), "PREROUTING", one, context, []);
  expect(draws).toBe(8);
});

const shop = () =>
  clusterOf(`
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080, nodePort: 30080}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: local}, spec: {type: NodePort, externalTrafficPolicy: Local, selector: {app: web}, ports: [{port: 81, targetPort: 8080, nodePort: 30081}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: sticky}, spec: {sessionAffinity: ClientIP, selector: {app: web}, ports: [{port: 82, targetPort: 8080}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: empty}, spec: {selector: {app: none}, ports: [{port: 83}]}}
${pod("web-1", "node-1", "app: web")}
${pod("web-2", "node-2", "app: web")}
${pod("client", "node-3", "app: client", "")}`);

test.each([
  ["host/user", "lb/default/web:80"],
  ["host/user", "10.0.1.13:30080"],
  ["host/user", "10.0.1.11:30081"],
  ["host/user", "10.0.1.13:30081"],
  ["pod/default/client", "svc/default/web:80"],
  ["pod/default/client", "svc/default/sticky:82"],
  ["pod/default/client", "svc/default/empty:83"],
  ["pod/default/web-1", "svc/default/web:80"],
  ["node/node-2", "svc/default/local:81"],
  ["pod/default/client", "198.51.100.20:80"],
])("%s to %s: the same ways, hop text for hop text", (from, to) => {
  const world = shop();
  const ways = (naive: boolean) => {
    const paths = world.paths(from, to, { naive });
    if (!paths.ok) throw new Error(paths.error);
    return paths.value.map(({ probability, journey }) => ({
      probability,
      outcome: journey.outcome,
      hops: journey.hops.map((hop) => ({ text: formatHop(hop), walks: hop.walks })),
    }));
  };
  const indexed = ways(false);
  expect(indexed.length).toBeGreaterThan(0);
  expect(indexed).toEqual(ways(true));
});
