// The runs that kubehop tells of, done with the real plugins: they print the same.
import { afterEach, describe, expect, test } from "vitest";
import type { CniName } from "../../../api/cluster-config";
import { isObject, type JsonObject } from "../../../api/json";
import { podSandbox } from "../../../cluster/pod-network";
import { ipRoute } from "../../../dataplane/print-ip";
import { clusterOf, pod } from "../../../testing/cluster";
import type { CniCall } from "./cni-call";
import { findPluginsObstacle, RealSandbox } from "./testing/real-plugins";

const obstacle = findPluginsObstacle();
let real: RealSandbox | undefined;

afterEach(() => {
  real?.remove();
  real = undefined;
});

function cluster(cni: CniName) {
  const web = pod("web", "node-1", "app: web")
    .replace("containerPort: 8080", "containerPort: 8080, hostPort: 80")
    .replace("name: web,", "name: web, annotations: {kubernetes.io/egress-bandwidth: 1M},");
  return clusterOf(web, { addons: [], cni });
}

describe.skipIf(obstacle)(
  `as the reference plugins do it${obstacle ? `: ${obstacle}` : ""}`,
  () => {
    test("the bridge network's list", () => {
      const world = cluster("bridge");
      const { add = [] } = podSandbox(world, "default", "web") ?? {};
      compareRuns(add);
      expect([...(real?.routes() ?? [])].sort()).toEqual(
        [...ipRoute(world.plane.get("pod/default/web"))].sort(),
      );
    });

    test("what flannel's plugin asks of bridge", () => {
      const world = cluster("vxlan");
      const { add = [] } = podSandbox(world, "default", "web") ?? {};
      compareRuns(add.flatMap(({ plugin, calls }) => (plugin === "flannel" ? calls : [])));
      expect([...(real?.routes() ?? [])].sort()).toEqual(
        [...ipRoute(world.plane.get("pod/default/web"))].sort(),
      );
    });

    test("a range with nothing left", () => {
      const nodes = `
{apiVersion: v1, kind: Node, metadata: {name: small}, spec: {podCIDR: 10.244.9.0/30}, status: {addresses: [{type: InternalIP, address: 10.0.1.40}]}}`;
      const world = clusterOf(nodes + pod("one", "small", "a: b") + pod("two", "small", "a: b"), {
        addons: [],
      });
      const sandboxes = ["one", "two"].flatMap((name) => podSandbox(world, "default", name) ?? []);
      const [made, refused] = sandboxes.sort((a, b) => a.record.addedAtUs - b.record.addedAtUs);
      compareRuns((made?.add ?? []).filter(({ plugin }) => plugin === "bridge"));
      real?.nextPod();
      compareRuns((refused?.add ?? []).filter(({ plugin }) => plugin === "bridge"));
    });
  },
);

/** Runs one after the other; each is given what the real one before it printed. */
function compareRuns(calls: readonly CniCall[]): void {
  real ??= new RealSandbox();
  let before: unknown;
  for (const call of calls) {
    const { status, stdout } = real.run(call, realStdin(call.stdin, before, real.directory));
    const printed: unknown = JSON.parse(stdout);
    expect(comparable(printed), call.plugin).toEqual(comparable(call.stdout));
    expect(status === 0).toBe(!call.failed);
    before = call.plugin === "loopback" ? undefined : printed;
  }
}

function realStdin(stdin: JsonObject, before: unknown, dataDir: string): JsonObject {
  const { prevResult: _, ...rest } = stdin;
  const ipam = isObject(rest.ipam) ? { ipam: { ...rest.ipam, dataDir } } : {};
  return { ...rest, ...ipam, ...(before !== undefined && { prevResult: before }) };
}

/** MAC addresses and the names of devices are random there, and lo has an IPv6 address, too. */
function comparable(result: unknown): unknown {
  const text = JSON.stringify(result)
    .replace(/"mac":"(?!00:00)[0-9a-f:]+"/g, '"mac":"MAC"')
    .replace(/"veth[0-9a-f]{8}"/g, '"VETH"')
    .replace(/"sandbox":"[^"]+"/g, '"sandbox":"NETNS"')
    .replace(',{"interface":0,"address":"::1/128"}', "");
  return JSON.parse(text);
}
