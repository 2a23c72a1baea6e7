import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { decodeManifest } from "./decode";
import { resourceOf } from "./resources";
import { ApiServer } from "./server";
import { Store } from "./store";
import { KINDS } from "./types";

const server = () => new ApiServer(new Store(), { seed: 1, serviceCIDR: "10.96.0.0/12" });
const PREFIX = 'Service in version "v1" cannot be handled as a Service: ';

function service(spec: unknown, more: object = {}) {
  return { apiVersion: "v1", kind: "Service", metadata: { name: "x" }, spec, ...more };
}

function refusal(manifest: unknown): string {
  const result = decodeManifest(manifest);
  return result.ok ? "(accepted)" : result.status.message;
}

describe("a manifest of the wrong shape", () => {
  test.each<[unknown, string]>([
    [
      service({ ports: [{ port: "http" }] }),
      `${PREFIX}json: cannot unmarshal string into Go struct field ServicePort.spec.ports.port of type int32`,
    ],
    [
      service({ ports: [{ port: 80.5 }] }),
      `${PREFIX}json: cannot unmarshal number 80.5 into Go struct field ServicePort.spec.ports.port of type int32`,
    ],
    [
      service({ ports: { port: 80 } }),
      `${PREFIX}json: cannot unmarshal object into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort`,
    ],
    [
      service({ ports: [{ targetPort: true }] }),
      `${PREFIX}json: cannot unmarshal bool into Go value of type int32`,
    ],
    [
      service({ selector: { app: 1 } }),
      `${PREFIX}json: cannot unmarshal number into Go struct field ServiceSpec.spec.selector of type string`,
    ],
    [
      service({ selector: [] }),
      `${PREFIX}json: cannot unmarshal array into Go struct field ServiceSpec.spec.selector of type map[string]string`,
    ],
    [
      service("x"),
      `${PREFIX}json: cannot unmarshal string into Go struct field Service.spec of type v1.ServiceSpec`,
    ],
    [
      service({}, { metadata: { name: 1 } }),
      `${PREFIX}json: cannot unmarshal number into Go struct field ObjectMeta.metadata.name of type string`,
    ],
    [service({ selectr: {} }), `${PREFIX}strict decoding error: unknown field "spec.selectr"`],
    [
      service({ ports: [{ port: 1, prot: 2 }], typ: 1 }),
      `${PREFIX}strict decoding error: unknown field "spec.ports[0].prot", unknown field "spec.typ"`,
    ],
    [
      { apiVersion: "apps/v1", kind: "Deployment", metadata: {}, spec: { replica: 1 } },
      'Deployment in version "v1" cannot be handled as a Deployment: strict decoding error: unknown field "spec.replica"',
    ],
    [
      {
        apiVersion: "apps/v1",
        kind: "Deployment",
        spec: { template: { spec: { containers: [{ ports: [{ containerPort: "80" }] }] } } },
      },
      'Deployment in version "v1" cannot be handled as a Deployment: json: cannot unmarshal string into Go struct field ContainerPort.spec.template.spec.containers.ports.containerPort of type int32',
    ],
    [{ apiVersion: "v1", metadata: { name: "x" } }, "Object 'Kind' is missing in \"x\""],
    [{ kind: "Service" }, "Object 'apiVersion' is missing in the document"],
    [{ apiVersion: "v2", kind: "Service" }, 'no matches for kind "Service" in version "v2"'],
    [
      "text",
      "couldn't get version/kind; json: cannot unmarshal string into Go value of type map[string]interface {}",
    ],
  ])("%#", (manifest, text) => {
    expect(refusal(manifest)).toBe(text);
  });

  it("keeps fields of a pod that we do not model", () => {
    const volumes = [{ name: "v", emptyDir: {} }];
    const result = decodeManifest({
      apiVersion: "v1",
      kind: "Pod",
      metadata: {},
      spec: { volumes, containers: null },
    });
    expect(result.ok && result.value.spec).toEqual({ volumes });
  });

  it("refuses what nests without end", () => {
    const circular: Record<string, unknown> = { apiVersion: "v1", kind: "Pod" };
    circular.spec = circular;
    expect(refusal(circular)).toBe("json: exceeded max depth");
  });
});

describe("any JSON at all", () => {
  const junk = fc.jsonValue({ maxDepth: 4 });
  const fields = fc.dictionary(
    fc.constantFrom(
      "spec",
      "metadata",
      "status",
      "endpoints",
      "ports",
      "subsets",
      "addressType",
      "items",
      "__proto__",
      "x",
    ),
    fc.oneof(
      junk,
      fc.dictionary(
        fc.constantFrom(
          "name",
          "namespace",
          "labels",
          "ports",
          "selector",
          "template",
          "containers",
          "type",
          "clusterIP",
          "addresses",
          "taints",
          "listens",
          "strategy",
          "replicas",
          "constructor",
        ),
        fc.oneof(
          junk,
          fc.constantFrom("a", "default", "NodePort", [{}], [null], {}, [{ port: 80 }], {
            spec: { containers: [{}] },
          }),
        ),
      ),
    ),
  );

  it("is answered, never thrown at", () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), fields, fields, (kind, first, second) => {
        const { apiVersion } = resourceOf(kind);
        const target = server();
        target.apply({ ...first, apiVersion, kind }, 0);
        target.load({ ...second, apiVersion, kind }, 0);
        target.apply({ ...first, metadata: { name: "a" }, apiVersion, kind }, 0);
        target.apply({ ...second, metadata: { name: "a" }, apiVersion, kind }, 0);
        target.replace({ ...second, apiVersion, kind });
      }),
      { numRuns: 1_000, seed: 7 },
    );
    fc.assert(
      fc.property(junk, (value) => void server().apply(value, 0)),
      { numRuns: 300, seed: 7 },
    );
  });
});
