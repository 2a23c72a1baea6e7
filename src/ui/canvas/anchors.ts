import type { PlaceId } from "../../core/trace/place";
import type { HopView } from "../../worker/protocol";
import { type Box, type Layout, type Point, ZONES } from "./layout";

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
}

/** Where a packet is drawn at a place. */
export interface Anchor extends Point {
  /** Left edge of a card whose anchor is at its right. */
  readonly left?: number;
  readonly isPod?: boolean;
  /** Of a node's part: the node, the corners of the way to it from the VPC, and from it to where its pods' lines
   *  branch off. */
  readonly node?: string;
  readonly inward?: readonly Point[];
  readonly podward?: readonly Point[];
}

/** The line along the pods runs that far from the right edge of the way there: that of the `local` part. */
const BUS_OFFSET = 13;

/** Where the line along a node's pods runs. */
export function busOf(layout: Layout, node: string): number | undefined {
  const local = rectOf(layout, `node/${node}/local`);
  return local && local.x + local.width + BUS_OFFSET;
}

/** Where a box is on the whole canvas; undefined when there is no such box. */
export function rectOf(layout: Layout, id: string): Rect | undefined {
  const box = layout.boxes.get(id);
  if (!box) return undefined;
  let { x, y } = box;
  let parent = parentOf(layout, box);
  while (parent) {
    x += parent.x;
    y += parent.y;
    parent = parentOf(layout, parent);
  }
  return { x, y, width: box.width, height: box.height };
}

function parentOf(layout: Layout, box: Box): Box | undefined {
  return box.parent === undefined ? undefined : layout.boxes.get(box.parent);
}

/** The box that stands for a place: objects have their key as id. */
export function boxIdOf(place: PlaceId): string {
  if (place.startsWith("host/")) return `Host/${place.slice("host/".length)}`;
  if (place.startsWith("pod/")) return `Pod/${place.slice("pod/".length)}`;
  return place;
}

/** Where a packet at this place is drawn. `near` is another place of the same journey: a pod that is gone is
 *  looked for at the bridge of the node that the packet crossed just before or after. */
export function anchorOf(
  layout: Layout,
  place: PlaceId,
  near?: PlaceId,
  card: string = FIRST_CARD,
): Anchor {
  const rect = rectOf(layout, boxIdOf(place));
  if (rect) return { ...anchorIn(rect, place), ...waysOf(layout, place, card) };
  const [kind, node] = (place.startsWith("node/") ? place : (near ?? "")).split("/");
  if (kind === "node") {
    const bridge = `node/${node}/${place.startsWith("pod/") && layout.boxes.has(`node/${node}/cni0`) ? "cni0" : "route"}`;
    const room = rectOf(layout, `Node/${node}`);
    if (layout.boxes.has(bridge)) return anchorOf(layout, bridge);
    if (room) return center(room);
  }
  const fabric = rectOf(layout, place.startsWith("elb/") ? "igw" : "vpc");
  return fabric ? anchorIn(fabric, place) : { x: 0, y: 0 };
}

/** One anchor for every hop. */
export function anchorsOf(
  layout: Layout,
  hops: readonly Pick<HopView, "place" | "devIn" | "devOut">[],
): readonly Anchor[] {
  const onNode = (hop: Pick<HopView, "place"> | undefined) =>
    hop?.place.startsWith("node/") ?? false;
  return hops.map((hop, i) => {
    const before = hops.slice(0, i).reverse().find(onNode);
    const near = (before ?? hops.slice(i).find(onNode))?.place;
    return anchorOf(layout, hop.place, near, cardOf(hop));
  });
}

const FIRST_CARD = "eth0";

/** The network card by which the packet leaves the node, or came in. */
function cardOf({ devIn, devOut }: Pick<HopView, "devIn" | "devOut">): string | undefined {
  return [devOut, devIn].find((device) => device !== undefined && /^eth\d+$/.test(device));
}

function nodeOf(place: PlaceId): string | undefined {
  return place.startsWith("node/") ? place.split("/")[1] : undefined;
}

/** The ways from a node's part out to the VPC and on to its pods. */
function waysOf(
  layout: Layout,
  place: PlaceId,
  card: string,
): Pick<Anchor, "node" | "inward" | "podward"> {
  const node = nodeOf(place);
  const eth0 = rectOf(layout, `node/${node}/${card}`) ?? rectOf(layout, `node/${node}/eth0`);
  const last = rectOf(layout, `node/${node}/cni0`) ?? rectOf(layout, `node/${node}/route`);
  const x = node === undefined ? undefined : busOf(layout, node);
  if (node === undefined || x === undefined || !eth0 || !last) return {};
  const isBridge = FURTHER_BRIDGE.test(place);
  const from = center((isBridge && rectOf(layout, place)) || last);
  const bus = { x, y: from.y };
  const inward = approachOf(layout, node);
  return {
    node,
    inward: place.endsWith("/eth0") ? inward : [...inward, center(eth0)],
    podward: isBridge || place.endsWith("/cni0") ? [bus] : [from, bus],
  };
}

/** Round the rooms that stand between the VPC and a node further right: down the cluster's edge, along the gap
 *  above the room, and down at its left. Where the VPC lies above the cluster, down the edge for all. */
export function approachOf(layout: Layout, node: string): readonly Point[] {
  const room = rectOf(layout, `Node/${node}`);
  const cluster = rectOf(layout, ZONES.cluster);
  const eth0 = rectOf(layout, `node/${node}/eth0`);
  if (!room || !cluster || !eth0) return [];
  const edge = cluster.x + 7;
  const { y } = center(eth0);
  const isFirst = room.x - cluster.x < room.width / 2;
  const isBelowVpc = cluster.y > 0;
  if (isFirst) {
    const above = cluster.y - 8;
    return isBelowVpc
      ? [
          { x: edge, y: above },
          { x: edge, y },
        ]
      : [];
  }
  const [above, left] = [room.y - 7, room.x - 7];
  return [
    { x: edge, y: above },
    { x: left, y: above },
    { x: left, y },
  ];
}

const SMALL_PARTS = /^node\/.*\/(eth\d+|route|cni0)$/;
/** A device that no node has by itself. */
const FURTHER_BRIDGE = /^node\/[^/]+\/(?!eth\d|cni0|route|iptables|local|kube-proxy|flannel)/;

/** On the edge, where the packet does not cover what is written: a pod's left, others' right. */
function anchorIn(rect: Rect, place: PlaceId): Anchor {
  const { x, y } = center(rect);
  const right = rect.x + rect.width;
  if (SMALL_PARTS.test(place)) return { x, y };
  return place.startsWith("pod/") ? { x: rect.x, y, isPod: true } : { x: right, y, left: rect.x };
}

function center(rect: Rect): Point {
  return { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
}
