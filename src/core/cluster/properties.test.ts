import fc from "fast-check";
import { expect, test } from "vitest";
import { formatEndpoint } from "../net/packet";
import { invert, tupleKey, tupleOf } from "../net/tuple";
import { type Answers, toClusterIp, toLoadBalancer, toNodePort } from "../testing/expected-answers";
import {
  bootRandom,
  nodeName,
  podsOf,
  type RandomCluster,
  randomCluster,
} from "../testing/random-cluster";
import type { Journey } from "./connection";
import type { World } from "./world";

const SEED = 20_261_122;
const TIMEOUT_MS = 60_000;

interface ExpectedFlow {
  readonly from: string;
  readonly to: string;
  readonly answers: Answers;
}

/** Every source of a kind with every Service, nodePort and load balancer. */
function flowsOf(cluster: RandomCluster, world: World): readonly ExpectedFlow[] {
  const nodes = Array.from({ length: cluster.nodes }, (_, index) => nodeName(index));
  const pods = cluster.apps.flatMap((app) => podsOf(world, app));
  const inside = [
    ...nodes.slice(0, 2).map((node) => ({ from: `node/${node}`, node })),
    ...pods.slice(0, 3).map(({ metadata, spec }) => ({
      from: `pod/${metadata.namespace}/${metadata.name}`,
      node: spec.nodeName ?? "",
    })),
  ];
  return cluster.services.flatMap((service) =>
    service.ports.flatMap((port) => {
      const name = `${service.namespace}/${service.name}:${port.port}`;
      return [
        ...inside.map(({ from, node }) => ({
          from,
          to: `svc/${name}`,
          answers: toClusterIp(cluster, world, service, port, node),
        })),
        ...(service.type === "ClusterIP"
          ? []
          : nodes.flatMap((node) =>
              [{ from: "host/vm", node: "" }, ...inside].map((source) => ({
                from: source.from,
                to: `nodeport/${node}/${name}`,
                answers: toNodePort(cluster, world, service, port, node, source.node === node),
              })),
            )),
        ...(service.type === "LoadBalancer"
          ? [
              {
                from: "host/user",
                to: `lb/${name}`,
                answers: toLoadBalancer(cluster, world, service, port),
              },
            ]
          : []),
      ];
    }),
  );
}

function answersOf(world: World, from: string, to: string): Answers {
  const paths = world.paths(from, to);
  if (!paths.ok) throw new Error(`${from} > ${to}: ${paths.error}`);
  const answers = new Map<string, number>();
  for (const { probability, journey } of paths.value) {
    const { outcome } = journey;
    const who =
      outcome?.server && outcome.serverLocal
        ? `${outcome.server} ${formatEndpoint(outcome.serverLocal.ip, outcome.serverLocal.port)}`
        : (outcome?.verdict.kind ?? "unanswered");
    answers.set(who, (answers.get(who) ?? 0) + probability);
  }
  return answers;
}

/** Rules round probabilities. */
const ROUNDING = 1e-6;

function differences(expected: Answers, actual: Answers): readonly string[] {
  return [...new Set([...expected.keys(), ...actual.keys()])].flatMap((who) => {
    const [wanted, found] = [expected.get(who) ?? 0, actual.get(who) ?? 0];
    return Math.abs(wanted - found) > ROUNDING ? [`${who}: ${wanted} expected, ${found}`] : [];
  });
}

test(
  "who answers, and how often, is what selectors, readiness and policies call for",
  () => {
    fc.assert(
      fc.property(randomCluster, (cluster) => {
        const world = bootRandom(cluster);
        for (const { from, to, answers } of flowsOf(cluster, world)) {
          const actual = answersOf(world, from, to);
          const sum = [...actual.values()].reduce((total, share) => total + share, 0);
          expect(Math.abs(sum - 1)).toBeLessThan(1e-9);
          expect(differences(answers, actual), `${from} > ${to}`).toEqual([]);
        }
      }),
      { seed: SEED, numRuns: 120 },
    );
  },
  TIMEOUT_MS,
);

/** The addresses under which the client sends, and under which it is answered. */
function clientTuples(
  { hops, connection }: Journey,
  kind: "send" | "delivered",
): readonly string[] {
  const direction = kind === "send" ? "original" : "reply";
  const tuples = hops
    .filter((hop) => hop.connection === connection && hop.kind === kind)
    .filter((hop) => hop.direction === direction)
    .map(({ after }) => tupleOf(after))
    .map((tuple) => tupleKey(kind === "send" ? tuple : invert(tuple)));
  return [...new Set(tuples)];
}

test(
  "no reply goes astray: the client hears from whom it called, and the connection is closed by both",
  () => {
    fc.assert(
      fc.property(randomCluster, (cluster) => {
        const world = bootRandom(cluster);
        for (const { from, to } of flowsOf(cluster, world)) {
          const sent = world.trace(from, to);
          if (!sent.ok) throw new Error(sent.error);
          const { outcome, hops } = sent.value;
          if (outcome?.verdict.kind !== "delivered") continue;
          const called = clientTuples(sent.value, "send");
          expect(called).toHaveLength(1);
          expect(clientTuples(sent.value, "delivered"), `${from} > ${to}`).toEqual(called);
          const last = hops.at(-1);
          expect(`${last?.kind} ${last?.role}`).toMatch(/^(delivered|accept) ACK$/);
          expect(hops.filter(({ verdict }) => verdict).map(({ verdict }) => verdict)).toEqual([]);
        }
      }),
      { seed: SEED, numRuns: 40 },
    );
  },
  TIMEOUT_MS,
);
