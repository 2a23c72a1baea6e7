import { describe, expect, it } from "vitest";
import { cidr } from "../../net/cidr";
import { CowMap } from "../../sim/cow-map";
import { randomStream } from "../../sim/random";
import { ApiServer } from "../server";
import { Store } from "../store";
import type { Service } from "../types";
import { RangeAllocator } from "./range-allocator";
import { clusterIpAllocator, clusterIpIndex, nodePortAllocator } from "./ranges";

function serverOf(serviceCIDR = "10.96.0.0/12", seed = 1) {
  const store = new Store();
  return { store, server: new ApiServer(store, { seed, serviceCIDR }) };
}

function make(server: ApiServer, name: string, spec: object = {}) {
  const manifest = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name },
    spec: { ports: [{ port: 80 }], ...spec },
  };
  return server.create(manifest, 0);
}

function made(server: ApiServer, name: string, spec: object = {}): Service {
  const result = make(server, name, spec);
  if (!result.ok) throw new Error(result.status.message);
  return result.value as Service;
}

function refusal(server: ApiServer, name: string, spec: object): string {
  const result = make(server, name, spec);
  return result.ok ? "(accepted)" : result.status.message;
}

describe("bands", () => {
  it("are those of Kubernetes", () => {
    expect(clusterIpAllocator("10.96.0.0/12")).toMatchObject({
      size: 2 ** 20 - 2,
      staticBand: 256,
    });
    expect(clusterIpAllocator("10.0.0.0/24")).toMatchObject({ size: 254, staticBand: 16 });
    expect(clusterIpAllocator("10.0.0.0/28")).toMatchObject({ size: 14, staticBand: 0 });
    expect(nodePortAllocator()).toMatchObject({ size: 2768, staticBand: 86 });
    expect(clusterIpIndex(cidr("10.96.0.0/12"), "10.96.1.0")).toBe(255);
    expect(clusterIpIndex(cidr("10.96.0.0/12"), "10.96.0.0")).toBeUndefined();
    expect(clusterIpIndex(cidr("10.96.0.0/12"), "10.111.255.255")).toBeUndefined();
  });

  it("leave the static one for last", () => {
    const allocator = new RangeAllocator(40, 16);
    const picked = Array.from({ length: 40 }, (_, index) =>
      allocator.takeRandom(randomStream(1, `${index}`), "me"),
    );
    expect(Math.min(...(picked.slice(0, 24) as number[]))).toBe(16);
    expect([...(picked.slice(24) as number[])].sort((a, b) => a - b)).toEqual([
      ...Array(16).keys(),
    ]);
    expect(allocator.takeRandom(randomStream(1, "x"), "me")).toBeUndefined();
  });
});

describe("allocation", () => {
  it("is random and repeatable", () => {
    const ips = (seed: number) => {
      const { server } = serverOf(undefined, seed);
      return ["a", "b", "c"].map((name) => made(server, name).spec.clusterIP);
    };
    expect(ips(1)).toEqual(ips(1));
    expect(ips(1)).not.toEqual(ips(2));
    expect(new Set(ips(1)).size).toBe(3);
  });

  it("says when a number is taken, and frees it with its Service", () => {
    const { server } = serverOf();
    made(server, "a", {
      type: "NodePort",
      clusterIP: "10.96.0.10",
      ports: [{ port: 80, nodePort: 30007 }],
    });
    expect(refusal(server, "b", { clusterIP: "10.96.0.10" })).toBe(
      'Service "b" is invalid: spec.clusterIPs: Invalid value: []string{"10.96.0.10"}: failed to allocate IP 10.96.0.10: provided IP is already allocated',
    );
    expect(
      refusal(server, "b", {
        type: "NodePort",
        clusterIP: "10.96.0.11",
        ports: [{ port: 80, nodePort: 30007 }],
      }),
    ).toBe(
      'Service "b" is invalid: spec.ports[0].nodePort: Invalid value: 30007: provided port is already allocated',
    );
    // The refused Service holds nothing.
    made(server, "c", { clusterIP: "10.96.0.11" });
    server.delete("Service", "default", "a", 0);
    made(server, "b", {
      type: "NodePort",
      clusterIP: "10.96.0.10",
      ports: [{ port: 80, nodePort: 30007 }],
    });
  });

  it("frees what a controller removed, once, and not what another has meanwhile", () => {
    const { server, store } = serverOf();
    made(server, "a", { clusterIP: "10.96.0.10" });
    store.takeChanges();
    store.remove("Service", "default", "a");
    const changes = store.takeChanges();
    for (const change of changes) server.observe(change);
    made(server, "b", { clusterIP: "10.96.0.10" });
    for (const change of changes) server.observe(change);
    expect(refusal(server, "c", { clusterIP: "10.96.0.10" })).toContain("already allocated");
  });

  it("gives TCP 53 and UDP 53 of one Service the same nodePort", () => {
    const { server } = serverOf();
    const ports = [
      { name: "dns", port: 53, protocol: "UDP" },
      { name: "dns-tcp", port: 53 },
      { name: "web", port: 80 },
    ];
    const [udp, tcp, web] = made(server, "dns", { type: "NodePort", ports }).spec.ports ?? [];
    expect(udp?.nodePort).toBe(tcp?.nodePort);
    expect(udp?.nodePort).not.toBe(web?.nodePort);
  });

  it("gives no nodePorts where the Service wants none", () => {
    const { server } = serverOf();
    const { spec } = made(server, "a", {
      type: "LoadBalancer",
      allocateLoadBalancerNodePorts: false,
    });
    expect(spec.ports?.[0]).not.toHaveProperty("nodePort");
  });

  it("says when nodePorts run out", () => {
    const { server } = serverOf();
    for (let index = 0; index < 2768; index++) made(server, `s${index}`, { type: "NodePort" });
    expect(refusal(server, "more", { type: "NodePort" })).toBe(
      "Internal error occurred: failed to allocate a nodePort: range is full",
    );
  });

  it("does not see what happens on a copy", () => {
    const { server } = serverOf();
    made(server.rehearsal(), "a", { clusterIP: "10.96.0.10" });
    made(server, "b", { clusterIP: "10.96.0.10" });
  });

  it("looks at few numbers for each of 10,000 Services", () => {
    let looked = 0;
    class Counting extends CowMap<number, string> {
      override has(key: number): boolean {
        looked++;
        return super.has(key);
      }
    }
    const allocator = new RangeAllocator(2 ** 20 - 2, 256, new Counting());
    for (let index = 0; index < 10_000; index++)
      allocator.takeRandom(randomStream(1, `${index}`), `${index}`);
    expect(allocator.used).toBe(10_000);
    expect(looked).toBeLessThan(12_000);
  });
});
