import type { HopView } from "../../worker/protocol";
import { type Rect, rectOf } from "./anchors";
import { type BoxKind, type Layout, ZONES } from "./layout";

const CARDS = new Set<BoxKind>(["host", "gateway", "loadBalancer", "service", "part", "pod"]);

/** Cards that the trail could run over: those outside the cluster, and those on the nodes it comes through. */
export function coversOf(layout: Layout, hops: readonly HopView[]): readonly Rect[] {
  const parents = new Set<string>(Object.values(ZONES));
  for (const { place } of hops) {
    const [kind, name] = place.split("/");
    if (kind === "node") parents.add(`Node/${name}`);
  }
  return [...layout.boxes.values()].flatMap((box) => {
    const isCard = CARDS.has(box.kind) && box.parent !== undefined && parents.has(box.parent);
    const rect = isCard ? rectOf(layout, box.id) : undefined;
    return rect ?? [];
  });
}
