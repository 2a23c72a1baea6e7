import { expect, test } from "vitest";
import { formatManifest } from "./format-manifest";
import { parseManifests } from "./parse-manifests";

const SERVICE = {
  status: { loadBalancer: {} },
  spec: { type: "ClusterIP", ports: [{ port: 80, name: "yes" }], selector: { on: "007" } },
  kind: "Service",
  metadata: {
    uid: "u",
    name: "a",
    namespace: "default",
    creationTimestamp: "2026-01-01T00:00:00Z",
    managedFields: [{}],
    annotations: { "kubectl.kubernetes.io/last-applied-configuration": "{}" },
  },
  apiVersion: "v1",
};

test("an object is printed as kubectl prints it", () => {
  expect(formatManifest(SERVICE)).toBe(`apiVersion: v1
kind: Service
metadata:
  creationTimestamp: "2026-01-01T00:00:00Z"
  name: a
  namespace: default
  uid: u
spec:
  ports:
  - name: "yes"
    port: 80
  selector:
    "on": "007"
  type: ClusterIP
status:
  loadBalancer: {}
`);
});

test("what is printed reads back the same", () => {
  const [read] = parseManifests(formatManifest(SERVICE)).objects;
  const { managedFields: _m, annotations: _a, ...metadata } = SERVICE.metadata;
  expect(read?.manifest).toEqual({ ...SERVICE, metadata });
});

test("cluster-scoped objects have no namespace", () => {
  const node = { apiVersion: "v1", kind: "Node", metadata: { name: "node-1", namespace: "" } };
  expect(formatManifest(node)).toBe("apiVersion: v1\nkind: Node\nmetadata:\n  name: node-1\n");
});
