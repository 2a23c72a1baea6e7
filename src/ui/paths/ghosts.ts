import type { WayView } from "../../worker/what-if-protocol";
import { anchorsOf } from "../canvas/anchors";
import type { Curve } from "../canvas/curves";
import type { Layout } from "../canvas/layout";
import { trailOf } from "../canvas/trail";

/** A stretch that ways have in common. */
export interface Ghost {
  readonly id: string;
  /** SVG path in canvas coordinates. */
  readonly path: string;
  /** That the request passes here. */
  readonly probability: number;
  /** That it passes here on a way that is marked. */
  readonly chosen: number;
}

/** Stretches between two places, with the chances of all ways over them added up. */
export function ghostsOf(
  ways: readonly WayView[],
  chosen: ReadonlySet<number>,
  layout: Layout,
): readonly Ghost[] {
  const ghosts = new Map<string, Ghost>();
  for (const { places, probability, index } of ways) {
    const hops = places.map((place) => ({ place, direction: "original" as const }));
    const passed = new Set<string>();
    for (const segment of trailOf(hops, anchorsOf(layout, hops))) {
      const path = segment.curves.map(curvePath).join("");
      if (passed.has(path)) continue;
      passed.add(path);
      const known = ghosts.get(path);
      ghosts.set(path, {
        id: path,
        path,
        probability: probability + (known?.probability ?? 0),
        chosen: (chosen.has(index) ? probability : 0) + (known?.chosen ?? 0),
      });
    }
  }
  // What is marked is drawn over what is not.
  return [...ghosts.values()].sort((a, b) => a.chosen - b.chosen);
}

function curvePath({ from, control1, control2, end }: Curve): string {
  const at = ({ x, y }: { x: number; y: number }) => `${round(x)} ${round(y)}`;
  return `M${at(from)}C${at(control1)} ${at(control2)} ${at(end)}`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
