import { expect, test } from "vitest";
import type { NodeDeviceView } from "../../worker/pod-network-protocol";
import { canvasModel, type NodeView } from "./model";
import { partsBottom, partsOf } from "./parts";
import { world } from "./testing/fixture";

const COMMON = ["eth0", "kube-proxy", "iptables", "route", "local"];

function nodeWith(...devices: readonly (readonly [string, NodeDeviceView["kind"]])[]): NodeView {
  const [view] = canvasModel(world()).nodes;
  if (!view?.runtime) throw new Error("no node");
  const listed = devices.map(([name, kind]) => ({ name, kind, ips: [] }));
  return { ...view, runtime: { ...view.runtime, devices: listed } };
}

test.each([
  {
    cni: "bridge",
    devices: [
      ["eth0", "ethernet"],
      ["cni0", "bridge"],
    ],
    more: ["cni0"],
  },
  {
    cni: "vxlan",
    devices: [
      ["eth0", "ethernet"],
      ["cni0", "bridge"],
      ["flannel.1", "vxlan"],
    ],
    more: ["cni0", "flannel.1"],
  },
  { cni: "calico", devices: [["eth0", "ethernet"]], more: [] },
  {
    cni: "aws-vpc",
    devices: [
      ["eth0", "ethernet"],
      ["eth1", "ethernet"],
    ],
    more: ["eth1"],
  },
  {
    cni: "multus",
    devices: [
      ["eth0", "ethernet"],
      ["cni0", "bridge"],
      ["br-storage", "bridge"],
    ],
    more: ["cni0", "br-storage"],
  },
] as const)("$cni: a node is drawn with the devices that it has", ({ devices, more }) => {
  expect([...partsOf(nodeWith(...devices)).keys()]).toEqual([...COMMON, ...more]);
});

test("parts do not lie on each other, and the room is high enough for them", () => {
  const view = nodeWith(
    ["eth0", "ethernet"],
    ["eth1", "ethernet"],
    ["eth2", "ethernet"],
    ["cni0", "bridge"],
    ["br-a", "bridge"],
    ["br-b", "bridge"],
    ["flannel.1", "vxlan"],
  );
  const rects = [...partsOf(view).values()];
  for (const [index, a] of rects.entries())
    for (const b of rects.slice(index + 1)) {
      const apart =
        a.x + a.width <= b.x ||
        b.x + b.width <= a.x ||
        a.y + a.height <= b.y ||
        b.y + b.height <= a.y;
      expect(apart, `${JSON.stringify(a)} ${JSON.stringify(b)}`).toBe(true);
    }
  expect(Math.max(...rects.map(({ y, height }) => y + height))).toBe(partsBottom(view));
});
