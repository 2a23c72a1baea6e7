import { expect, test } from "vitest";
import { bootScenario } from "../scenario/boot";
import { mirrorRecords } from "./views";

const SCENARIO = `
apiVersion: kubehop.dev/v1alpha1
kind: Scenario
metadata: {name: one}
spec: {addons: []}
---
{apiVersion: v1, kind: Node, metadata: {name: node-1}}
---
apiVersion: v1
kind: Pod
metadata: {name: shop}
spec:
  containers:
    - {name: web, image: nginx}
    - {name: cache, image: hashicorp/http-echo, args: ["-listen=127.0.0.1:9000"]}
---
{apiVersion: v1, kind: Pod, metadata: {name: agent}, spec: {hostNetwork: true, containers: [{name: agent, image: gcr.io/kuar-demo/kuard-amd64:blue}]}}`;

function world() {
  const booted = bootScenario(SCENARIO);
  if (!booted.ok) throw new Error(JSON.stringify(booted.errors));
  return booted.world;
}

test("the page hears how far a pod is, and where its containers listen", () => {
  const now = world();
  const runtime = (name: string) => mirrorRecords(now).get(`podRuntime/default/${name}`)?.value;
  const seen = new Set<string>();
  for (let ms = 0; ms < 3_000; ms += 20) {
    now.runUntil(ms * 1_000);
    seen.add((runtime("shop") as { stage: string } | undefined)?.stage ?? "none");
  }
  expect([...seen]).toEqual(["none", "waiting", "networking", "sandboxed", "running"]);
  expect(runtime("shop")).toEqual({
    stage: "running",
    interfaces: [{ name: "eth0", ip: expect.stringMatching(/^10\.244\./), bridge: "cni0" }],
    listens: [
      { container: "web", protocol: "tcp", port: 80 },
      { container: "cache", protocol: "tcp", port: 9000, ip: "127.0.0.1" },
    ],
  });
  expect(runtime("agent")).toEqual({
    stage: "running",
    interfaces: [],
    listens: [{ container: "agent", protocol: "tcp", port: 8080 }],
  });
});

test("what has not changed is the same record", () => {
  const now = world();
  now.settle();
  const shop = () => mirrorRecords(now).get("podRuntime/default/shop");
  expect(shop()).toBe(shop());
});

test("a node's devices are listed, pods' cables are not", () => {
  const now = world();
  now.settle();
  const node = mirrorRecords(now).get("nodeRuntime/node-1")?.value;
  expect(node).toMatchObject({
    devices: [
      { name: "eth0", kind: "ethernet", ips: ["10.0.1.11"] },
      { name: "cni0", kind: "bridge", ips: ["10.244.0.1"] },
    ],
  });
});
