import { expect, test } from "vitest";
import { topologyOf } from "../../../src/core/cluster/topology";
import { bootScenario } from "../../../src/scenario/boot";
import { followProbe } from "./follow";
import { findStrayFrames } from "./judge";
import { allProbes } from "./probes";

const TWO_PODS = `
{apiVersion: v1, kind: Pod, metadata: {name: a}, spec: {nodeName: node-1, containers: [{name: main, image: nginx}]}}
---
{apiVersion: v1, kind: Pod, metadata: {name: b}, spec: {nodeName: node-2, containers: [{name: main, image: nginx}]}}`;

function settled() {
  const booted = bootScenario(TWO_PODS);
  if (!booted.ok) throw new Error("not accepted");
  booted.world.settle();
  return booted.world;
}

const world = settled();
const probes = allProbes(topologyOf(world));

function framesOf(src: string, dst: string, ttl: number) {
  const probe = probes.find((one) => one.src === src && one.dst === dst && one.ttl === ttl);
  if (!probe) throw new Error(`no probe from ${src} to ${dst} with ttl ${ttl}`);
  return followProbe(world, probe);
}

test("a life that ends on the way is reported by the node it ends on", () => {
  const { frames, reasons } = framesOf("10.244.1.2", "10.244.2.2", 2);
  expect(reasons[0]).toBe("TtlExceeded");
  expect([...frames].at(-1)).toBe("pod/default/a eth0 in 10.0.1.12 > 10.244.1.2 icmp 11/0 ttl 63");
});

test("a martian goes no farther than the interface that it came to", () => {
  const { frames, reasons } = framesOf("10.0.1.11", "10.0.1.11", 64);
  expect(reasons).toEqual(["IpLocalSource"]);
  expect([...frames]).toEqual(["node/node-1 eth0 in 10.0.1.11 > 10.0.1.11 udp ttl 64"]);
});

test("frames are compared one by one, save for what the VPC router says", () => {
  const simulated = {
    frames: new Set(["a eth0 in 10.0.1.1 > 10.0.9.20 icmp 11/0 ttl 64", "a eth0 out"]),
    reasons: ["TtlExceeded"],
  };
  const judge = (...seen: string[]) => findStrayFrames(simulated, seen, new Set(["10.0.1.1"]));
  expect(judge("a eth0 out")).toBeUndefined();
  expect(judge("b eth0 out")).toBe(
    "a probe takes another way (TtlExceeded)\n  only simulated: a eth0 out\n  only the kernel: b eth0 out",
  );
});
