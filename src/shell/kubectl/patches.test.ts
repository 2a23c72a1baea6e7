import { expect, test } from "vitest";
import { applyJsonPatch } from "./json-patch";
import { strategicMerge } from "./strategic-merge";

const POD = {
  spec: {
    containers: [
      { name: "a", image: "a:1", ports: [{ containerPort: 80, name: "http" }] },
      { name: "b", image: "b:1" },
    ],
    tolerations: [{ key: "x" }],
  },
};

test("a strategic patch finds containers by name and ports by number", () => {
  const patch = {
    spec: {
      containers: [{ name: "a", image: "a:2", ports: [{ containerPort: 80, name: "web" }] }],
    },
  };
  expect(strategicMerge(POD, patch)).toEqual({
    spec: {
      ...POD.spec,
      containers: [
        { name: "a", image: "a:2", ports: [{ containerPort: 80, name: "web" }] },
        { name: "b", image: "b:1" },
      ],
    },
  });
});

test("$patch deletes an item, or replaces all", () => {
  const deleted = strategicMerge(POD, { spec: { containers: [{ name: "b", $patch: "delete" }] } });
  expect(deleted).toMatchObject({ spec: { containers: [{ name: "a" }] } });
  const replaced = strategicMerge(POD, {
    spec: { containers: [{ $patch: "replace" }, { name: "c" }] },
  });
  expect(replaced).toMatchObject({ spec: { containers: [{ name: "c" }] } });
});

test("tolerations are replaced whole, null takes a field away", () => {
  expect(strategicMerge(POD, { spec: { tolerations: [{ key: "y" }], containers: null } })).toEqual({
    spec: { tolerations: [{ key: "y" }] },
  });
});

test.each([
  [[{ op: "replace", path: "/spec/containers/0/image", value: "z" }], "z"],
  [[{ op: "remove", path: "/spec/containers/0" }], "b:1"],
  [[{ op: "add", path: "/spec/containers/0", value: { name: "n", image: "n:1" } }], "n:1"],
  [
    [
      { op: "test", path: "/spec/containers/1/name", value: "b" },
      { op: "copy", from: "/spec/containers/1/image", path: "/spec/containers/0/image" },
    ],
    "b:1",
  ],
])("%j", (operations, image) => {
  const patched = applyJsonPatch(POD, operations);
  expect(patched).toHaveProperty("value.spec.containers.0.image", image);
});

test.each([
  [[{ op: "replace", path: "/spec/nope", value: 1 }]],
  [[{ op: "test", path: "/spec/containers/0/name", value: "x" }]],
  [[{ op: "remove", path: "/spec/containers/7" }]],
  [["no operation"]],
])("%j is refused", (operations) => {
  expect(applyJsonPatch(POD, operations)).toEqual({ ok: false });
});
