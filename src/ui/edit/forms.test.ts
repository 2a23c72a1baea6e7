import { describe, expect, test } from "vitest";
import type { JsonObject } from "../../core/api/json";
import { type KubeObject, objectKey, type Service } from "../../core/api/types";
import { Session } from "../../core/cluster/session";
import { clusterOf } from "../../core/testing/cluster";
import { FORM_KINDS } from "../../stores/edit";
import type { MirrorRecord } from "../../worker/protocol";
import { editable, getAt, type Json, patchBetween, setAt } from "./manifest";
import { newManifest } from "./presets";
import { SERVICE_TYPES, serviceTypeOf, withServiceType } from "./service-type";

const open = () => new Session(clusterOf(""));

function recordsOf(session: Session): ReadonlyMap<string, MirrorRecord> {
  const objects = FORM_KINDS.flatMap((kind) => [...session.world.store.list(kind)] as KubeObject[]);
  return new Map(
    objects.map((value) => [objectKey(value), { id: objectKey(value), type: "object", value }]),
  );
}

function add(session: Session, manifest: Json): void {
  expect(session.execute({ type: "apply", manifests: [manifest] })).toMatchObject({
    ok: true,
    applied: [{ outcome: "created" }],
  });
}

function findService(session: Session): Service {
  const service = session.world.store.find("Service", "default", "web");
  if (!service) throw new Error("no Service");
  return service;
}

test.each(FORM_KINDS)("a new %s is accepted as the form offers it, again and again", (kind) => {
  const session = open();
  for (let i = 0; i < 3; i++) add(session, newManifest(kind, recordsOf(session)));
});

test.each(SERVICE_TYPES)("a new Service made %s in the form is accepted", (type) => {
  const session = open();
  add(session, withServiceType(newManifest("Service", recordsOf(session)), type));
  expect(serviceTypeOf(editable(findService(session)))).toBe(type);
});

describe("a Service that is there is changed by what differs", () => {
  const pairs = SERVICE_TYPES.flatMap((from) =>
    SERVICE_TYPES.filter((to) => to !== from).map((to) => [from, to] as const),
  );
  test.each(pairs)("%s to %s", (from, to) => {
    const session = open();
    add(session, withServiceType(newManifest("Service", recordsOf(session)), from));
    const base = editable(findService(session));
    const next = withServiceType(base, to);
    const patch = patchBetween(base, next) ?? {};
    const result = session.execute({ type: "patch", key: "Service/default/web", patch });
    // No Service gives its address up, or gets one later, but by way of ExternalName.
    const isRefused = to === "Headless" ? from !== "ExternalName" : from === "Headless";
    if (isRefused && to !== "ClusterIP" && to !== "ExternalName") {
      expect(result).toMatchObject({ ok: false });
      expect(serviceTypeOf(editable(findService(session)))).toBe(from);
      return;
    }
    expect(result).toMatchObject({ ok: true });
    // The API server keeps "None" where nothing else is said: the form does not offer it.
    const kept = from === "Headless" && to === "ClusterIP";
    expect(serviceTypeOf(editable(findService(session)))).toBe(kept ? from : to);
  });
});

describe("a load balancer with all that it may say becomes another type", () => {
  const spec = {
    externalTrafficPolicy: "Local",
    loadBalancerSourceRanges: ["203.0.113.0/24"],
    loadBalancerClass: "example.com/nlb",
    allocateLoadBalancerNodePorts: true,
    sessionAffinity: "ClientIP",
    publishNotReadyAddresses: true,
    trafficDistribution: "PreferClose",
  };
  test.each([
    ["NodePort", []],
    ["NodePort", ["192.0.2.77"]],
    ["ClusterIP", []],
    ["ClusterIP", ["192.0.2.77"]],
    ["ExternalName", ["192.0.2.77"]],
  ] as const)("%s, externalIPs %j", (to, externalIPs) => {
    const session = open();
    const given = withServiceType(newManifest("Service", recordsOf(session)), "LoadBalancer");
    const addresses = externalIPs.length > 0 ? { externalIPs } : {};
    add(session, { ...given, spec: { ...(given.spec as Json), ...spec, ...addresses } });
    const base = editable(findService(session));
    const patch = patchBetween(base, withServiceType(base, to)) ?? {};
    const key = "Service/default/web";
    expect(session.execute({ type: "patch", key, patch: patch as JsonObject })).toMatchObject({
      ok: true,
    });
    expect(serviceTypeOf(editable(findService(session)))).toBe(to);
  });
});

test("an empty form of a change sends nothing", () => {
  const session = open();
  add(session, newManifest("Service", recordsOf(session)));
  const base = editable(findService(session));
  expect(patchBetween(base, base)).toBeUndefined();
  expect(patchBetween(base, withServiceType(base, "ClusterIP"))).toBeUndefined();
});

test("fields are set by path, and what gets empty goes", () => {
  const manifest = { spec: { ports: [{ port: 80 }], selector: { app: "a" } } };
  expect(setAt(manifest, ["spec", "ports", 0, "nodePort"], 30_080)).toEqual({
    spec: { ports: [{ port: 80, nodePort: 30_080 }], selector: { app: "a" } },
  });
  expect(setAt(manifest, ["spec", "ports", 0], undefined)).toEqual({
    spec: { selector: { app: "a" } },
  });
  expect(setAt(manifest, ["spec", "selector"], undefined)).toEqual({
    spec: { ports: [{ port: 80 }] },
  });
  expect(getAt(manifest, ["spec", "ports", 0, "port"])).toBe(80);
  expect(getAt(manifest, ["spec", "constructor"])).toBeUndefined();
  expect(patchBetween(manifest, setAt(manifest, ["spec", "selector"], { b: "c" }))).toEqual({
    spec: { selector: { app: null, b: "c" } },
  });
});
