// A classic ELB that tells its targets of its clients, and servers that do or do not listen to it.
import { expect, test } from "vitest";
import { clusterOf } from "../testing/cluster";
import { payloadBytes } from "../trace/payload-bytes";
import type { Journey } from "./connection";
import type { World } from "./world";

const PROXY = "service.beta.kubernetes.io/aws-load-balancer-proxy-protocol";
const LB = "lb/default/web:80";

function cluster(annotations: string, reads: boolean): World {
  const world = clusterOf(`
---
{apiVersion: v1, kind: Pod, metadata: {name: web, labels: {app: web}, annotations: {kubehop.dev/proxy-protocol: "${reads}"}}, spec: {nodeName: node-1, containers: [{name: main, image: nginx, ports: [{containerPort: 80}]}]}}
---
{apiVersion: v1, kind: Service, metadata: {name: web, annotations: {${annotations}}}, spec: {type: LoadBalancer, selector: {app: web}, ports: [{port: 80}]}}`);
  return world;
}

function ask(world: World, to = LB): Journey {
  const traced = world.trace("host/user", to);
  if (!traced.ok) throw new Error(traced.error);
  return traced.value;
}

test("a server that reads PROXY lines knows the client; the packets still come from inside", () => {
  const { outcome, hops } = ask(cluster(`${PROXY}: "*"`, true));
  expect(outcome?.http?.status).toBe(200);
  const [sent] = hops;
  expect(outcome?.proxyClient).toBe(`203.0.113.10:${sent?.after.sport}`);
  expect(outcome?.serverSeesSrcIp).not.toBe(sent?.after.src);
});

test("the line goes before the request, byte for byte, and is counted", () => {
  const { hops } = ask(cluster(`${PROXY}: "*"`, true));
  const arrived = hops.find(
    ({ role, place, kind }) =>
      role === "request" && place === "pod/default/web" && kind === "delivered",
  )?.after;
  const bytes = new TextDecoder().decode(payloadBytes(arrived ?? {}));
  const sport = hops[0]?.after.sport;
  expect(bytes).toMatch(
    new RegExp(
      `^PROXY TCP4 203\\.0\\.113\\.10 192\\.0\\.2\\.10 ${sport} 80\\r\\nGET / HTTP/1\\.1\\r\\n`,
    ),
  );
  expect(bytes).toHaveLength(arrived?.payloadBytes ?? -1);
  const fin = hops.find(({ role, place }) => role === "FIN" && place === "pod/default/web")?.after;
  expect(fin?.seq).toBe(1 + (arrived?.payloadBytes ?? 0));
});

test("a server that knows nothing of it answers 400", () => {
  const { outcome } = ask(cluster(`${PROXY}: "*"`, false));
  expect(outcome?.verdict.kind).toBe("delivered");
  expect(outcome?.http?.status).toBe(400);
  expect(outcome?.proxyClient).toBeUndefined();
});

test("a server that waits for it closes connections without", () => {
  const world = cluster("", true);
  expect(ask(world).outcome?.verdict).toMatchObject({
    kind: "refused",
    reason: "ConnectionReset",
    explanation: expect.stringContaining("expects a PROXY line"),
  });
  expect(ask(world, "pod/default/web:80").outcome?.verdict.reason).not.toBeUndefined();
});

test("the annotation can come later; the cloud takes no other value than *, and none for an NLB", () => {
  const world = cluster("", false);
  const annotate = (value: string) => {
    const patch = { metadata: { annotations: { [PROXY]: value } } };
    expect(world.execute({ type: "patch", key: "Service/default/web", patch }).ok).toBe(true);
    world.settle();
  };
  expect(ask(world).outcome?.http?.status).toBe(200);
  annotate("*");
  expect(ask(world).outcome?.http?.status).toBe(400);
  const nlb = cluster(
    `${PROXY}: "*", service.beta.kubernetes.io/aws-load-balancer-type: nlb`,
    false,
  );
  expect(ask(nlb).outcome?.http?.status).toBe(200);
});
