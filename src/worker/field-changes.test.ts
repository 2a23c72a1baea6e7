import { expect, test } from "vitest";
import { fieldChanges } from "./field-changes";

test("what comes, what goes and what becomes something else", () => {
  const before = {
    metadata: { name: "web", uid: "1", resourceVersion: "5" },
    spec: { type: "NodePort", ports: [{ port: 80, nodePort: 30_080 }], clusterIP: "10.96.0.9" },
  };
  const after = {
    metadata: { name: "web", uid: "1", resourceVersion: "6" },
    spec: { type: "ClusterIP", ports: [{ port: 80 }], clusterIP: "10.96.0.9", externalIPs: [] },
  };
  expect(fieldChanges(before, after)).toEqual([
    { field: "spec.type", before: "NodePort", after: "ClusterIP" },
    { field: "spec.externalIPs", before: undefined, after: "[]" },
    { field: "spec.ports[0].nodePort", before: "30080", after: undefined },
  ]);
});

test("nothing is different in the same object, nor in what only servers write", () => {
  expect(fieldChanges({ a: { b: 1 } }, { a: { b: 1 } })).toEqual([]);
  expect(fieldChanges({ metadata: { uid: "1" } }, { metadata: { uid: "2" } })).toEqual([]);
});
