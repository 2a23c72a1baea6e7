import { afterEach, beforeEach, expect, it } from "vitest";
import type { EndpointSlice } from "../core/api/types";
import type { MirrorRecord, NodeRuntimeView } from "../worker/protocol";
import { useMirror } from "./mirror";
import { recordHistory, resetHistory, useHistory } from "./record-history";

function slice(
  ...endpoints: readonly (readonly [address: string, ready: boolean])[]
): MirrorRecord {
  const value: EndpointSlice = {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      name: "web-x",
      namespace: "shop",
      uid: "1",
      resourceVersion: "1",
      labels: { "kubernetes.io/service-name": "web" },
    },
    addressType: "IPv4",
    ports: [],
    endpoints: endpoints.map(([address, ready]) => ({
      addresses: [address],
      conditions: { ready },
    })),
  };
  return { id: "EndpointSlice/shop/web-x", type: "object", value };
}

function proxy(part: Partial<NodeRuntimeView>): MirrorRecord {
  const value: NodeRuntimeView = {
    node: "node-1",
    up: true,
    proxyRunning: true,
    proxyHalted: false,
    proxyPending: false,
    proxySyncedAtUs: 10,
    rules: 20,
    conntrackEntries: 0,
    sourceDestCheck: false,
    vpcRoute: false,
    ...part,
  };
  return { id: "nodeRuntime/node-1", type: "nodeRuntime", value };
}

function at(nowUs: number, horizonUs: number, ...updated: readonly MirrorRecord[]): void {
  useMirror.getState().apply({ nowUs, horizonUs, added: [], updated, removed: [] });
}

const told = () =>
  useHistory.getState().changes.map(({ atUs, reason, message }) => `${atUs} ${reason} ${message}`);

let stop: () => void;
beforeEach(() => {
  useMirror.getState().clear();
  stop = recordHistory();
  at(100, 100, slice(["10.0.0.1", true], ["10.0.0.2", true]), proxy({}));
  resetHistory();
});
afterEach(() => stop());

it("tells a change from the endpoint to the rules", () => {
  at(200, 200, slice(["10.0.0.1", true], ["10.0.0.2", false]), proxy({ proxyPending: true }));
  at(300, 300, proxy({ proxySyncedAtUs: 260, rules: 18 }));
  expect(told()).toEqual([
    "200 Endpoints Service web: 10.0.0.2 not ready, was ready",
    "200 RulesPending a change is on its way to kube-proxy: the rules do not show it yet",
    "260 RulesSynced kube-proxy wrote its rules: 18 rules, before 20",
  ]);
});

it("adds nothing while one goes through the known past", () => {
  at(200, 200, slice(["10.0.0.1", true]));
  at(150, 200, slice(["10.0.0.1", true], ["10.0.0.2", true]));
  at(200, 200, slice(["10.0.0.1", true]));
  expect(told()).toEqual(["200 Endpoints Service web: 10.0.0.2 removed"]);
});

it("forgets what an edit in the past cut off, and tells the new future", () => {
  at(200, 200, slice(["10.0.0.1", true]));
  at(150, 200, slice(["10.0.0.1", true], ["10.0.0.2", true]));
  at(150, 150, slice(["10.0.0.1", false], ["10.0.0.2", true]));
  expect(told()).toEqual(["150 Endpoints Service web: 10.0.0.1 not ready, was ready"]);
});

it("takes the state that a restarted worker brings for what it was", () => {
  useMirror.getState().clear();
  at(100, 100, slice(["10.0.0.1", true], ["10.0.0.2", true]), proxy({}));
  expect(told()).toEqual([]);
});
