import { describe, expect, test } from "vitest";
import type { EndpointSlice } from "../api/types";
import { isPodReady } from "./pod-facts";
import { MAX_ENDPOINTS_PER_SLICE, packSlices } from "./slice-packing";
import { Driver, deployment, kuard, MS, pod, service, THREE_NODES } from "./testing/driver";

function slicesOf(driver: Driver): EndpointSlice[] {
  return [...driver.store.list("EndpointSlice")];
}

function addresses(slice: EndpointSlice | undefined, ready = true): (string | undefined)[] {
  const some = slice?.endpoints.filter((one) => one.conditions?.ready === ready) ?? [];
  return some.map((one) => one.addresses[0]);
}

describe("a Service with a selector", () => {
  test("has a placeholder slice at first, which then takes the ready pods", () => {
    const driver = new Driver();
    driver.put(...THREE_NODES, service("kuard", { app: "kuard" }));
    driver.settle();
    const [placeholder] = slicesOf(driver);
    expect(placeholder).toMatchObject({ endpoints: [], ports: [] });
    expect(placeholder?.metadata.name).toMatch(/^kuard-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
    driver.put(deployment("kuard", 3));
    driver.settle();
    const [slice, ...others] = slicesOf(driver);
    expect(others).toEqual([]);
    expect(slice?.metadata.name).toBe(placeholder?.metadata.name);
    expect(slice?.ports).toEqual([{ name: "", protocol: "TCP", port: 8080 }]);
    expect(addresses(slice).sort()).toEqual(["10.244.1.2", "10.244.2.2", "10.244.3.2"]);
    expect(slice?.endpoints[0]).toMatchObject({
      conditions: { ready: true, serving: true, terminating: false },
      targetRef: { kind: "Pod", namespace: "default" },
    });
    expect(driver.store.find("Endpoints", "default", "kuard")?.subsets).toMatchObject([
      {
        addresses: [{ ip: "10.244.1.2" }, { ip: "10.244.2.2" }, { ip: "10.244.3.2" }],
        ports: [{ port: 8080, protocol: "TCP" }],
      },
    ]);
  });

  test("learns of a ready pod about 100 ms later, not before", () => {
    const driver = new Driver();
    driver.put(...THREE_NODES, service("kuard", { app: "kuard" }), pod("kuard", { app: "kuard" }));
    let readyAtUs = 0;
    let endpointAtUs = 0;
    driver.watch = () => {
      const one = driver.pods()[0];
      if (readyAtUs === 0 && one && isPodReady(one)) readyAtUs = driver.nowUs;
      if (endpointAtUs === 0 && addresses(slicesOf(driver)[0]).length > 0)
        endpointAtUs = driver.nowUs;
    };
    driver.settle();
    expect(endpointAtUs - readyAtUs).toBe(100 * MS);
  });

  test("keeps a pod that terminates as serving, not ready, until it is gone", () => {
    const driver = new Driver();
    driver.put(...THREE_NODES, service("kuard", { app: "kuard" }), pod("kuard", { app: "kuard" }));
    driver.settle();
    const conditions = new Set<string>();
    driver.watch = () => {
      for (const one of slicesOf(driver)[0]?.endpoints ?? []) {
        conditions.add(JSON.stringify(one.conditions));
      }
    };
    driver.delete("Pod", "default", "kuard");
    driver.settle();
    expect([...conditions]).toContain('{"ready":false,"serving":true,"terminating":true}');
    expect(slicesOf(driver)[0]?.endpoints).toEqual([]);
  });

  test("gives one slice for each number that a named targetPort has", () => {
    const driver = new Driver();
    const port = (containerPort: number) =>
      kuard({ image: "example/server", ports: [{ name: "web", containerPort, protocol: "TCP" }] });
    driver.put(
      ...THREE_NODES,
      service("web", { app: "web" }, {}, { targetPort: "web" }),
      pod("old", { app: "web" }, port(8080)),
      pod("new", { app: "web" }, port(9090)),
      pod("mute", { app: "web" }),
    );
    driver.settle();
    const byPort = slicesOf(driver).map((slice) => [slice.ports[0]?.port, slice.endpoints.length]);
    expect(byPort.sort()).toEqual([
      [8080, 1],
      [9090, 1],
    ]);
    expect(driver.store.find("Endpoints", "default", "web")?.subsets).toHaveLength(2);
  });

  test("publishes addresses that are not ready where it is told to", () => {
    const driver = new Driver();
    const never = kuard({ readinessProbe: { tcpSocket: { port: 9999 } } });
    driver.put(...THREE_NODES, pod("kuard", { app: "kuard" }, never));
    driver.put(service("shy", { app: "kuard" }));
    driver.put(service("bold", { app: "kuard" }, { publishNotReadyAddresses: true }));
    driver.settle();
    const [shy, bold] = ["shy", "bold"].map((name) =>
      slicesOf(driver).find((slice) => slice.metadata.name.startsWith(name)),
    );
    expect(addresses(shy, false)).toHaveLength(1);
    expect(addresses(bold, true)).toHaveLength(1);
    expect(driver.store.find("Endpoints", "default", "shy")?.subsets?.[0]).toMatchObject({
      notReadyAddresses: [{ ip: "10.244.1.2" }],
    });
  });

  test("PreferClose: ready endpoints are for their own zone, until the Service no longer says so", () => {
    const driver = new Driver();
    const zoned = THREE_NODES.map((node, index) => ({
      ...node,
      metadata: {
        ...node.metadata,
        labels: { ...node.metadata.labels, "topology.kubernetes.io/zone": index === 2 ? "b" : "a" },
      },
    }));
    const never = kuard({ readinessProbe: { tcpSocket: { port: 9999 } } });
    driver.put(...zoned, deployment("kuard", 3), pod("sick", { app: "kuard" }, never));
    const close = service("kuard", { app: "kuard" }, { trafficDistribution: "PreferClose" });
    driver.put(close);
    driver.settle();
    const hints = () =>
      slicesOf(driver)[0]
        ?.endpoints.map(({ zone, hints }) => `${zone} for ${hints?.forZones?.[0]?.name ?? "all"}`)
        .sort();
    expect(hints()).toEqual(["a for a", "a for a", "a for all", "b for b"]);
    driver.put(service("kuard", { app: "kuard" }));
    driver.settle();
    expect(hints()).toEqual(["a for all", "a for all", "a for all", "b for all"]);
  });

  test("leaves no endpoints behind when it is deleted", () => {
    const driver = new Driver();
    driver.put(...THREE_NODES, service("kuard", { app: "kuard" }), pod("kuard", { app: "kuard" }));
    driver.settle();
    driver.delete("Service", "default", "kuard");
    driver.settle();
    expect(driver.store.count("EndpointSlice") + driver.store.count("Endpoints")).toBe(0);
  });
});

test("hand-made Endpoints of a Service without selector become slices", () => {
  const driver = new Driver();
  driver.put(service("db", undefined), {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name: "db", namespace: "default", uid: "e", resourceVersion: "" },
    subsets: [{ addresses: [{ ip: "198.51.100.20" }], ports: [{ port: 5432, protocol: "TCP" }] }],
  });
  driver.settle();
  expect(slicesOf(driver)).toMatchObject([
    { endpoints: [{ addresses: ["198.51.100.20"] }], ports: [{ port: 5432 }] },
  ]);
});

test("a slice holds 100 endpoints; the rest goes into another", () => {
  const endpoints = Array.from({ length: 250 }, (_, i) => ({ addresses: [`10.0.0.${i}`] }));
  const content = { ports: [{ name: "", protocol: "TCP" as const, port: 80 }], endpoints };
  const { created } = packSlices([], new Map([["/TCP/80/", content]]));
  expect(created.map((one) => one.endpoints.length)).toEqual([MAX_ENDPOINTS_PER_SLICE, 100, 50]);
});

test("a slice that somebody else edits or deletes is put right", () => {
  const driver = new Driver();
  driver.put(...THREE_NODES, service("kuard", { app: "kuard" }), pod("kuard", { app: "kuard" }));
  driver.settle();
  const [slice] = slicesOf(driver);
  if (!slice) throw new Error("no slice");
  driver.edit(slice, (one) => ({ ...one, endpoints: [] }));
  driver.settle();
  expect(addresses(slicesOf(driver)[0])).toEqual(addresses(slice));
  driver.delete("EndpointSlice", "default", slice.metadata.name);
  driver.settle();
  expect(addresses(slicesOf(driver)[0])).toEqual(addresses(slice));
});
