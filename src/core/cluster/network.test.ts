import { expect, test } from "vitest";
import { ipv4 } from "../net/ipv4";
import { seededDecider } from "../sim/decider";
import { clusterOf, pod } from "../testing/cluster";
import type { Journey } from "./connection";
import { Network } from "./network";
import type { NetworkEnvironment, NetworkEvent } from "./network-environment";

const world = clusterOf(pod("client", "node-1", "app: client", ""));

function environment(due: NetworkEvent[]): NetworkEnvironment {
  const never = () => {
    throw new Error("nobody is asked");
  };
  return {
    nowUs: world.nowUs,
    plane: world.plane.fork(),
    fabric: world.fabric,
    proxyTargets: never,
    answerHttp: never,
    onwardFor: never,
    answerTrouble: never,
    readsProxyLine: never,
    answerDns: never,
    schedule: (_, event) => due.push(event),
    decider: (name) => seededDecider(1, name),
  };
}

/** A journey whose first packet is about to be sent, and the way to move it on. */
function sent(): { network: Network; id: number; step: (network: Network) => void } {
  const network = new Network();
  const due: NetworkEvent[] = [];
  const env = environment(due);
  const to = { ip: ipv4("10.0.9.20"), port: 80, protocol: "tcp" } as const;
  const id = network.send("pod/default/client", to, { from: "", to: "" }, {}, env);
  const step = (moved: Network) => moved.handle(due[0] as NetworkEvent, env);
  return { network, id, step };
}

const shown = ({ hops, frames, inFlight }: Journey) => [hops.length, frames.length, inFlight];

test("a journey that somebody holds stays as it was", () => {
  const { network, id, step } = sent();
  const before = network.journey(id);
  step(network);
  expect(shown(before)).toEqual([0, 0, 1]);
  expect(network.journey(id).hops.length).toBeGreaterThan(0);
});

test("a snapshot's journey does not go on with the original, nor the other way round", () => {
  const { network, id, step } = sent();
  const [snapshot, another] = [network.fork(), network.fork()];
  step(network);
  expect(shown(snapshot.journey(id))).toEqual([0, 0, 1]);
  step(snapshot);
  expect(shown(another.journey(id))).toEqual([0, 0, 1]);
  expect(snapshot.journey(id)).toEqual(network.journey(id));
});

test("a journey that nobody has seen goes on to the same", () => {
  const [seen, unseen] = [sent(), sent()];
  seen.network.journey(seen.id);
  for (const { network, step } of [seen, unseen]) step(network);
  expect(unseen.network.journey(unseen.id)).toEqual(seen.network.journey(seen.id));
});
