import { describe, expect, test } from "vitest";
import { formatRuleset } from "../dataplane/netfilter/print";
import { SECOND } from "../sim/time";
import { clusterOf, pod } from "../testing/cluster";
import type { CommandResult } from "./command";
import { Session } from "./session";
import type { World } from "./world";

const SHOP = `
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {clusterIP: 10.96.0.20, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}
${pod("web-1", "node-1", "app: web")}
${pod("web-2", "node-2", "app: web")}
${pod("client", "node-3", "app: client", "")}`;

function rulesOf(world: World, node: string): string {
  return formatRuleset(world.plane.ruleset(`node/${node}`));
}

function restore(world: World, text: string, stopProxy = false, node = "node-3"): CommandResult {
  return world.execute({ type: "restoreRules", node, text, ...(stopProxy && { stopProxy }) });
}

/** Who answers a client on node-3, with which chance. */
function answers(world: World, to: string): Readonly<Record<string, number>> {
  const paths = world.paths("pod/default/client", to);
  if (!paths.ok) throw new Error(paths.error);
  const chances: Record<string, number> = {};
  for (const { probability, journey } of paths.value) {
    const { outcome } = journey;
    const who = outcome?.server ?? outcome?.verdict.kind ?? "nobody";
    chances[who] = (chances[who] ?? 0) + probability;
  }
  return chances;
}

const IPS = { web1: "10.244.1.2", web2: "10.244.2.2" };

const SPLIT = (mode: string) => `*nat
:SPLIT - [0:0]
-A PREROUTING -d 203.0.113.77 -p tcp --dport 80 -j SPLIT
-A SPLIT ${mode} -j DNAT --to-destination ${IPS.web1}:8080
-A SPLIT -p tcp -j DNAT --to-destination ${IPS.web2}:8080
COMMIT
`;

const with3of4 = SPLIT("-p tcp -m statistic --mode random --probability 0.75");

describe("rules restored by hand", () => {
  test("decide where packets go, and what they do not name stays", () => {
    const world = clusterOf(SHOP);
    const before = rulesOf(world, "node-3");
    expect(restore(world, with3of4).ok).toBe(true);
    expect(answers(world, "203.0.113.77:80")).toEqual({
      "pod/default/web-1": 0.75,
      "pod/default/web-2": 0.25,
    });
    // Without kube-proxy's nat table nobody translates the Service's address.
    expect(answers(world, "10.96.0.20:80")).toEqual({ dropped: 1 });
    const tables = (text: string) => text.split("*").filter((one) => !one.startsWith("nat"));
    expect(tables(rulesOf(world, "node-3"))).toEqual(tables(before));
  });

  test("nth: every way is listed, each as often as it comes", () => {
    const world = clusterOf(SHOP);
    restore(world, SPLIT("-p tcp -m statistic --mode nth --every 4 --packet 0"));
    expect(answers(world, "203.0.113.77:80")).toEqual({
      "pod/default/web-1": 0.25,
      "pod/default/web-2": 0.75,
    });
    const servers = [0, 1, 2, 3, 4].map(() => {
      const sent = world.trace("pod/default/client", "203.0.113.77:80", { handshakeOnly: true });
      return sent.ok ? sent.value.outcome?.server : sent.error;
    });
    const [one, other] = ["pod/default/web-1", "pod/default/web-2"];
    expect(servers).toEqual([one, other, other, other, one]);
  });

  test("a node's own dump, restored, leaves everything as it was, the reasons too", () => {
    const world = clusterOf(SHOP);
    const dump = rulesOf(world, "node-3");
    const before = world.plane.ruleset("node/node-3");
    const expected = answers(world, "svc/default/web:80");
    expect(restore(world, dump).ok).toBe(true);
    expect(rulesOf(world, "node-3")).toBe(dump);
    expect(answers(world, "svc/default/web:80")).toEqual(expected);
    const chain = [...(before.nat?.chains.keys() ?? [])].find((name) =>
      name.startsWith("KUBE-SVC"),
    );
    const origins = (of: World) =>
      of.plane
        .ruleset("node/node-3")
        .nat?.chains.get(chain ?? "")
        ?.rules.map(({ origin }) => origin);
    expect(origins(world)).toEqual(
      before.nat?.chains.get(chain ?? "")?.rules.map(({ origin }) => origin),
    );
  });

  test("kube-proxy misses its canary and writes its own chains again; what is not its own stays", () => {
    const world = clusterOf(SHOP);
    restore(world, `${with3of4}*filter\n:FORWARD DROP [0:0]\n-A FORWARD -j ACCEPT\nCOMMIT\n`);
    expect(answers(world, "svc/default/web:80")).toEqual({ dropped: 1 });
    world.runUntil(world.nowUs + 31 * SECOND);
    expect(Object.keys(answers(world, "svc/default/web:80")).sort()).toEqual([
      "pod/default/web-1",
      "pod/default/web-2",
    ]);
    expect(answers(world, "203.0.113.77:80")["pod/default/web-1"]).toBe(0.75);
    const text = rulesOf(world, "node-3");
    expect(text).toContain(":FORWARD DROP");
    expect(text.match(/-A PREROUTING .*-j KUBE-SERVICES/g)).toHaveLength(1);
    expect(world.plane.ruleset("node/node-3").nat?.restoredAtUs).toBeDefined();
  });

  test("with its canary kept, kube-proxy notices nothing until it has something to sync", () => {
    const world = clusterOf(SHOP);
    const dump = rulesOf(world, "node-3");
    const changed = dump.replaceAll(`${IPS.web1}:8080`, `${IPS.web2}:8080`);
    restore(world, changed);
    world.runUntil(world.nowUs + 40 * SECOND);
    expect(answers(world, "svc/default/web:80")).toEqual({ "pod/default/web-2": 1 });
    world.execute({
      type: "patch",
      key: "Service/default/web",
      patch: { spec: { sessionAffinity: "ClientIP" } },
    });
    world.runUntil(world.nowUs + 5 * SECOND);
    expect(Object.keys(answers(world, "svc/default/web:80"))).toHaveLength(2);
  });

  test("with kube-proxy stopped in the same step they stay, and undo starts it again", () => {
    const session = new Session(clusterOf(SHOP));
    const before = rulesOf(session.world, "node-3");
    session.advance(SECOND);
    session.execute({ type: "restoreRules", node: "node-3", text: with3of4, stopProxy: true });
    session.advance(60 * SECOND);
    expect(session.world.isProxyHalted("node-3")).toBe(true);
    expect(answers(session.world, "svc/default/web:80")).toEqual({ dropped: 1 });
    session.execute({ type: "undo" });
    expect(session.world.isProxyHalted("node-3")).toBe(false);
    expect(rulesOf(session.world, "node-3")).toBe(before);
    session.execute({ type: "redo" });
    expect(answers(session.world, "203.0.113.77:80")["pod/default/web-1"]).toBe(0.75);
    session.seek(session.startUs);
    expect(rulesOf(session.world, "node-3")).toBe(before);
    session.seek(session.horizonUs);
    expect(answers(session.world, "203.0.113.77:80")["pod/default/web-1"]).toBe(0.75);
  });

  test("sets come with the rules that name them", () => {
    const world = clusterOf(SHOP);
    const text = `create friends hash:net family inet
add friends 10.244.9.0/24
*raw
-A PREROUTING -p tcp -m set ! --match-set friends src -d ${IPS.web1} -j DROP
COMMIT
`;
    restore(world, text);
    expect(answers(world, "pod/default/web-1:8080")).toEqual({ dropped: 1 });
    restore(world, text.replace("10.244.9.0/24", "10.244.3.0/24"));
    expect(answers(world, "pod/default/web-1:8080")).toEqual({ "pod/default/web-1": 1 });
    world.execute({ type: "undo" });
    expect(answers(world, "pod/default/web-1:8080")).toEqual({ dropped: 1 });
    world.execute({ type: "undo" });
    expect(answers(world, "pod/default/web-1:8080")).toEqual({ "pod/default/web-1": 1 });
  });

  test("one wrong line, and nothing changes", () => {
    const world = clusterOf(SHOP);
    const before = rulesOf(world, "node-3");
    const result = restore(world, `${with3of4}*filter\n-A FORWARD -m string --string x\nCOMMIT\n`);
    expect(result.ok ? undefined : result.refusals[0]?.status).toEqual({
      reason: "BadRequest",
      code: 400,
      message: "iptables-restore: line 8: match `string' is not modelled",
      causes: [{ field: "line 8", message: "match `string' is not modelled" }],
    });
    expect(rulesOf(world, "node-3")).toBe(before);
    expect(restore(world, with3of4, false, "nowhere").ok).toBe(false);
    expect(world.history.done).toEqual([]);
  });

  test("rules that jump to a Service's chain outlive the Service", () => {
    const world = clusterOf(SHOP);
    const dump = rulesOf(world, "node-3");
    const chain = /"default\/web cluster IP" .* -j (KUBE-SVC-\w+)/.exec(dump)?.[1];
    const own = `-A PREROUTING -d 203.0.113.9 -p tcp -j ${chain}\nCOMMIT`;
    restore(world, dump.replace(/(\*nat[\s\S]*)COMMIT/, `$1${own}`));
    expect(Object.keys(answers(world, "203.0.113.9:80"))).toHaveLength(2);
    world.execute({ type: "delete", key: "Service/default/web" });
    world.runUntil(world.nowUs + 40 * SECOND);
    expect(rulesOf(world, "node-3")).toContain(`:${chain} - [0:0]`);
    expect(answers(world, "203.0.113.9:80")).not.toHaveProperty("pod/default/web-1");
  });
});
