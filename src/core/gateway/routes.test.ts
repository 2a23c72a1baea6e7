import { describe, expect, test } from "vitest";
import type { Ingress } from "../api/types";
import type { GatewayProgram } from "../programs/gateways";
import { findRoute } from "./routes";

interface Rule {
  readonly host?: string;
  readonly paths: readonly (readonly [path: string, pathType: string, service: string])[];
}

function ingress(name: string, rules: readonly Rule[], fallback?: string): Ingress {
  const backend = (service: string) => ({ service: { name: service, port: { number: 80 } } });
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, namespace: "default", uid: name, resourceVersion: "1" },
    spec: {
      ...(fallback !== undefined && { defaultBackend: backend(fallback) }),
      rules: rules.map(({ host, paths }) => ({
        ...(host !== undefined && { host }),
        http: {
          paths: paths.map(([path, pathType, service]) => ({
            path,
            pathType,
            backend: backend(service),
          })),
        },
      })),
    },
    status: { loadBalancer: {} },
  };
}

function leadsTo(
  ingresses: readonly Ingress[],
  url: string,
  program: GatewayProgram = "nginx",
): string {
  const slash = url.indexOf("/");
  const request = { host: url.slice(0, slash), path: url.slice(slash) };
  return findRoute(ingresses, program, request)?.backend.service?.name ?? "404";
}

/** Source: the tables of examples of Kubernetes' Ingress page. */
describe("path types", () => {
  test.each<[string, string, string, boolean]>([
    ["Prefix", "/", "/anything", true],
    ["Exact", "/foo", "/foo", true],
    ["Exact", "/foo", "/bar", false],
    ["Exact", "/foo", "/foo/", false],
    ["Exact", "/foo/", "/foo", false],
    ["Prefix", "/foo", "/foo", true],
    ["Prefix", "/foo", "/foo/", true],
    ["Prefix", "/foo/", "/foo", true],
    ["Prefix", "/foo/", "/foo/", true],
    ["Prefix", "/aaa/bb", "/aaa/bbb", false],
    ["Prefix", "/aaa/bbb", "/aaa/bbb", true],
    ["Prefix", "/aaa/bbb/", "/aaa/bbb", true],
    ["Prefix", "/aaa/bbb", "/aaa/bbb/", true],
    ["Prefix", "/aaa/bbb", "/aaa/bbb/ccc", true],
    ["Prefix", "/aaa/bbb", "/aaa/bbbxyz", false],
    ["Prefix", "/aaa", "/ccc", false],
    ["ImplementationSpecific", "/foo", "/foobar", true],
    ["Prefix", "/foo", "/foo?x=/bar", true],
  ])("%s %s, asked for %s: %s", (pathType, path, asked, expected) => {
    const routes = [ingress("a", [{ paths: [[path, pathType, "web"]] }])];
    expect(leadsTo(routes, `h${asked}`)).toBe(expected ? "web" : "404");
  });

  test("to Istio a path of no type is exact, unless a star ends it", () => {
    const routes = [ingress("a", [{ paths: [["/foo", "ImplementationSpecific", "web"]] }])];
    const starred = [ingress("a", [{ paths: [["/foo*", "ImplementationSpecific", "web"]] }])];
    expect(leadsTo(routes, "h/foobar", "istio")).toBe("404");
    expect(leadsTo(starred, "h/foobar", "istio")).toBe("web");
  });

  test("an exact path goes before a prefix, a longer prefix before a shorter one", () => {
    const routes = [
      ingress("a", [
        {
          paths: [
            ["/", "Prefix", "root"],
            ["/foo", "Prefix", "prefix"],
            ["/foo", "Exact", "exact"],
          ],
        },
      ]),
    ];
    expect(["h/", "h/foo", "h/foo/x"].map((url) => leadsTo(routes, url))).toEqual([
      "root",
      "exact",
      "prefix",
    ]);
  });
});

describe("hosts", () => {
  const routes = [
    ingress("a", [
      { paths: [["/", "Prefix", "any"]] },
      { host: "*.foo.com", paths: [["/", "Prefix", "wild"]] },
      { host: "bar.foo.com", paths: [["/only", "Prefix", "bar"]] },
    ]),
  ];
  test.each([
    ["bar.foo.com/only", "bar"],
    ["BAR.foo.com:8080/only", "bar"],
    ["baz.foo.com/", "wild"],
    ["baz.bar.foo.com/", "any"],
    ["foo.com/", "any"],
    // The host is chosen first: another host's rules do not help out.
    ["bar.foo.com/other", "404"],
  ])("%s leads to %s", (url, service) => {
    expect(leadsTo(routes, url)).toBe(service);
  });
});

test("of two Ingresses with the same rule the first counts; a default backend takes what is left", () => {
  const one = ingress("one", [{ host: "a.com", paths: [["/x", "Prefix", "one"]] }], "rest");
  const two = ingress("two", [{ host: "a.com", paths: [["/x", "Prefix", "two"]] }]);
  const all = ingress("all", [], "everything");
  expect(leadsTo([one, two], "a.com/x")).toBe("one");
  expect(leadsTo([two, one], "a.com/y")).toBe("rest");
  expect(leadsTo([one, two], "b.com/")).toBe("404");
  expect(leadsTo([one, two, all], "b.com/")).toBe("everything");
});
