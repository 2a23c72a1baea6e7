import { startTransition, useEffect, useMemo, useState } from "react";
import { useStoreApi } from "reactflow";
import { type Rect, rectOf } from "./anchors";
import type { View } from "./draw";
import type { Layout } from "./layout";
import { FAR_ZOOM } from "./levels";

/** Up to this many pods everything is mounted always. */
export const MOST_MOUNTED_PODS = 60;
/** At most so many boxes come in one frame, and so many go: each takes about a millisecond. */
const MOST_COMING = 5;
const MOST_GOING = 12;
/** Boxes are there before they are seen, by this share of the screen; and stay until they are farther off. */
const AHEAD = 0.3;
const BEHIND = 1;

export interface Candidate {
  readonly id: string;
  readonly rect: Rect;
}

interface Screen extends View {
  readonly width: number;
  readonly height: number;
}

const NONE: ReadonlySet<string> = new Set();

/** Of a large cluster's pods and parts of nodes, those that are mounted: what is in view and a little more, some more at
 *  each frame. Undefined: all of them. */
export function useMounted(layout: Layout): ReadonlySet<string> | undefined {
  const flow = useStoreApi();
  const isLarge = layout.slots.size > MOST_MOUNTED_PODS;
  const [mounted, setMounted] = useState(NONE);
  const candidates = useMemo(() => (isLarge ? candidatesOf(layout) : []), [layout, isLarge]);

  useEffect(() => {
    if (candidates.length === 0) return;
    let frame = 0;
    const schedule = () => {
      if (frame === 0) frame = requestAnimationFrame(topUp);
    };
    const topUp = () => {
      frame = 0;
      const { transform, width, height } = flow.getState();
      const [x, y, zoom] = transform;
      const next = nextMounted(mounted, candidates, { x, y, zoom, width, height });
      if (next !== mounted) startTransition(() => setMounted(next));
    };
    schedule();
    const stop = flow.subscribe((now, before) => {
      if (now.transform !== before.transform || now.width !== before.width) schedule();
    });
    return () => {
      cancelAnimationFrame(frame);
      stop();
    };
  }, [candidates, flow, mounted]);

  return isLarge ? mounted : undefined;
}

function candidatesOf(layout: Layout): readonly Candidate[] {
  return [...layout.boxes.values()].flatMap(({ id, kind }) => {
    const rect = kind === "pod" || kind === "part" ? rectOf(layout, id) : undefined;
    return rect ? [{ id, rect }] : [];
  });
}

/** The same set when nothing comes or goes. */
export function nextMounted(
  before: ReadonlySet<string>,
  candidates: readonly Candidate[],
  screen: Screen,
): ReadonlySet<string> {
  const isFar = screen.zoom < FAR_ZOOM;
  const coming: string[] = [];
  const staying = new Set<string>();
  for (const { id, rect } of candidates) {
    if (before.has(id)) {
      if (!isFar && isWithin(rect, screen, BEHIND)) staying.add(id);
    } else if (!isFar && coming.length < MOST_COMING && isWithin(rect, screen, AHEAD)) {
      coming.push(id);
    }
  }
  const going = [...before].filter((id) => !staying.has(id));
  if (coming.length === 0 && going.length === 0) return before;
  // Those whose turn has not come stay a frame longer.
  return new Set([...staying, ...going.slice(MOST_GOING), ...coming]);
}

function isWithin(rect: Rect, { x, y, zoom, width, height }: Screen, margin: number): boolean {
  const left = rect.x * zoom + x;
  const top = rect.y * zoom + y;
  return (
    left < width * (1 + margin) &&
    left + rect.width * zoom > -width * margin &&
    top < height * (1 + margin) &&
    top + rect.height * zoom > -height * margin
  );
}
