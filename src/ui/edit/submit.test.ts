import { expect, test } from "vitest";
import { Session } from "../../core/cluster/session";
import { clusterOf } from "../../core/testing/cluster";
import { placed } from "./submit";

const WEB = `{apiVersion: v1, kind: Pod, metadata: {name: web}, spec: {containers: [{name: main, image: nginx, ports: [{containerPort: 80}]}]}}`;

function refusalsOf(...command: Parameters<Session["execute"]>) {
  const result = new Session(clusterOf(WEB)).execute(...command);
  const refusals = result.ok ? [] : result.refusals;
  return placed(
    refusals.flatMap(({ status: { message, causes = [] } }) =>
      causes.length === 0
        ? [{ message }]
        : causes.map((cause) => ({
            field: cause.field,
            message: `${cause.field}: ${cause.message}`,
          })),
    ),
  );
}

test("what may not change is told of the field that was changed", () => {
  const containers = [{ name: "main", image: "nginx", ports: [{ containerPort: 81 }] }];
  const errors = refusalsOf({
    type: "patch",
    key: "Pod/default/web",
    patch: { spec: { containers } },
  });
  expect(errors.map(({ field }) => field)).toEqual(["spec.containers[0].ports[0].containerPort"]);
  expect(errors[0]?.message).toMatch(
    /^spec\.containers\[0\]\.ports\[0\]\.containerPort: Forbidden: pod updates may not change fields other than [^\n]+$/,
  );
});

test("a name that is taken, and a namespace that is not there, are told of their fields", () => {
  const service = (namespace: string) => ({
    ...{ apiVersion: "v1", kind: "Service" },
    metadata: { name: "kubernetes", namespace },
    spec: { ports: [{ port: 80 }] },
  });
  expect(refusalsOf({ type: "create", manifest: service("default") })).toEqual([
    { field: "metadata.name", message: 'services "kubernetes" already exists' },
  ]);
  expect(refusalsOf({ type: "create", manifest: service("nowhere") })).toEqual([
    { field: "metadata.namespace", message: 'namespaces "nowhere" not found' },
  ]);
});
