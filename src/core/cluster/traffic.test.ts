import { describe, expect, test } from "vitest";
import type { MilestoneKind } from "../controllers/context";
import { MS, SECOND } from "../sim/time";
import { clusterOf, manifestsOf } from "../testing/cluster";
import { Session } from "./session";
import { Traffic, type TrafficDue } from "./traffic";
import type { OutcomeCount, Tally } from "./traffic-tally";
import type { World } from "./world";

const WEB = `
{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 3, selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: [{name: main, image: example/web, ports: [{containerPort: 8080}]}]}}}}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: client}, spec: {nodeName: node-1, containers: [{name: main, image: example/client}]}}`;

const CLIENT = "pod/default/client";
const SERVICE = "svc/default/web:80";

function webPods(world: World): readonly string[] {
  return [...world.store.list("Pod")]
    .filter((pod) => pod.metadata.labels?.app === "web")
    .map((pod) => pod.metadata.name);
}

function count(outcomes: readonly OutcomeCount[], verdict: OutcomeCount["verdict"]): number {
  const alike = outcomes.filter((outcome) => outcome.verdict === verdict);
  return alike.reduce((sum, outcome) => sum + outcome.count, 0);
}

/** When requests that failed were sent: first and last slice of time. */
function failures({ buckets }: Tally): readonly number[] {
  return buckets
    .filter(({ outcomes }) => count(outcomes, "refused") + count(outcomes, "dropped") > 0)
    .map(({ atUs }) => atUs);
}

/** When each node's rules followed the first change of an EndpointSlice. */
function lastRulesOfEachNode({ marks }: Tally): readonly number[] {
  const changed = marks.findIndex(({ kind }) => kind === "sliceChanged");
  const first = new Map<string, number>();
  for (const { kind, object, atUs } of marks.slice(changed))
    if (kind === "rulesChanged" && !first.has(object)) first.set(object, atUs);
  return [...first.values()];
}

describe("a burst", () => {
  const burst = {
    type: "burst",
    from: CLIENT,
    to: SERVICE,
    count: 100,
    intervalUs: 10 * MS,
  } as const;

  test("sends a hundred requests in a second, and every pod answers its share", () => {
    const session = new Session(clusterOf(WEB));
    expect(session.execute(burst).ok).toBe(true);
    session.advance(2 * SECOND);
    const { loads, tally } = session.world.traffic;
    expect(loads).toEqual([]);
    expect({ sent: tally.sent, ended: tally.ended }).toEqual({ sent: 100, ended: 100 });
    expect(count(tally.outcomes, "delivered")).toBe(100);
    expect(tally.outcomes.map(({ server }) => server).sort()).toEqual(
      webPods(session.world)
        .map((name) => `pod/default/${name}`)
        .sort(),
    );
    for (const { server, node } of tally.outcomes) {
      const name = server?.split("/")[2] ?? "";
      expect(node).toBe(session.world.store.find("Pod", "default", name)?.spec.nodeName);
    }
    expect(tally.outcomes.map((outcome) => outcome.count).sort()).toEqual([31, 33, 36]);
    expect(tally.buckets.reduce((sum, { firstPackets }) => sum + firstPackets, 0)).toBe(100);
    for (const { rulesTested, firstPackets } of tally.buckets)
      expect(rulesTested / firstPackets).toBeGreaterThan(5);
  });

  test("leaves no journeys behind, and none of its requests is followed", () => {
    const session = new Session(clusterOf(WEB));
    session.execute(burst);
    session.advance(500 * MS);
    session.execute({ type: "send", from: CLIENT, to: SERVICE });
    session.advance(2 * SECOND);
    expect(session.world.traffic.recent).toHaveLength(12);
    expect(session.world.traffic.recent.at(-1)?.places[0]).toBe(CLIENT);
    expect(session.journeys()).toHaveLength(1);
    expect(session.world.journeys()).toHaveLength(1);
    expect(session.world.traffic.tally.ended).toBe(100);
  });

  test("is the same after going back, and ends where it was cut off by an edit in the past", () => {
    const session = new Session(clusterOf(WEB));
    session.execute(burst);
    session.advance(3 * SECOND);
    const end = session.world.nowUs;
    const seen = JSON.stringify(session.world.traffic);
    session.seek(session.startUs + 400 * MS);
    expect(session.world.traffic.tally.sent).toBe(41);
    session.seek(end);
    expect(JSON.stringify(session.world.traffic)).toBe(seen);
    session.seek(session.startUs);
    expect(session.world.traffic.tally.sent).toBe(1);
  });

  test("to nowhere is refused at once, and so is one of no requests", () => {
    const session = new Session(clusterOf(WEB));
    expect(session.execute({ ...burst, to: "svc/default/nobody:80" }).ok).toBe(false);
    expect(session.execute({ ...burst, count: 0 }).ok).toBe(false);
    expect(session.execute({ type: "stopTraffic" }).ok).toBe(false);
    expect(session.log).toEqual([]);
  });
});

describe("a steady load", () => {
  const start = { type: "startTraffic", from: CLIENT, to: SERVICE, perSecond: 50 } as const;

  test("runs until it is stopped, and does not keep the cluster from coming to rest", () => {
    const session = new Session(clusterOf(WEB));
    session.execute(start);
    session.advance(4 * SECOND);
    expect(session.world.traffic.tally.sent).toBe(201);
    expect(session.world.fork().settle()).toBe(true);
    session.execute({ type: "stopTraffic" });
    session.advance(SECOND);
    expect(session.world.traffic).toMatchObject({ loads: [], tally: { sent: 201, ended: 201 } });
  });

  test("ends by itself after six thousand requests", () => {
    const traffic = new Traffic();
    const due: TrafficDue[] = [];
    const schedule = (_delayUs: number, event: TrafficDue) => due.push(event);
    traffic.execute(start, 0, schedule);
    for (let event = due.pop(); event; event = due.pop()) traffic.take(event, schedule);
    expect(traffic.state).toMatchObject({ loads: [], tally: { sent: 6_000 } });
  });

  test("another rate takes its place; counts start anew once nothing ran", () => {
    const session = new Session(clusterOf(WEB));
    session.execute(start);
    session.advance(SECOND);
    session.execute({ ...start, perSecond: 10 });
    session.advance(SECOND);
    session.execute({ type: "stopTraffic" });
    session.advance(SECOND);
    session.execute({ ...start, perSecond: 5 });
    session.advance(SECOND);
    expect(session.world.traffic.loads).toMatchObject([{ perSecond: 5 }]);
    expect(session.world.traffic.tally.sent).toBe(6);
  });

  test("a pod that is deleted refuses from its exit until each node's rules follow, then its address is nobody's", () => {
    const session = new Session(clusterOf(WEB));
    session.execute({ ...start, perSecond: 100 });
    session.advance(SECOND);
    const [name] = webPods(session.world);
    const deletedAtUs = session.world.nowUs;
    session.execute({ type: "delete", key: `Pod/default/${name}` });
    session.advance(2 * SECOND);
    const { tally } = session.world.traffic;
    const at = (kind: MilestoneKind) => tally.marks.find((mark) => mark.kind === kind)?.atUs ?? 0;
    const way = [
      at("deleted"),
      at("signalled"),
      at("exited"),
      at("sliceChanged"),
      at("rulesChanged"),
    ];
    expect(way[0]).toBe(deletedAtUs);
    expect(way).toEqual([...way].sort((a, b) => a - b));
    expect(at("exited") - deletedAtUs).toBeLessThan(60 * MS);
    expect(at("rulesChanged") - at("sliceChanged")).toBeGreaterThanOrEqual(50 * MS);
    const reasons = tally.outcomes.flatMap(({ reason }) => reason ?? []);
    expect(reasons).toContain("NoSocket");
    const gapUs = Math.max(...lastRulesOfEachNode(tally)) - at("exited");
    const refused = count(tally.outcomes, "refused");
    expect(refused).toBeGreaterThan(1);
    expect(refused).toBeLessThan((gapUs / SECOND) * 100);
    expect(count(tally.outcomes, "delivered")).toBe(tally.ended - refused);
  });

  test("a preStop hook that sleeps longer than the rules take: nobody is refused", () => {
    const lifecycle = "lifecycle: {preStop: {sleep: {seconds: 1}}}";
    const session = new Session(clusterOf(WEB.replace("ports: [{c", `${lifecycle}, ports: [{c`)));
    session.execute({ ...start, perSecond: 100 });
    session.advance(SECOND);
    session.execute({ type: "delete", key: `Pod/default/${webPods(session.world)[0]}` });
    session.advance(2 * SECOND);
    const { tally } = session.world.traffic;
    expect(count(tally.outcomes, "delivered")).toBe(tally.ended);
    expect(tally.marks.map(({ kind }) => kind)).toContain("unplugged");
  });

  test("a container that dies refuses until its kubelet has seen it and the rules follow, and again until it is back", () => {
    const session = new Session(clusterOf(WEB));
    session.execute({ ...start, perSecond: 100 });
    session.advance(SECOND);
    const killedAtUs = session.world.nowUs;
    session.execute({
      type: "killContainer",
      namespace: "default",
      pod: `${webPods(session.world)[0]}`,
    });
    session.advance(10 * SECOND);
    const { tally } = session.world.traffic;
    expect(tally.marks.map(({ kind }) => kind).slice(0, 3)).toEqual([
      "exited",
      "notReady",
      "sliceChanged",
    ]);
    expect(tally.failed.length).toBe(count(tally.outcomes, "refused"));
    expect(tally.failed.length).toBeGreaterThan(5);
    for (const { atUs, reason } of tally.failed) {
      expect(reason).toBe("NoSocket");
      expect(atUs).toBeGreaterThanOrEqual(killedAtUs);
      expect(atUs).toBeLessThan(Math.max(...lastRulesOfEachNode(tally)));
    }
  });

  test("two pods soon after each other: kube-proxy waits a second between two syncs, so that the second one's address is dialled after it is gone", () => {
    const session = new Session(clusterOf(WEB));
    session.execute({ ...start, perSecond: 50 });
    session.advance(SECOND);
    const [one, other] = webPods(session.world);
    session.execute({ type: "delete", key: `Pod/default/${one}` });
    session.advance(300 * MS);
    const deletedAtUs = session.world.nowUs;
    session.execute({ type: "delete", key: `Pod/default/${other}` });
    session.advance(8 * SECOND);
    const { tally } = session.world.traffic;
    const reasons = new Set(tally.outcomes.flatMap(({ reason }) => reason ?? []));
    expect([...reasons].sort()).toEqual(["NeighFailed", "NoSocket"]);
    expect(failures(tally)[0]).toBeGreaterThan(deletedAtUs - 550 * MS);
    expect(failures(tally).at(-1)).toBeLessThan(deletedAtUs + 1_200 * MS);
    expect(tally.buckets.at(-1)?.atUs).toBeGreaterThan(deletedAtUs + 7 * SECOND);
  });

  test("scaled to nothing and back: refused while nobody is there", () => {
    const session = new Session(clusterOf(WEB));
    session.execute(start);
    session.advance(2 * SECOND);
    const scaleTo = (replicas: number) =>
      session.execute({
        type: "apply",
        manifests: manifestsOf(WEB.replace("replicas: 3", `replicas: ${replicas}`)),
      });
    expect(scaleTo(0).ok).toBe(true);
    session.advance(10 * SECOND);
    const reasons = session.world.traffic.tally.outcomes.map(({ reason }) => reason);
    expect(reasons).toContain("NetfilterReject");
    scaleTo(3);
    session.advance(20 * SECOND);
    const { tally } = session.world.traffic;
    const [last] = tally.buckets.slice(-1);
    expect(count(last?.outcomes ?? [], "refused")).toBe(0);
    expect(count(last?.outcomes ?? [], "delivered")).toBeGreaterThan(0);
  });

  test("a destination that goes away is an error in its own words, and comes back", () => {
    const session = new Session(clusterOf(WEB));
    const [name] = webPods(session.world);
    session.execute({ ...start, to: `pod/default/${name}:8080`, perSecond: 10 });
    session.advance(SECOND);
    session.execute({ type: "delete", key: `Pod/default/${name}` });
    session.advance(40 * SECOND);
    const errors = session.world.traffic.tally.outcomes.filter(
      ({ verdict }) => verdict === "error",
    );
    expect(errors.map(({ words }) => words)).toContain(`pods "${name}" not found`);
    expect(session.world.traffic.loads).toHaveLength(1);
  });
});
