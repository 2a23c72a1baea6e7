import { beforeEach, describe, expect, it } from "vitest";
import type { Node } from "../core/api/types";
import type { MirrorRecord, MirrorUpdate } from "../worker/protocol";
import {
  fabricOf,
  findNodeRuntime,
  findObject,
  loadBalancersOf,
  nodeRuntimesOf,
  objectsOf,
  useMirror,
} from "./mirror";

function node(name: string, podCIDR = "10.244.1.0/24"): MirrorRecord {
  const value: Node = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, namespace: "", uid: name, resourceVersion: "1" },
    spec: { podCIDR },
    status: { addresses: [], conditions: [] },
  };
  return { id: `Node/${name}`, type: "object", value };
}

function update(part: Partial<MirrorUpdate>): MirrorUpdate {
  return { nowUs: 0, horizonUs: 0, added: [], updated: [], removed: [], ...part };
}

const records = () => useMirror.getState().records;
const apply = (part: Partial<MirrorUpdate>) => useMirror.getState().apply(update(part));

describe("mirror", () => {
  beforeEach(() => useMirror.getState().clear());

  it("adds, replaces and removes by id", () => {
    apply({ added: [node("node-1"), node("node-2")] });
    apply({ updated: [node("node-1", "10.244.9.0/24")], removed: ["Node/node-2"] });
    expect(objectsOf(records(), "Node").map((one) => one.metadata.name)).toEqual(["node-1"]);
    expect(findObject<"Node">(records(), "Node/node-1")?.spec.podCIDR).toBe("10.244.9.0/24");
    expect(findObject(records(), "Node/node-2")).toBeUndefined();
  });

  it("keeps the map when only time passes", () => {
    apply({ added: [node("node-1")] });
    const before = records();
    apply({ nowUs: 5, horizonUs: 9 });
    expect(records()).toBe(before);
    expect(useMirror.getState()).toMatchObject({ nowUs: 5, horizonUs: 9 });
  });

  it("lists objects in the order people count, the same array each time", () => {
    apply({ added: [node("node-10"), node("node-2")] });
    expect(objectsOf(records(), "Node").map((one) => one.metadata.name)).toEqual([
      "node-2",
      "node-10",
    ]);
    expect(objectsOf(records(), "Node")).toBe(objectsOf(records(), "Node"));
    expect(objectsOf(records(), "Pod")).toEqual([]);
    apply({ added: [node("node-3"), node("node-1")], removed: ["Node/node-2"] });
    expect(objectsOf(records(), "Node").map((one) => one.metadata.name)).toEqual([
      "node-1",
      "node-3",
      "node-10",
    ]);
  });

  it("gives the same array as long as no object of that kind has changed", () => {
    const runtime = { id: "fabric", type: "fabric", value: {} } as MirrorRecord;
    apply({ added: [node("node-1"), node("node-2"), runtime] });
    const before = objectsOf(records(), "Node");
    apply({ updated: [{ ...runtime }] });
    expect(objectsOf(records(), "Node")).toBe(before);
    expect(objectsOf(records(), "Pod")).toBe(objectsOf(records(), "Pod"));
    apply({ updated: [node("node-2", "10.244.9.0/24")] });
    expect(objectsOf(records(), "Node")).not.toBe(before);
  });

  it("tells load balancers, runtimes and the fabric apart", () => {
    const runtime = {
      node: "node-1",
      up: true,
      proxyRunning: true,
      proxyHalted: false,
      proxyPending: false,
      proxySyncedAtUs: 0,
      rules: 12,
      conntrackEntries: 0,
      sourceDestCheck: false,
      vpcRoute: false,
    };
    const fabric = {
      clusterName: "c",
      title: "t",
      description: "",
      cloud: "aws" as const,
      suggestions: [],
      cni: "bridge" as const,
      vpcCidr: "10.0.0.0/16",
      clusterCIDR: "10.244.0.0/16",
      serviceCIDR: "10.96.0.0/12",
      pending: {},
    };
    const elb = {
      service: "default/kuard",
      kind: "proxy" as const,
      failsOpen: false,
      ip: "192.0.2.10",
      vpcIp: "10.0.0.5",
      ports: [],
      targets: [],
    };
    apply({
      added: [
        { id: "nodeRuntime/node-1", type: "nodeRuntime", value: runtime },
        { id: "fabric", type: "fabric", value: fabric },
        { id: "loadBalancer/default/kuard", type: "loadBalancer", value: elb },
      ],
    });
    expect(nodeRuntimesOf(records())).toEqual([runtime]);
    expect(findNodeRuntime(records(), "node-1")).toBe(runtime);
    expect(loadBalancersOf(records())).toEqual([elb]);
    expect(fabricOf(records())).toBe(fabric);
  });
});
