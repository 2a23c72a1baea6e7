import fc from "fast-check";
import { expect, test } from "vitest";
import {
  bootRandom,
  nodeName,
  type RandomCluster,
  randomCluster,
} from "../../testing/random-cluster";
import { commandOf, randomSteps } from "../../testing/random-commands";
import type { Journey } from "../connection";
import type { World } from "../world";
import { whyNotSent } from "./not-sent";
import { WHY_CODES, type WhyNot } from "./why";
import { whyNot } from "./why-not";

const SEED = 20_261_122;

function ends(cluster: RandomCluster, world: World): { sources: string[]; targets: string[] } {
  const pods = [...world.store.list("Pod")].map(
    ({ metadata }) => `pod/${metadata.namespace}/${metadata.name}`,
  );
  const services = cluster.services.flatMap(({ namespace, name, ports }) =>
    ports.slice(0, 1).flatMap(({ port }) => {
      const at = `${namespace}/${name}:${port}`;
      const found = world.store.find("Service", namespace, name)?.spec.clusterIP;
      return [
        `svc/${at}`,
        `lb/${at}`,
        `nodeport/${nodeName(0)}/${at}`,
        `${name}:${port}`,
        ...(found === undefined || found === "None" ? [] : [`${found}:9`, `${found}/icmp`]),
      ];
    }),
  );
  return {
    sources: ["host/user", "host/vm", "node/node-1", ...pods.slice(0, 2)],
    targets: [...services, ...pods.slice(0, 2).map((pod) => `${pod}:9`), "10.0.1.11:30999"],
  };
}

function expectGood(world: World, why: WhyNot, journey: Journey | undefined, said: string): void {
  expect(WHY_CODES, said).toContain(why.code);
  const text = JSON.stringify(why);
  expect(text, said).not.toMatch(/undefined|\[object|NaN|: \.| {2}/);
  for (const key of why.objects)
    expect(world.store.findByKey(key), `${said}: ${key}`).toBeDefined();
  for (const { title } of why.fix) expect(title, said).not.toBe("");
  if (journey) expect(why.place, said).toBe(journey.outcome?.verdict.place);
}

test("whatever is broken, a request that fails says why, of objects that are there", () => {
  const run = (cluster: RandomCluster, steps: Parameters<typeof commandOf>[2][]) => {
    const world = bootRandom(cluster, ["coredns"]);
    for (const step of steps) {
      world.runUntil(world.nowUs + step.afterUs);
      const command = commandOf(cluster, world, step);
      if (command) world.execute(command);
    }
    const { sources, targets } = ends(cluster, world);
    for (const from of sources)
      for (const to of targets) {
        const said = `${from} → ${to}`;
        const sent = world.fork().trace(from, to, { handshakeOnly: true });
        if (!sent.ok) {
          const why = whyNotSent(world, from, to);
          if (why) expectGood(world, why, undefined, said);
          continue;
        }
        const why = whyNot(world, sent.value);
        if (sent.value.outcome?.verdict.kind === "delivered") expect(why).toBeUndefined();
        else if (!why) throw new Error(`${said}: nothing is said`);
        else expectGood(world, why, sent.value, said);
      }
  };
  fc.assert(
    fc.property(randomCluster, randomSteps, (cluster, steps) => run(cluster, [...steps])),
    { seed: SEED, numRuns: 30 },
  );
});
