import { describe, expect, test } from "vitest";
import { SECOND } from "../sim/time";
import { clusterOf, manifestsOf, pod } from "../testing/cluster";
import { formatHop } from "../trace/format";
import { type ComparedSide, compareRuns } from "./compare";
import { Session } from "./session";

const service = (policy: string) =>
  `{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, externalTrafficPolicy: ${policy}, selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}`;

const cluster = () =>
  new Session(
    clusterOf(`${service("Cluster")}
${pod("web-1", "node-1", "app: web")}
${pod("web-2", "node-2", "app: web")}`),
  );

const REQUEST = { from: "host/user", to: "lb/default/web:80" };
const LOCAL = { type: "apply", manifests: manifestsOf(service("Local")) } as const;

function textOf({ sent }: ComparedSide): string {
  if (!sent.ok) throw new Error(sent.error);
  return sent.value.hops.map(formatHop).join("\n");
}

function waysOf({ paths }: ComparedSide): number {
  if (!paths.ok) throw new Error(paths.error);
  return paths.value.length;
}

describe("externalTrafficPolicy Cluster and Local", () => {
  test("after a minute: six ways or two, masquerading or the client's own address", () => {
    const { world } = cluster();
    const compared = compareRuns(world, REQUEST, LOCAL, { afterUs: 60 * SECOND, maxPaths: 100 });
    if (!compared.ok) throw new Error("refused");
    const { without, changed } = compared;
    expect(waysOf(without)).toBe(6);
    expect(waysOf(changed)).toBe(2);
    expect(textOf(without)).toContain("MASQUERADE");
    expect(textOf(changed)).not.toContain("MASQUERADE");
    expect(without.nowUs).toBe(world.nowUs + 60 * SECOND);
  });

  test("at once nothing is different yet: the rules have not heard of it", () => {
    const { world } = cluster();
    const compared = compareRuns(world, REQUEST, LOCAL, { afterUs: 0, maxPaths: 100 });
    if (!compared.ok) throw new Error("refused");
    expect(textOf(compared.changed)).toBe(textOf(compared.without));
  });
});

test("the run itself is left as it is", () => {
  const session = cluster();
  const before = session.world.store.find("Service", "default", "web");
  const { nowUs } = session.world;
  compareRuns(session.world, REQUEST, LOCAL, { afterUs: 60 * SECOND, maxPaths: 100 });
  expect(session.world.nowUs).toBe(nowUs);
  expect(session.world.store.find("Service", "default", "web")).toBe(before);
  expect(session.log).toEqual([]);
  expect(session.world.journeys()).toEqual([]);
});

test("an edit is refused in the API server's words; a request that cannot be sent any more says why", () => {
  const { world } = cluster();
  const options = { afterUs: 5 * SECOND, maxPaths: 100 };
  const refused = compareRuns(
    world,
    REQUEST,
    { type: "delete", key: "Pod/default/nobody" },
    options,
  );
  expect(refused).toMatchObject({
    ok: false,
    refusals: [{ status: { message: 'pods "nobody" not found' } }],
  });
  const gone = compareRuns(world, REQUEST, { type: "delete", key: "Service/default/web" }, options);
  if (!gone.ok) throw new Error("refused");
  expect(gone.without.sent.ok).toBe(true);
  expect(gone.changed.sent).toEqual({ ok: false, error: 'services "web" not found' });
});

test("of the past: the world at an earlier moment, as it was", () => {
  const session = cluster();
  session.advance(2 * SECOND);
  session.execute({ type: "delete", key: "Pod/default/web-1" });
  session.advance(10 * SECOND);
  const then = session.worldAt(session.startUs + SECOND);
  expect(then.nowUs).toBe(session.startUs + SECOND);
  expect(then.store.find("Pod", "default", "web-1")).toBeDefined();
  expect(session.world.store.find("Pod", "default", "web-1")).toBeUndefined();
});
