import type { NodeDeviceView } from "../../worker/pod-network-protocol";
import type { Rect } from "./anchors";
import type { NodeView } from "./model";

/** A part of a node: `eth0`, `kube-proxy`, `iptables`, `route`, `local`, or another of its network devices. */
export type PartName = string;

/** On every node. kube-proxy stands above iptables, beside the packet's way. */
const COMMON: Readonly<Record<string, Rect>> = {
  eth0: { x: 12, y: 98, width: 50, height: 34 },
  "kube-proxy": { x: 76, y: 36, width: 220, height: 38 },
  iptables: { x: 76, y: 86, width: 220, height: 58 },
  route: { x: 310, y: 98, width: 52, height: 34 },
  local: { x: 310, y: 36, width: 118, height: 38 },
};

/** The main bridge, in line with the packet's way to the pods; below it bridges of further networks. */
const BRIDGE: Rect = { x: 376, y: 98, width: 52, height: 34 };
const FURTHER_BRIDGE = { x: 310, y: 144, width: 118, height: 26, gap: 32 };
const TUNNEL: Rect = { x: 5, y: 42, width: 64, height: 30 };
/** Cards beside eth0, down the room's left side. */
const CARD = { x: 12, y: 144, width: 50, height: 26, gap: 32 };

/** Where a node's parts are in its room: only devices that it has. */
export function partsOf({ runtime }: NodeView): ReadonlyMap<PartName, Rect> {
  const parts = new Map<PartName, Rect>(Object.entries(COMMON));
  const devices = runtime?.devices ?? DEFAULT_DEVICES;
  let cards = 0;
  let bridges = 0;
  for (const { name, kind } of devices) {
    if (name === "eth0") continue;
    if (name === MAIN_BRIDGE) parts.set(name, BRIDGE);
    else if (kind === "vxlan") parts.set(name, TUNNEL);
    else if (kind === "bridge") parts.set(name, stacked(FURTHER_BRIDGE, bridges++));
    else parts.set(name, stacked(CARD, cards++));
  }
  return parts;
}

const MAIN_BRIDGE = "cni0";
const DEFAULT_DEVICES: readonly NodeDeviceView[] = [
  { name: "eth0", kind: "ethernet", ips: [] },
  { name: MAIN_BRIDGE, kind: "bridge", ips: [] },
];

function stacked({ gap, ...rect }: Rect & { readonly gap: number }, index: number): Rect {
  return { ...rect, y: rect.y + gap * index };
}

/** Of the lowest part. */
export function partsBottom(view: NodeView): number {
  return Math.max(...[...partsOf(view).values()].map(({ y, height }) => y + height));
}
