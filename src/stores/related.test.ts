import { expect, it } from "vitest";
import type { KubeObject } from "../core/api/types";
import { keyOf, relatedKeys } from "./related";

const meta = (name: string, owner?: readonly [kind: string, name: string]) => ({
  name,
  namespace: "default",
  uid: name,
  resourceVersion: "1",
  ...(owner && {
    ownerReferences: [{ apiVersion: "v1", kind: owner[0], name: owner[1], uid: owner[1] }],
  }),
});

const pod = (name: string): KubeObject => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: meta(name, ["ReplicaSet", "web-1"]),
  spec: { nodeName: "node-1", containers: [] },
  status: { phase: "Running" },
});

const objects: readonly KubeObject[] = [
  pod("a"),
  pod("b"),
  {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: meta("web-1", ["Deployment", "web"]),
    spec: { replicas: 2, selector: {}, template: { spec: { containers: [] } } },
  },
  {
    apiVersion: "v1",
    kind: "Service",
    metadata: meta("web"),
    spec: { type: "LoadBalancer" },
    status: { loadBalancer: {} },
  },
  {
    apiVersion: "kubehop.dev/v1alpha1",
    kind: "SecurityGroup",
    metadata: { ...meta("doors"), namespace: "" },
    spec: { attachedTo: ["host/vm", "lb/default/web"] },
  },
  {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { ...meta("web-x"), labels: { "kubernetes.io/service-name": "web" } },
    addressType: "IPv4",
    ports: [],
    endpoints: [{ addresses: ["10.244.1.5"], targetRef: { kind: "Pod", name: "a" } }],
  },
];

it.each([
  ["Service/default/web", "EndpointSlice/default/web-x Pod/default/a elb/default/web"],
  [
    "Pod/default/a",
    "Deployment/default/web EndpointSlice/default/web-x Node/node-1 ReplicaSet/default/web-1 Service/default/web",
  ],
  ["Pod/default/b", "Deployment/default/web Node/node-1 ReplicaSet/default/web-1"],
  ["Deployment/default/web", "Pod/default/a Pod/default/b ReplicaSet/default/web-1"],
  ["Node/node-1", "Pod/default/a Pod/default/b"],
  ["EndpointSlice/default/web-x", "Pod/default/a Service/default/web elb/default/web"],
  ["SecurityGroup/doors", "Host/vm Service/default/web elb/default/web"],
  ["Pod/default/gone", ""],
])("%s has to do with %s", (key, expected) => {
  expect([...relatedKeys(key, objects)].sort().join(" ")).toBe(expected);
});

it("spells keys as the API core does", () => {
  expect(objects.slice(0, 1).map(keyOf)).toEqual(["Pod/default/a"]);
});
