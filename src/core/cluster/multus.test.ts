// Pods with several interfaces, as Multus makes them.
import { describe, expect, test } from "vitest";
import type { Pod } from "../api/types";
import { ipAddr, ipRoute } from "../dataplane/print-ip";
import { clusterOf, manifestsOf, pod } from "../testing/cluster";
import { findWay, outcomes } from "../testing/packet-flow";
import type { World } from "./world";

const NETWORK = `
---
apiVersion: k8s.cni.cncf.io/v1
kind: NetworkAttachmentDefinition
metadata: { name: storage }
spec:
  config: '{"cniVersion": "0.3.1", "name": "storage", "type": "bridge", "bridge": "br-storage", "ipam": {"type": "host-local", "subnet": "10.10.0.0/24", "rangeStart": "10.10.0.10", "rangeEnd": "10.10.0.12"}}'
`;

/** A pod that asks for networks. */
function plugged(name: string, node: string, networks: string): string {
  const annotations = JSON.stringify({ "k8s.v1.cni.cncf.io/networks": networks });
  return pod(name, node, `app: ${name}`).replace(
    `name: ${name},`,
    `name: ${name}, annotations: ${annotations},`,
  );
}

const OBJECTS = `${NETWORK}${plugged("db", "node-1", "storage")}${plugged("app", "node-1", "storage")}${plugged("far", "node-2", "default/storage@data")}${pod("plain", "node-1", "app: plain")}`;

function cluster(objects = OBJECTS, cni: "bridge" | "calico" = "bridge"): World {
  return clusterOf(objects, { multus: true, cni });
}

function podOf(world: World, name: string): Pod {
  const found = world.store.find("Pod", "default", name);
  if (!found) throw new Error(`no pod ${name}`);
  return found;
}

/** The address of its second interface. */
function secondIp(world: World, name: string): string {
  return String(statusOf(world, name)[1]?.ips);
}

function statusOf(world: World, name: string): readonly Record<string, unknown>[] {
  const { annotations = {} } = podOf(world, name).metadata;
  return JSON.parse(annotations["k8s.v1.cni.cncf.io/network-status"] ?? "[]");
}

function eventsOf(world: World, name: string): readonly string[] {
  return [...world.store.list("Event")]
    .filter(({ involvedObject }) => involvedObject.name === name)
    .map(({ reason, message }) => `${reason}: ${message}`);
}

function settled(world: World, yaml: string): World {
  expect(world.execute({ type: "apply", manifests: manifestsOf(yaml) }).ok).toBe(true);
  world.settle();
  return world;
}

describe.each(["bridge", "calico"] as const)("over %s", (cni) => {
  const world = cluster(OBJECTS, cni);

  test("an annotated pod has a second interface, on a bridge of its own", () => {
    expect(ipAddr(world.plane.get("pod/default/db")).join("\n")).toContain(
      `inet ${secondIp(world, "db")}/24 brd 10.10.0.255 scope global net1`,
    );
    expect(ipRoute(world.plane.get("pod/default/db"))).toContain(
      `10.10.0.0/24 dev net1 proto kernel scope link src ${secondIp(world, "db")} `,
    );
    const bridge = world.plane
      .get("node/node-1")
      .interfaces.find(({ name }) => name === "br-storage");
    expect(bridge).toMatchObject({ kind: "bridge", addresses: [] });
    expect(world.plane.get("pod/default/plain").interfaces.length).toBe(2);
    expect(world.plane.get("pod/default/far").interfaces.map(({ name }) => name)).toEqual([
      "lo",
      "eth0",
      "data",
    ]);
  });

  test("on one node the pods talk over it, without address translation", () => {
    const to = `${secondIp(world, "db")}:8080`;
    expect(outcomes(world, "pod/default/app", to)).toEqual({
      [`pod/default/db sees ${secondIp(world, "app")}`]: 1,
    });
    const way = findWay(world, { from: "pod/default/app", to });
    expect(way.hops.some(({ detail }) => detail.startsWith("br-storage port veth"))).toBe(true);
  });

  test("another node's bridge is another network, with the same addresses", () => {
    expect(statusOf(world, "far")[1]).toMatchObject({ interface: "data", ips: ["10.10.0.10"] });
    expect([secondIp(world, "app"), secondIp(world, "db")].sort()).toEqual([
      "10.10.0.10",
      "10.10.0.11",
    ]);
    expect(outcomes(world, "pod/default/far", "10.10.0.11:8080")).toEqual({
      "refused NeighFailed": 1,
    });
  });

  test("who is not on it does not reach it; Services lead to eth0", () => {
    const [fate] = Object.keys(
      outcomes(world, "pod/default/plain", `${secondIp(world, "db")}:8080`),
    );
    expect(fate).toMatch(/^(dropped|refused) /);
    const db = podOf(world, "db");
    expect(db.status.podIP).toMatch(/^10\.244\./);
  });
});

test("Multus tells of the interfaces in an annotation and in events", () => {
  const world = cluster();
  const ip = podOf(world, "db").status.podIP;
  expect(statusOf(world, "db")).toEqual([
    expect.objectContaining({ name: "bridge", interface: "eth0", ips: [ip], default: true }),
    expect.objectContaining({
      name: "default/storage",
      interface: "net1",
      ips: [secondIp(world, "db")],
    }),
  ]);
  expect(eventsOf(world, "db")).toContain(
    `AddedInterface: Add net1 [${secondIp(world, "db")}/24] from default/storage`,
  );
  expect(eventsOf(world, "db")).toContain(`AddedInterface: Add eth0 [${ip}/24] from bridge`);
});

test("without Multus the annotation means nothing", () => {
  const world = clusterOf(OBJECTS);
  expect(world.plane.get("pod/default/db").interfaces.length).toBe(2);
  expect(statusOf(world, "db")).toEqual([]);
});

test("a network that there is not keeps the pod from starting, until there is", () => {
  const world = cluster(plugged("early", "node-1", "storage"));
  const { uid } = podOf(world, "early").metadata;
  const words = `cannot find a network-attachment-definition (storage) in namespace (default): network-attachment-definitions.k8s.cni.cncf.io "storage" not found`;
  expect(eventsOf(world, "early")).toContain(`NoNetworkFound: ${words}`);
  expect(eventsOf(world, "early").join("\n")).toContain(
    `plugin type="multus" name="multus-cni-network" failed (add): Multus: [default/early/${uid}]: error loading k8s delegates k8s args: TryLoadPodDelegates: error in getting k8s network for pod: GetNetworkDelegates: failed getting the delegate: getKubernetesDelegate: ${words}`,
  );
  settled(world, NETWORK);
  expect(statusOf(world, "early").length).toBe(2);
  expect(podOf(world, "early").status.phase).toBe("Running");
});

test("a network whose addresses are all taken: the pod waits, and holds none of the pod network", () => {
  const names = ["a", "b", "c", "d"];
  const world = cluster(NETWORK + names.map((name) => plugged(name, "node-1", "storage")).join(""));
  const waiting = names.filter((name) => podOf(world, name).status.phase === "Pending");
  expect(waiting.length).toBe(1);
  const [name = ""] = waiting;
  const { uid } = podOf(world, name).metadata;
  expect(eventsOf(world, name).join("\n")).toContain(
    `[default/${name}/${uid}:storage]: error adding container to network "storage": failed to allocate for range 0: no IP addresses available in range set: 10.10.0.10-10.10.0.12`,
  );
  const running = names.find((one) => one !== name) ?? "";
  world.execute({ type: "delete", key: `Pod/default/${running}` });
  world.settle();
  expect(podOf(world, name).status.phase).toBe("Running");
});

test.each([
  ["a plugin that is not modelled", `{"type": "macvlan", "master": "eth0"}`, 'not "macvlan"'],
  ["no JSON", "bridge", "no JSON object"],
  [
    "no subnet",
    `{"type": "bridge", "ipam": {"type": "host-local"}}`,
    "invalid range set 0: invalid CIDR address",
  ],
  [
    "a bridge that is a card",
    `{"type": "bridge", "bridge": "eth0", "ipam": {"type": "host-local", "subnet": "10.10.0.0/24"}}`,
    '"eth0" already exists but is not a bridge',
  ],
])("%s is refused where the pod would start", (_, config, words) => {
  const network = `
---
{apiVersion: k8s.cni.cncf.io/v1, kind: NetworkAttachmentDefinition, metadata: {name: odd}, spec: {config: ${JSON.stringify(config)}}}`;
  const world = cluster(network + plugged("late", "node-1", "odd"));
  expect(eventsOf(world, "late").join("\n")).toContain(words);
  expect(world.plane.find("pod/default/late")).toBeUndefined();
});

test.each([
  ["storage/a/b", "Invalid network object (failed at '/')"],
  ["a@b@c", "Invalid network object (failed at '@')"],
  ["Big", "mismatch @ 'Big'"],
  ["[{]", "failed to parse pod Network Attachment Selection Annotation JSON format"],
  [`[{"namespace": "x"}]`, "network name is required"],
  ["storage,storage@net1", `"net1": the name is taken`],
])("the annotation %s is refused", (networks, words) => {
  const world = cluster(NETWORK + plugged("odd", "node-1", networks));
  expect(eventsOf(world, "odd").join("\n")).toContain(words);
});

test("pods that go leave no port and no address behind; the bridge stays", () => {
  const world = cluster();
  const before = world.plane.get("node/node-1").interfaces.length;
  const freed = secondIp(world, "db");
  world.execute({ type: "delete", key: "Pod/default/db" });
  world.settle();
  expect(world.plane.get("node/node-1").interfaces.length).toBe(before - 2);
  settled(world, plugged("third", "node-1", "storage"));
  settled(world, plugged("fourth", "node-1", "storage"));
  expect([secondIp(world, "third"), secondIp(world, "fourth")]).toContain(freed);
});
