// Pings, sockets that programs open, entries that somebody deletes, rules that are changed one by one.
import { expect, test } from "vitest";
import { formatRuleset } from "../dataplane/netfilter/print";
import { clusterOf, pod } from "../testing/cluster";

const PODS = `${pod("client", "node-1", "app: client", "")}${pod("far", "node-2", "app: far")}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.0.20, selector: {app: far}, ports: [{port: 80, targetPort: 8080}]}}`;

function sent(world: ReturnType<typeof clusterOf>, from: string, to: string) {
  const result = world.trace(from, to);
  if (!result.ok) throw new Error(result.error);
  return result.value;
}

test("a pod answers a ping, with what two machines have taken off its time to live; a cluster IP does not", () => {
  const world = clusterOf(PODS);
  const ip = world.store.find("Pod", "default", "far")?.status.podIP ?? "";
  const { outcome, hops } = sent(world, "pod/default/client", `${ip}/icmp`);
  expect(outcome?.verdict.kind).toBe("delivered");
  expect(outcome?.server).toBe("pod/default/far");
  const reply = hops.at(-1)?.after;
  expect([reply?.echo, reply?.ttl]).toEqual(["reply", 62]);
  expect(sent(world, "pod/default/client", "10.96.0.20/icmp").outcome?.verdict.kind).toBe(
    "dropped",
  );
});

test("a rule may drop pings alone", () => {
  const world = clusterOf(PODS);
  const ip = world.store.find("Pod", "default", "far")?.status.podIP ?? "";
  const text = "*filter\n-A FORWARD -p icmp --icmp-type echo-request -j DROP\nCOMMIT\n";
  expect(world.execute({ type: "restoreRules", node: "node-2", text }).ok).toBe(true);
  expect(sent(world, "pod/default/client", `${ip}/icmp`).outcome?.verdict.kind).toBe("dropped");
  expect(sent(world, "pod/default/client", `${ip}:8080`).outcome?.verdict.kind).toBe("delivered");
});

test("a socket that a program opened answers until it is closed, and is opened once", () => {
  const world = clusterOf(PODS);
  const listener = { protocol: "tcp", port: 8_000, owner: "node/node-1", program: "http" } as const;
  const listen = (open: boolean) =>
    world.execute({ type: "listen", netns: "node/node-1", listener, open }).ok;
  const reached = () => sent(world, "node/node-2", "10.0.1.11:8000").outcome?.verdict.kind;
  expect(reached()).toBe("refused");
  expect([listen(true), listen(true), reached()]).toEqual([true, false, "delivered"]);
  expect([listen(false), reached()]).toEqual([true, "refused"]);
});

test("conntrack -D takes out the entries that are named, and says so", () => {
  const world = clusterOf(PODS);
  sent(world, "node/node-1", "10.0.1.12:10250");
  sent(world, "node/node-1", "10.0.1.12:10256");
  const table = () => world.plane.state("node/node-1")?.conntrack;
  const [first, second] = [...(table()?.entries() ?? [])];
  world.execute({ type: "deleteConntrack", netns: "node/node-1", entries: [first?.id ?? 0] });
  expect([...(table()?.entries() ?? [])]).toEqual([second]);
  expect(table()?.deletions.at(-1)?.why).toBe("conntrack -D");
});

test("a rule that is added leaves the counters of the others", () => {
  const world = clusterOf(PODS);
  sent(world, "node/node-1", "10.96.0.20:80");
  const counted = () => {
    const counters = world.plane.state("node/node-1")?.counters;
    return formatRuleset(world.plane.ruleset("node/node-1"), counters && { counters });
  };
  const before = counted();
  expect(before).toMatch(/\[1:\d+\] -A KUBE-SERVICES/);
  const plain = formatRuleset(world.plane.ruleset("node/node-1"));
  const text = plain.replace(/(\*nat\n[\s\S]*?)COMMIT/, "$1-A OUTPUT -j ACCEPT\nCOMMIT");
  const restore = (keepsCounters: boolean) =>
    world.execute({ type: "restoreRules", node: "node-1", text, keepsCounters });
  restore(true);
  expect(counted().replace("[0:0] -A OUTPUT -j ACCEPT\n", "")).toBe(before);
  restore(false);
  expect(counted()).not.toMatch(/\[1:\d+\] -A KUBE-SERVICES/);
});
