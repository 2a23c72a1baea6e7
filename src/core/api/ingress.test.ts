import { expect, test } from "vitest";
import { ApiServer } from "./server";
import { Store } from "./store";
import type { Ingress } from "./types";

const BACKEND = { service: { name: "cart", port: { number: 80 } } };
const PATH = { path: "/cart", pathType: "Prefix", backend: BACKEND };

function ingress(spec: object, metadata: object = {}) {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name: "shop", ...metadata },
    spec,
  };
}

const withPath = (path: object) =>
  ingress({ rules: [{ http: { paths: [{ ...PATH, ...path }] } }] });
const withHost = (host: string) => ingress({ rules: [{ host, http: { paths: [PATH] } }] });

function create(manifest: unknown) {
  return new ApiServer(new Store(), { seed: 1, serviceCIDR: "10.96.0.0/12" }).create(manifest, 0);
}

test("an Ingress is kept with generation 1 and an empty status", () => {
  const created = create(withHost("*.example.com"));
  if (!created.ok) throw new Error(created.status.message);
  const { metadata, status } = created.value as Ingress;
  expect([metadata.namespace, metadata.generation, status]).toEqual([
    "default",
    1,
    { loadBalancer: {} },
  ]);
});

test.each<[string, object, string]>([
  [
    "nothing",
    ingress({}),
    "spec: Invalid value: []networking.IngressRule(nil): either `defaultBackend` or `rules` must be specified",
  ],
  [
    "no pathType",
    withPath({ pathType: undefined }),
    "spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified",
  ],
  [
    "another pathType",
    withPath({ pathType: "Regex" }),
    'spec.rules[0].http.paths[0].pathType: Unsupported value: "Regex": supported values: "Exact", "ImplementationSpecific", "Prefix"',
  ],
  [
    "a relative path",
    withPath({ path: "cart" }),
    'spec.rules[0].http.paths[0].path: Invalid value: "cart": must be an absolute path',
  ],
  [
    "two slashes",
    withPath({ path: "/a//b" }),
    `spec.rules[0].http.paths[0].path: Invalid value: "/a//b": must not contain '//'`,
  ],
  [
    "dots at the end",
    withPath({ path: "/a/.." }),
    `spec.rules[0].http.paths[0].path: Invalid value: "/a/..": cannot end with '/..'`,
  ],
  [
    "no paths",
    ingress({ rules: [{ http: { paths: [] } }] }),
    "spec.rules[0].http.paths: Required value",
  ],
  [
    "an address for a host",
    withHost("10.0.0.1"),
    'spec.rules[0].host: Invalid value: "10.0.0.1": must be a DNS name, not an IP address',
  ],
  [
    "a star inside",
    withHost("a.*.com"),
    "spec.rules[0].host: Invalid value: \"a.*.com\": a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')",
  ],
  [
    "no backend",
    ingress({ defaultBackend: {} }),
    'spec.defaultBackend: Invalid value: "": resource or service backend is required',
  ],
  [
    "no port",
    ingress({ defaultBackend: { service: { name: "cart" } } }),
    "spec.defaultBackend: Required value: port name or number is required",
  ],
  [
    "two ports",
    ingress({ defaultBackend: { service: { name: "cart", port: { name: "http", number: 80 } } } }),
    'spec.defaultBackend: Invalid value: "": cannot set both port name & port number',
  ],
  [
    "two classes",
    ingress(
      { ingressClassName: "nginx", defaultBackend: BACKEND },
      { annotations: { "kubernetes.io/ingress.class": "istio" } },
    ),
    'annotations.kubernetes.io/ingress.class: Invalid value: "istio": must match `ingressClassName` when both are specified',
  ],
  [
    "an unknown field",
    ingress({ backend: BACKEND }),
    'Ingress in version "v1" cannot be handled as a Ingress: strict decoding error: unknown field "spec.backend"',
  ],
])("%s", (_name, manifest, words) => {
  const created = create(manifest);
  expect(created.ok ? "(accepted)" : created.status.message).toContain(words);
});
