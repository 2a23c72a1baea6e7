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
import { type Chain, type Match, type Rule, type RuleTarget, tableOf } from "./rules";

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

// Few addresses and ports, so that rules and packets meet.
const ip = fc.integer({ min: 0x0a600000, max: 0x0a600005 });
const port = fc.integer({ min: 80, max: 84 });
const protocol = fc.constantFrom("tcp", "udp", "sctp");
const negate = fc.constantFrom({}, {}, {}, { negate: true });

const match: fc.Arbitrary<Match> = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(ip, fc.constantFrom(32, 32, 30), negate).map(destination) },
  { weight: 4, arbitrary: fc.tuple(protocol, port, fc.constantFrom(0, 0, 2), negate).map(dport) },
  protocol.map((value): Match => ({ kind: "protocol", protocol: value })),
  ip.map((value): Match => ({ kind: "source", range: cidrOf(value, 32) })),
  fc.constant<Match>({ kind: "statistic-random", probability: 0.5 }),
  fc
    .constantFrom("set", "rcheck")
    .map((mode): Match => ({ kind: "recent", mode, list: "L", seconds: 10 })),
  fc.constant<Match>({ kind: "mark", value: 1, mask: 1 }),
);

function destination([value, prefix, negated]: [number, number, { negate?: boolean }]): Match {
  return { kind: "destination", range: cidrOf(value, prefix), ...negated };
}

function dport([value, from, width, negated]: [
  "tcp" | "udp" | "sctp",
  number,
  number,
  { negate?: boolean },
]): Match {
  return { kind: "dport", protocol: value, from, to: from + width, ...negated };
}

const target = (chains: readonly string[]): fc.Arbitrary<RuleTarget | undefined> =>
  fc.oneof(
    fc.constantFrom<RuleTarget | undefined>(
      undefined,
      { kind: "ACCEPT" },
      { kind: "DROP" },
      { kind: "RETURN" },
      { kind: "MARK", op: "xor", value: 1 },
      { kind: "DNAT", ip: 0x0af40105, port: 8080 },
    ),
    ...chains.map((chain) => fc.constant<RuleTarget>({ kind: "jump", chain })),
  );

const rules = (chains: readonly string[]): fc.Arbitrary<Rule[]> =>
  fc.array(
    fc
      .tuple(fc.array(match, { maxLength: 4 }), target(chains))
      .map(([matches, jump]): Rule => ({ matches, ...(jump && { target: jump }) })),
    { minLength: 4, maxLength: 30 },
  );

// Jumps go down only: the kernel refuses loops.
const table = fc.tuple(rules(["ONE", "TWO"]), rules(["TWO"]), rules([])).map(([first, one, two]) =>
  tableOf("nat", [
    { name: "PREROUTING", policy: "ACCEPT", rules: first },
    { name: "ONE", rules: one },
    { name: "TWO", rules: two },
  ]),
);

const packet: fc.Arbitrary<Packet> = fc
  .record({ protocol, src: ip, dst: ip, sport: port, dport: port })
  .map((tuple) => ({ ...tuple, ttl: 64, mark: 0, seq: 0, ack: 0, payloadBytes: 0 }));

test("the index finds what testing every rule in turn finds, and counts the same", () => {
  fc.assert(
    fc.property(table, fc.array(packet, { minLength: 1, maxLength: 12 }), (chains, packets) => {
      const run = (indexed: boolean) => {
        const plane = new Plane();
        const state = plane.mutableState(NETNS.id);
        const decide = seededDecider(1, "draws");
        const seen = packets.map((one, index) => {
          const walks: RuleWalk[] = [];
          const context = {
            netns: NETNS,
            state,
            nowUs: index * 3_000_000,
            decide,
          } as const;
          const verdict = evaluateTable(chains, "PREROUTING", one, context, walks, indexed);
          return { verdict, walks };
        });
        return { seen, counters: [...state.counters], recent: [...state.recent] };
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
    const paths = world.paths(from, to, naive);
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
