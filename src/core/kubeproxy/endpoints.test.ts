import { expect, test } from "vitest";
import type { EndpointSlice, SliceEndpoint } from "../api/types";
import { chooseEndpoints, collectEndpoints } from "./endpoints";
import { proxiedPorts } from "./service-ports";
import { aService, aSlice, type ServiceFields } from "./testing/world";

type State = "ready" | "terminating" | "not ready" | "dead";

const CONDITIONS: Record<State, NonNullable<SliceEndpoint["conditions"]>> = {
  ready: { ready: true, serving: true, terminating: false },
  terminating: { ready: false, serving: true, terminating: true },
  "not ready": { ready: false, serving: false, terminating: false },
  dead: { ready: false, serving: false, terminating: true },
};

const UNUSUAL: readonly State[] = ["not ready", "terminating", "dead"];

/** `1@node-1 zone=a node=node-1` is 10.0.0.1 on node-1 ready, with these hints. */
function endpoint(text: string): SliceEndpoint {
  const state = UNUSUAL.find((name) => text.includes(` ${name}`)) ?? "ready";
  const zone = / zone=(\S+)/.exec(text)?.[1];
  const node = / node=(\S+)/.exec(text)?.[1];
  const [, last = "", nodeName = ""] = /^(\d+)@(\S+)/.exec(text) ?? [];
  return {
    addresses: [`10.0.0.${last}`],
    nodeName,
    conditions: CONDITIONS[state],
    hints: {
      ...(zone && { forZones: [{ name: zone }] }),
      ...(node && { forNodes: [{ name: node }] }),
    },
  };
}

const both: ServiceFields = {
  type: "NodePort",
  ports: [{ name: "http", protocol: "TCP", port: 80, targetPort: 8080, nodePort: 30_080 }],
  externalTrafficPolicy: "Local",
};

function choose(slices: readonly EndpointSlice[], node = { name: "node-1", zone: "a" }): string {
  const port = proxiedPorts(aService("ns/svc", both))[0];
  if (!port) throw new Error("the service has a port");
  const set = collectEndpoints(port, slices);
  const { cluster, local } = chooseEndpoints(port, set, node);
  const last = (list: typeof cluster) => list.map(({ ip }) => ip & 255).join() || "-";
  return `cluster ${last(cluster)} local ${last(local)} ${set.usable ? "usable" : "unusable"}`;
}

test.each([
  [
    "ready ones, sorted as text",
    ["9@node-1", "10@node-2", "1@node-1"],
    "cluster 10,1,9 local 1,9 usable",
  ],
  ["unready ones are left out", ["1@node-1 not ready", "2@node-2"], "cluster 2 local - usable"],
  [
    "terminating ones only when none is ready",
    ["1@node-1 terminating", "2@node-2 terminating"],
    "cluster 1,2 local 1 usable",
  ],
  [
    "a ready one anywhere ends the fallback, not the local one",
    ["1@node-1 terminating", "2@node-2"],
    "cluster 2 local 1 usable",
  ],
  ["dead ones serve nobody", ["1@node-1 dead", "2@node-1 not ready"], "cluster - local - unusable"],
  [
    "zone hints narrow the cluster set only",
    ["1@node-1 zone=b", "2@node-2 zone=a"],
    "cluster 2 local 1 usable",
  ],
  [
    "no hint names this zone: all",
    ["1@node-1 zone=b", "2@node-2 zone=c"],
    "cluster 1,2 local 1 usable",
  ],
  ["one without hint: all", ["1@node-1", "2@node-2 zone=a"], "cluster 1,2 local 1 usable"],
  [
    "an unready one's missing hint does not matter",
    ["1@node-1 zone=a", "2@node-2 not ready", "3@node-2 zone=b"],
    "cluster 1 local 1 usable",
  ],
  [
    "node hints before zone hints",
    ["1@node-1 zone=b node=node-1", "2@node-2 zone=a node=node-2"],
    "cluster 1 local 1 usable",
  ],
  [
    "no node hint names this node: zone hints",
    ["1@node-1 zone=b node=node-3", "2@node-2 zone=a node=node-2"],
    "cluster 2 local 1 usable",
  ],
  [
    "terminating fallback ignores hints",
    ["1@node-1 terminating zone=b", "2@node-2 terminating zone=a"],
    "cluster 1,2 local 1 usable",
  ],
])("%s", (_, endpoints, expected) => {
  expect(choose([aSlice("ns/svc", endpoints.map(endpoint))])).toBe(expected);
});

test("without a zone label, zone hints do not count", () => {
  const slice = aSlice("ns/svc", [endpoint("1@node-1 zone=a"), endpoint("2@node-2 zone=b")]);
  expect(choose([slice], { name: "node-1", zone: "" })).toBe("cluster 1,2 local 1 usable");
});

test("the same address in two slices is one endpoint, and a sighting on this node wins", () => {
  const first = aSlice("ns/svc", ["10.0.0.1@node-2"]);
  const second = aSlice("ns/svc", ["10.0.0.1@node-1"], { suffix: "second" });
  expect(choose([first, second])).toBe("cluster 1 local 1 usable");
  expect(choose([first, second], { name: "node-2", zone: "" })).toBe("cluster 1 local 1 usable");
  expect(choose([first, second], { name: "node-3", zone: "" })).toBe("cluster 1 local - usable");
});

test("missing conditions count as ready; port 0, IPv6 and second addresses do not count", () => {
  const bare = aSlice("ns/svc", [{ addresses: ["10.0.0.1", "10.0.0.2"] }]);
  expect(choose([bare])).toBe("cluster 1 local - usable");
  expect(choose([{ ...bare, addressType: "IPv6" }])).toBe("cluster - local - unusable");
  expect(choose([{ ...bare, ports: [{ name: "http", protocol: "TCP", port: 0 }] }])).toBe(
    "cluster - local - unusable",
  );
});
