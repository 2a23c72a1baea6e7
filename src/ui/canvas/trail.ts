import type { Verdict } from "../../core/trace/verdict";
import type { HopView } from "../../worker/protocol";
import { beginsAnew } from "../parts/beginnings";
import type { Anchor } from "./anchors";
import { type Curve, curve, line, pointAlong, turned } from "./curves";
import type { Point } from "./layout";

export type Leg = "original" | "reply";

/** The packet's way from one hop to the next. */
export interface Segment {
  /** Index of the hop it leads to. */
  readonly to: number;
  readonly leg: Leg;
  readonly curves: readonly Curve[];
}

type Directed = Pick<HopView, "direction"> & Partial<Pick<HopView, "kind">>;

/** The way back runs beside the way there, not over it. */
const REPLY_OFFSET = { x: -6, y: 7 };

/** One segment for every pair of hops that lie at different places. */
export function trailOf(hops: readonly Directed[], anchors: readonly Anchor[]): readonly Segment[] {
  const segments: Segment[] = [];
  for (let to = 1; to < hops.length; to++) {
    const leg = hops[to]?.direction ?? "original";
    const from = anchorAt(hops, anchors, to - 1);
    const end = anchorAt(hops, anchors, to);
    if (beginsAnew(hops[to], hops[to - 1]) || (from.x === end.x && from.y === end.y)) continue;
    segments.push({ to, leg, curves: wayBetween(from, end) });
  }
  return segments;
}

/** Where the packet is, `progress` of the way from hop `index` to the one after it. */
export function packetAt(
  segments: readonly Segment[],
  hops: readonly HopView[],
  anchors: readonly Anchor[],
  at: { readonly index: number; readonly progress: number },
): Point {
  const next =
    at.progress > 0 ? segments.find((segment) => segment.to === at.index + 1) : undefined;
  if (next) return pointOn(next, ease(at.progress));
  const { x, y } = anchorAt(hops, anchors, at.index);
  return { x, y };
}

export function pointOn(segment: Segment, t: number): Point {
  return pointAlong(segment.curves, t);
}

/** Slow at both ends. */
export function ease(t: number): number {
  return t < 0.5 ? 2 * t * t : 1 - (-2 * t + 2) ** 2 / 2;
}

function anchorAt(hops: readonly Directed[], anchors: readonly Anchor[], index: number): Anchor {
  const anchor = anchors[index] ?? { x: 0, y: 0 };
  if (hops[index]?.direction !== "reply") return anchor;
  return { ...anchor, x: anchor.x + REPLY_OFFSET.x, y: anchor.y + REPLY_OFFSET.y };
}

/** Between a node's part and a pod along the bridge, between a node and the world through eth0; else into a card
 *  from its left side, and out of it there, so that the line seems to run behind it. */
function wayBetween(from: Anchor, end: Anchor): readonly Curve[] {
  if (end.isPod && from.podward) return toPod(from, from.podward, end);
  if (from.isPod && end.podward) return backwards(toPod(end, end.podward, from));
  if (from.node !== end.node && !from.isPod && !end.isPod) {
    if (end.inward?.[0]) return throughCorners(from, end.inward, end);
    if (from.inward?.[0]) return backwards(throughCorners(end, from.inward, from));
  }
  const exit = from.left !== undefined && end.x < from.left ? { x: from.left, y: from.y } : from;
  const entry = end.left !== undefined && from.x < end.left ? { x: end.left, y: end.y } : end;
  return [
    ...(exit === from ? [] : [line(from, exit)]),
    curve(exit, entry),
    ...(entry === end ? [] : [line(entry, end)]),
  ];
}

function toPod(from: Anchor, podward: readonly Point[], pod: Anchor): readonly Curve[] {
  const bus = podward.at(-1) ?? from;
  return lines([from, ...podward, { x: bus.x, y: pod.y }, pod]);
}

function throughCorners(from: Point, corners: readonly Point[], end: Point): readonly Curve[] {
  const [first = end] = corners;
  return [curve(from, first), ...lines([...corners, end])];
}

function lines(points: readonly Point[]): readonly Curve[] {
  return points.slice(1).map((point, i) => line(points[i] ?? point, point));
}

function backwards(curves: readonly Curve[]): readonly Curve[] {
  return curves.map(turned).reverse();
}

/** A packet that did not arrive, and why. */
export interface Failure {
  readonly index: number;
  readonly reason: string;
  readonly kind: "refused" | "dropped";
  /** The hop itself says so, and with it the packet's tag. */
  readonly isOnTag: boolean;
}

/** Failures among the hops that were passed already. Where no hop tells of it, the last one stands for the
 *  whole journey's. */
export function failuresUpTo(
  hops: readonly HopView[],
  index: number,
  journey?: Verdict,
): readonly Failure[] {
  const failure = (i: number, verdict: Verdict | undefined, isOnTag: boolean): Failure[] => {
    if (!verdict || verdict.kind === "delivered") return [];
    return [{ index: i, reason: verdict.reason ?? verdict.kind, kind: verdict.kind, isOnTag }];
  };
  const told = hops.slice(0, index + 1).flatMap((hop, i) => failure(i, hop.verdict, true));
  const isOver = index >= 0 && index === hops.length - 1;
  return told.length === 0 && isOver ? failure(index, journey, false) : told;
}
