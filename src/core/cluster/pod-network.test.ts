// What a node's runtime and plugins do for a pod's network, run after run.
import { describe, expect, test } from "vitest";
import type { ClusterConfig } from "../api/cluster-config";
import type { CniCall } from "../kubelet/cni/calls/cni-call";
import { formatIpv4 } from "../net/ipv4";
import { clusterOf, manifestsOf, pod } from "../testing/cluster";
import { goneSandbox, nodePodNetwork, type PodSandbox, podSandbox, sandboxOf } from "./pod-network";
import type { World } from "./world";

function cluster(overrides: Partial<ClusterConfig> = {}): World {
  const web = pod("web", "node-1", "app: web")
    .replace("containerPort: 8080", "containerPort: 8080, hostPort: 80")
    .replace("name: web,", "name: web, annotations: {kubernetes.io/egress-bandwidth: 1M},");
  return clusterOf(web, { addons: [], ...overrides });
}

function sandbox(world: World, name = "web"): PodSandbox {
  const found = podSandbox(world, "default", name);
  if (!found) throw new Error(`no sandbox of ${name}`);
  return found;
}

/** `bridge(host-local) portmap`: who ran, and whom each called. */
function order(calls: readonly CniCall[]): string {
  return calls
    .map((call) => call.plugin + (call.calls.length > 0 ? `(${order(call.calls)})` : ""))
    .join(" ");
}

function find(calls: readonly CniCall[], plugin: string): CniCall {
  const found = findCall(calls, plugin);
  if (!found) throw new Error(`${plugin} did not run`);
  return found;
}

function findCall(calls: readonly CniCall[], plugin: string): CniCall | undefined {
  for (const call of calls) {
    const found = call.plugin === plugin ? call : findCall(call.calls, plugin);
    if (found) return found;
  }
  return undefined;
}

describe("who runs, in which order", () => {
  test.each([
    ["bridge", "loopback bridge(host-local) portmap bandwidth"],
    ["vxlan", "loopback flannel(bridge(host-local)) portmap"],
    ["calico", "loopback calico(calico-ipam) portmap bandwidth"],
    ["aws-vpc", "loopback aws-cni egress-cni portmap"],
  ] as const)("%s", (cni, expected) => {
    const { add, del } = sandbox(cluster({ cni }));
    expect(order(add)).toBe(expected);
    expect(del).toEqual([]);
  });

  test("Multus runs them all, and one more for each further network", () => {
    const world = cluster({ multus: true });
    world.execute({ type: "apply", manifests: manifestsOf(MULTUS) });
    world.settle();
    expect(order(sandbox(world, "wide").add)).toBe(
      "loopback multus(bridge(host-local) portmap bandwidth bridge(host-local))",
    );
    const [, multus] = sandbox(world, "wide").add;
    const further = multus?.calls.at(-1);
    expect(Object.fromEntries(further?.env ?? [])).toMatchObject({ CNI_IFNAME: "net1" });
    expect(further?.stdout).toMatchObject({ ips: [{ address: "10.10.0.2/24" }] });
  });

  test("on the way out from the last to the first", () => {
    const world = cluster();
    const { id } = sandbox(world).record;
    world.execute({ type: "delete", key: "Pod/default/web" });
    world.settle();
    expect(podSandbox(world, "default", "web")).toBeUndefined();
    const gone = sandboxOf(world, "node-1", id);
    expect(order(gone?.del ?? [])).toBe("bandwidth portmap bridge(host-local) loopback");
    const [bandwidth] = gone?.del ?? [];
    expect(bandwidth?.stdout).toBeUndefined();
    expect(bandwidth?.stdin).toHaveProperty("prevResult");
    expect(
      nodePodNetwork(world, "node-1")?.sandboxes.map(({ removedAtUs }) => removedAtUs),
    ).toEqual([expect.any(Number)]);
  });
});

const MULTUS = `
{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: storage}, spec: {config: '{"type": "bridge", "bridge": "br0", "ipam": {"type": "host-local", "subnet": "10.10.0.0/24"}}'}}
---
{apiVersion: v1, kind: Pod, metadata: {name: wide, annotations: {k8s.v1.cni.cncf.io/networks: storage}}, spec: {nodeName: node-1, containers: [{name: main, image: example/wide}]}}`;

test("each run has its environment, its configuration on stdin and a result on stdout", () => {
  const world = cluster();
  const { record, add } = sandbox(world);
  const bridge = find(add, "bridge");
  const { uid = "" } = world.store.find("Pod", "default", "web")?.metadata ?? {};
  expect(Object.fromEntries(bridge.env)).toEqual({
    CNI_COMMAND: "ADD",
    CNI_CONTAINERID: record.id,
    CNI_NETNS: record.netnsPath,
    CNI_ARGS: `IgnoreUnknown=1;K8S_POD_NAMESPACE=default;K8S_POD_NAME=web;K8S_POD_INFRA_CONTAINER_ID=${record.id};K8S_POD_UID=${uid}`,
    CNI_IFNAME: "eth0",
    CNI_PATH: "/opt/cni/bin",
  });
  expect(JSON.stringify(bridge.stdin)).toBe(
    '{"bridge":"cni0","cniVersion":"1.0.0","hairpinMode":true,"ipam":{"ranges":[[{"subnet":"10.244.1.0/24"}]],"routes":[{"dst":"0.0.0.0/0"}],"type":"host-local"},"isGateway":true,"name":"bridge","type":"bridge"}',
  );
  expect(find(add, "host-local").stdout).toEqual({
    cniVersion: "1.0.0",
    ips: [{ address: "10.244.1.2/24", gateway: "10.244.1.1" }],
    routes: [{ dst: "0.0.0.0/0" }],
    dns: {},
  });
});

test("a result says what is in the pod's namespace then", () => {
  for (const cni of ["bridge", "vxlan", "calico", "aws-vpc"] as const) {
    const world = cluster({ cni });
    const { add, record } = sandbox(world);
    const main = find(add, cni === "vxlan" ? "bridge" : (add[1]?.plugin ?? ""));
    const { ips, interfaces } = main.stdout as {
      readonly ips: readonly { readonly address: string }[];
      readonly interfaces: readonly { readonly name: string; readonly mac?: string }[];
    };
    const eth0 = world.plane.get("pod/default/web").interfaces.find(({ name }) => name === "eth0");
    const [address] = eth0?.addresses ?? [];
    expect(ips[0]?.address).toBe(`${formatIpv4(address?.ip ?? 0)}/${address?.prefix}`);
    const ends = world.plane.get("node/node-1").interfaces;
    const onNode = ends.find(({ name }) => name === record.hostDevice);
    expect(interfaces.some(({ name }) => name === record.hostDevice)).toBe(true);
    for (const { name, mac } of interfaces) {
      if (name === "eth0" && mac !== undefined) expect(mac).toBe(eth0?.mac);
      if (name === record.hostDevice && mac !== undefined) expect(mac).toBe(onNode?.mac);
      if (name === "cni0") expect(mac).toBe(ends.find((one) => one.name === name)?.mac);
    }
  }
});

test("portmap and bandwidth are told what the pod asks for", () => {
  const { add } = sandbox(cluster());
  expect(find(add, "portmap").stdin.runtimeConfig).toEqual({
    portMappings: [{ hostPort: 80, containerPort: 8080, protocol: "tcp", hostIP: "" }],
  });
  expect(find(add, "bandwidth").stdin.runtimeConfig).toEqual({
    bandwidth: { egressRate: 1_000_000, egressBurst: 2_147_483_647 },
  });
  expect(JSON.stringify(find(add, "bandwidth").stdout)).toMatch(/"name":"bwp[0-9a-f]{12}"/);
});

test("the chain that portmap names is the one in the node's rules", () => {
  const world = cluster();
  const [did = ""] = find(sandbox(world).add, "portmap").did;
  const chain = /CNI-DN-[0-9a-f]+/.exec(did)?.[0] ?? "";
  expect(world.plane.ruleset("node/node-1").nat?.chains.has(chain)).toBe(true);
});

test("a refusal: the plugin's error, what was begun is undone, and the event repeats it", () => {
  const names = Array.from({ length: 6 }, (_, index) => `web-${index}`);
  const small = `
{apiVersion: v1, kind: Node, metadata: {name: small}, spec: {podCIDR: 10.244.9.0/29}, status: {addresses: [{type: InternalIP, address: 10.0.1.40}]}}`;
  const world = clusterOf(small + names.map((name) => pod(name, "small", "app: web")).join(""), {
    addons: [],
  });
  const refused = names.map((name) => sandbox(world, name)).find(({ record }) => record.error);
  const message =
    "failed to allocate for range 0: no IP addresses available in range set: 10.244.9.1-10.244.9.6";
  expect(refused?.record.ip).toBeUndefined();
  expect(order(refused?.add ?? [])).toBe("loopback bridge(host-local)");
  expect(find(refused?.add ?? [], "bridge").stdout).toEqual({ code: 999, msg: message });
  expect(order(refused?.del ?? [])).toBe("bandwidth portmap bridge(host-local) loopback");
  const event = [...world.store.list("Event")].find(
    ({ reason }) => reason === "FailedCreatePodSandBox",
  );
  expect(event?.message).toBe(
    `Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "${refused?.record.id}": plugin type="bridge" name="bridge" failed (add): ${message}`,
  );
  expect(nodePodNetwork(world, "small")?.addresses).toEqual({ taken: 5, total: 5 });
});

describe("a node's files", () => {
  const paths = (world: World) => nodePodNetwork(world, "node-1")?.files.map(({ path }) => path);

  test("bridge: the list, and host-local's reservations", () => {
    const world = cluster();
    const { id } = sandbox(world).record;
    expect(paths(world)).toEqual([
      "/etc/cni/net.d/10-bridge.conflist",
      "/var/lib/cni/networks/bridge/10.244.1.2",
      "/var/lib/cni/networks/bridge/last_reserved_ip.0",
    ]);
    const [, reservation] = nodePodNetwork(world, "node-1")?.files ?? [];
    expect(reservation?.text).toBe(`${id}\r\neth0`);
  });

  test("the others have their own", () => {
    expect(paths(cluster({ cni: "vxlan" }))).toContain("/run/flannel/subnet.env");
    expect(paths(cluster({ cni: "calico" }))).toEqual(["/etc/cni/net.d/10-calico.conflist"]);
    expect(paths(cluster({ cni: "aws-vpc" }))).toEqual(["/etc/cni/net.d/10-aws.conflist"]);
    expect(paths(cluster({ multus: true }))?.[0]).toBe("/etc/cni/net.d/00-multus.conf");
  });

  test("every plugin that runs is one of its programs", () => {
    for (const cni of ["bridge", "vxlan", "calico", "aws-vpc"] as const) {
      const world = cluster({ cni, multus: true });
      const programs = nodePodNetwork(world, "node-1")?.programs ?? [];
      const used = order(sandbox(world).add).match(/[a-z-]+/g) ?? [];
      for (const plugin of used) expect(programs).toContain(plugin);
    }
  });
});

test("the same run gives the same calls; a pod on its node's network has none", () => {
  expect(sandbox(cluster())).toEqual(sandbox(cluster()));
  const host = `
{apiVersion: v1, kind: Pod, metadata: {name: host}, spec: {nodeName: node-1, hostNetwork: true, containers: [{name: main, image: example/host}]}}`;
  expect(podSandbox(clusterOf(host), "default", "host")).toBeUndefined();
});

test("of a pod that is gone its node remembers ADD and DEL", () => {
  const world = cluster();
  expect(goneSandbox(world, "default", "web")).toBeUndefined();
  world.execute({ type: "delete", key: "Pod/default/web" });
  world.settle();
  expect(podSandbox(world, "default", "web")).toBeUndefined();
  const gone = goneSandbox(world, "default", "web");
  expect(gone?.record.removedAtUs).toBeGreaterThan(gone?.record.addedAtUs ?? 0);
  expect(gone?.add.length).toBe(gone?.del.length);
});
