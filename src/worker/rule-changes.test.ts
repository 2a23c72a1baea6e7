import { describe, expect, test } from "vitest";
import { Session } from "../core/cluster/session";
import { SECOND } from "../core/sim/time";
import { clusterOf, manifestsOf, pod } from "../core/testing/cluster";
import { ruleChanges } from "./rule-changes";

const WEB = `${pod("web-1", "node-1", "app: web")}${pod("web-2", "node-2", "app: web")}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}`;

describe("changes of a node's rules", () => {
  test("one endpoint less: its chain goes, and the choice of its Service is written anew", () => {
    const session = new Session(clusterOf(WEB));
    const then = session.world.nowUs;
    session.execute({ type: "delete", key: "Pod/default/web-2" });
    session.advance(10 * SECOND);
    const changes = ruleChanges(session.worldAt(then), session.world, "node-1");
    expect(changes.map(({ chain, change }) => `${change} ${chain.slice(0, 8)}`)).toEqual([
      "removed KUBE-SEP",
      "removed KUBE-SEP",
      "removed KUBE-SVC",
      "removed KUBE-SVC",
      "added KUBE-SVC",
    ]);
    const causes = changes.flatMap((change) => change.causes.map(({ object }) => object));
    expect(causes).toContain("Service/default/web");
    expect(causes).toContain("Pod/default/web-2");
  });

  test("nothing has changed on a node whose kube-proxy is stopped", () => {
    const session = new Session(clusterOf(WEB));
    session.execute({ type: "setProxy", node: "node-3", running: false });
    const then = session.world.nowUs;
    const more =
      "{apiVersion: v1, kind: Service, metadata: {name: more}, spec: {ports: [{port: 1}]}}";
    session.execute({ type: "apply", manifests: manifestsOf(more) });
    session.advance(10 * SECOND);
    expect(ruleChanges(session.worldAt(then), session.world, "node-3")).toEqual([]);
    expect(ruleChanges(session.worldAt(then), session.world, "node-1")).toHaveLength(1);
  });
});
