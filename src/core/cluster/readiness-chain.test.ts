import { expect, test } from "vitest";
import { SECOND } from "../sim/time";
import { clusterOf } from "../testing/cluster";
import { chainsOf } from "./readiness-chain";
import { Session } from "./session";

const POD = (name: string, node: string) => `
---
{apiVersion: v1, kind: Pod, metadata: {name: ${name}, labels: {app: web}}, spec: {nodeName: ${node}, containers: [{name: main, image: example/web, ports: [{containerPort: 8080}], readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 2}}]}}`;

const WEB = `${POD("web-1", "node-1")}${POD("web-2", "node-2")}
---
{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, ports: [{port: 80, targetPort: 8080}]}}`;

const NODES = ["node-1", "node-2", "node-3"];

function chains(session: Session) {
  return chainsOf(session.world.milestones, NODES);
}

test("a pod that becomes unready leaves step by step, each with the lag that was set", () => {
  const session = new Session(clusterOf(WEB));
  const lags = {
    kubeletStatus: 200_000,
    endpointSlices: SECOND,
    proxyWatch: 500_000,
    "proxyWatch/node-2": 5 * SECOND,
    proxySync: 0,
    dnsWatch: 3 * SECOND,
  } as const;
  for (const [lag, us] of Object.entries(lags))
    expect(session.execute({ type: "setLag", lag: lag as keyof typeof lags, us }).ok).toBe(true);
  session.execute({ type: "setReadiness", namespace: "default", pod: "web-1", ready: false });
  session.advance(20 * SECOND);
  const [chain] = chains(session);
  expect(chain).toMatchObject({
    pod: "Pod/default/web-1",
    became: "notReady",
    services: ["Service/default/web"],
  });
  const at = (text: string) => {
    const step = chain?.steps.find((one) => one.text.startsWith(text));
    return ((step?.atUs ?? Number.NaN) - (chain?.startedAtUs ?? 0)) / SECOND;
  };
  expect(chain?.steps[0]?.text).toBe(
    "probe failed, 3 of 3: Readiness probe failed: HTTP probe failed with statuscode: 503",
  );
  expect(at("its status says not ready")).toBeCloseTo(0.2);
  expect(at("EndpointSlice web-")).toBeCloseTo(1.2);
  for (const node of ["node-1", "node-3"]) {
    expect(at(`${node} has written its rules`)).toBeGreaterThanOrEqual(1.7);
    expect(at(`${node} has written its rules`)).toBeLessThan(1.85);
  }
  expect(at("node-2 has written its rules")).toBeGreaterThanOrEqual(6.2);
  expect(at("CoreDNS")).toBeGreaterThanOrEqual(4.2);
});

test("a node whose kube-proxy is stopped has not followed", () => {
  const session = new Session(clusterOf(WEB));
  session.execute({ type: "setProxy", node: "node-3", running: false });
  session.execute({ type: "delete", key: "Pod/default/web-1" });
  session.advance(3 * SECOND);
  const chain = chains(session).find(({ became }) => became === "deleted");
  const texts = chain?.steps.map(({ text }) => text);
  expect(texts?.[0]).toBe("it is marked for deletion");
  expect(texts).toContain("SIGTERM: its programs are to leave");
  expect(texts?.at(-1)).toBe("node-3 has not followed yet");
});

test("lags are undone, and refused where they make no sense", () => {
  const session = new Session(clusterOf(WEB));
  session.execute({ type: "setLag", lag: "endpointSlices", us: 5 * SECOND });
  session.execute({ type: "setLag", lag: "endpointSlices", us: null });
  expect(session.world.lags).toEqual({});
  session.execute({ type: "undo" });
  expect(session.world.lags).toEqual({ endpointSlices: 5 * SECOND });
  const refused = (lag: "healthCheck" | "proxyWatch/node-9", us: number) => {
    const result = session.execute({ type: "setLag", lag, us });
    return result.ok ? "" : result.refusals[0]?.status.message;
  };
  expect(refused("healthCheck", 1)).toBe("lag healthCheck: must be between 5s and 600s");
  expect(refused("proxyWatch/node-9", 1)).toBe('nodes "node-9" not found');
});
