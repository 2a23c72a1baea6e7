import { expect, test } from "vitest";
import { SECOND } from "../sim/time";
import { clusterOf, pod } from "../testing/cluster";
import type { Journey } from "./connection";
import type { World } from "./world";

const cluster = () =>
  clusterOf(`
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}
${pod("web-1", "node-1", "app: web")}
${pod("web-2", "node-2", "app: web")}
${pod("web-3", "node-3", "app: web")}
${pod("client", "node-3", "app: client", "")}`);

/** χ² that only one honest sample in a thousand exceeds, by degrees of freedom. Source: any table of the distribution. */
const CHI_SQUARE_999: Readonly<Record<number, number>> = { 2: 13.816, 8: 26.124 };

function pathsOf(world: World, from: string, to: string) {
  const paths = world.paths(from, to);
  if (!paths.ok) throw new Error(paths.error);
  return paths.value;
}

test("three endpoints get a third each", () => {
  const paths = pathsOf(cluster(), "pod/default/client", "svc/default/web:80");
  expect(paths.map(({ journey }) => journey.outcome?.server).sort()).toEqual([
    "pod/default/web-1",
    "pod/default/web-2",
    "pod/default/web-3",
  ]);
  for (const { probability } of paths)
    expect(Math.abs(probability - 1 / 3)).toBeLessThanOrEqual(1e-9);
});

test("a load balancer over three nodes with three pods behind each: nine ways that make one", () => {
  const paths = pathsOf(cluster(), "host/user", "lb/default/web:80");
  expect(paths).toHaveLength(9);
  for (const { probability } of paths)
    expect(Math.abs(probability - 1 / 9)).toBeLessThanOrEqual(1e-9);
  const sum = paths.reduce((total, { probability }) => total + probability, 0);
  expect(Math.abs(sum - 1)).toBeLessThanOrEqual(1e-12);
});

/** Which target the load balancer chose, where there is one, and who answered. */
function way({ hops, outcome }: Journey): string {
  const connect = hops.find(({ kind }) => kind === "connect");
  return `${connect?.detail ?? ""} ${outcome?.server}`;
}

/** A client's source port may come round again: conntrack then remembers the former choice until the entry expires. */
const BATCH = 500;
const HALF_OPEN_US = 61 * SECOND;

test.each([
  ["pod/default/client", "svc/default/web:80", 5_000, 2],
  ["host/user", "lb/default/web:80", 4_000, 8],
])(
  "%s to %s: %i samples fall as their probabilities say",
  (from, to, samples, degrees) => {
    const world = cluster();
    const paths = pathsOf(world, from, to);
    const seen = new Map(paths.map(({ journey }) => [way(journey), 0]));
    expect(seen.size).toBe(degrees + 1);
    for (let sample = 0; sample < samples; sample++) {
      if (sample % BATCH === 0) world.runUntil(world.nowUs + HALF_OPEN_US);
      const sent = world.trace(from, to, { handshakeOnly: true });
      if (!sent.ok) throw new Error(sent.error);
      const key = way(sent.value);
      const count = seen.get(key);
      if (count === undefined) throw new Error(`no path says ${key}`);
      seen.set(key, count + 1);
    }
    let chiSquare = 0;
    for (const { journey, probability } of paths) {
      const expected = probability * samples;
      chiSquare += ((seen.get(way(journey)) ?? 0) - expected) ** 2 / expected;
    }
    expect(chiSquare).toBeLessThan(CHI_SQUARE_999[degrees] as number);
  },
  60_000,
);
