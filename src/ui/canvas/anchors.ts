import type { PlaceId } from "../../core/trace/place";
import type { HopView } from "../../worker/protocol";
import type { Box, Layout, Point } from "./layout";

export interface Rect extends Point {
  readonly width: number;
  readonly height: number;
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
export function anchorOf(layout: Layout, place: PlaceId, near?: PlaceId): Point {
  const rect = rectOf(layout, boxIdOf(place));
  if (rect) return anchorIn(rect, place);
  const [kind, node] = (place.startsWith("node/") ? place : (near ?? "")).split("/");
  if (kind === "node") {
    const bridge = rectOf(layout, `node/${node}/cni0`) ?? rectOf(layout, `Node/${node}`);
    if (bridge) return center(bridge);
  }
  const fabric = rectOf(layout, place.startsWith("elb/") ? "igw" : "vpc");
  return fabric ? center(fabric) : { x: 0, y: 0 };
}

/** One anchor for every hop. */
export function anchorsOf(layout: Layout, hops: readonly HopView[]): readonly Point[] {
  const onNode = (hop: HopView | undefined) => hop?.place.startsWith("node/") ?? false;
  return hops.map((hop, i) => {
    const before = hops.slice(0, i).reverse().find(onNode);
    return anchorOf(layout, hop.place, (before ?? hops.slice(i).find(onNode))?.place);
  });
}

/** At the right edge of iptables, where the packet does not cover the rules; at a pod's left, beside its name. */
function anchorIn(rect: Rect, place: PlaceId): Point {
  const { x, y } = center(rect);
  if (place.endsWith("/iptables")) return { x: rect.x + rect.width, y };
  if (place.startsWith("pod/")) return { x: rect.x, y };
  return { x, y };
}

function center(rect: Rect): Point {
  return { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 };
}
