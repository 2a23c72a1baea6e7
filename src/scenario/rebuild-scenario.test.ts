import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { World } from "../core/cluster/world";
import { isPodReady } from "../core/controllers/pod-facts";
import { bootScenario } from "./boot";
import { rebuildScenario, type ScenarioSettings, settingsOf } from "./rebuild-scenario";

function boot(text: string): World {
  const booted = bootScenario(text);
  if (!booted.ok) throw new Error(JSON.stringify(booted.errors));
  booted.world.settle();
  return booted.world;
}

const builtIn = (name: string) => boot(readFileSync(`public/scenarios/${name}.yaml`, "utf8"));

function rebuilt(world: World, change: Partial<ScenarioSettings>): string {
  const settings = { ...settingsOf(world.config), ...change };
  return rebuildScenario(world.config, world.store, (key) => world.lastApplied(key), settings);
}

function names(world: World, kind: "Node" | "Host" | "Service" | "Deployment"): string[] {
  return [...world.store.list(kind)].map(({ metadata }) => metadata.name).sort();
}

function podIps(world: World): string[] {
  return [...world.store.list("Pod")]
    .filter((pod) => !pod.spec.hostNetwork && isPodReady(pod))
    .map(({ status }) => status.podIP ?? "");
}

describe("the default world on another pod network", () => {
  const world = builtIn("default");

  test.each([
    { cni: "bridge", range: /^10\.244\./, check: false },
    { cni: "vxlan", range: /^10\.244\./, check: true },
    { cni: "calico", range: /^10\.244\./, check: false },
    { cni: "aws-vpc", range: /^10\.0\.1\./, check: true },
  ] as const)("$cni: the same objects, and pods with its addresses", ({ cni, range, check }) => {
    const other = boot(rebuilt(world, { cni }));
    expect(other.config).toMatchObject({ cni, options: { sourceDestCheck: check } });
    for (const kind of ["Node", "Host", "Service", "Deployment"] as const)
      expect(names(other, kind)).toEqual(names(world, kind));
    const ips = podIps(other);
    expect(ips).toHaveLength(podIps(world).length);
    for (const ip of ips) expect(ip).toMatch(range);
  });

  test("a Service keeps its nodePort; other ranges give other addresses", () => {
    const other = boot(
      rebuilt(world, { clusterCIDR: "10.200.0.0/16", serviceCIDR: "10.112.0.0/16" }),
    );
    expect(podIps(other).every((ip) => ip.startsWith("10.200."))).toBe(true);
    const kuard = other.store.find("Service", "default", "kuard");
    expect(kuard?.spec.clusterIP).toMatch(/^10\.112\./);
  });

  test("without addons their machines are gone, too", () => {
    const other = boot(rebuilt(world, { addons: [], natGateway: "" }));
    expect(names(other, "Host")).not.toContain("apiserver");
    expect(other.config.natGateway).toBeUndefined();
    expect(names(other, "Deployment")).toEqual(["kuard"]);
  });
});

test("networks of Multus come along", () => {
  const other = boot(rebuilt(builtIn("multus"), { cni: "calico" }));
  const [network] = [...other.store.list("NetworkAttachmentDefinition")];
  expect(network?.metadata.name).toBe("storage");
  expect(other.plane.get("pod/default/db").interfaces.map(({ name }) => name)).toContain("net1");
});

test("what is wrong is told as for any scenario", () => {
  const booted = bootScenario(rebuilt(builtIn("default"), { serviceCIDR: "10.244.0.0/16" }));
  expect(booted.ok).toBe(false);
});
