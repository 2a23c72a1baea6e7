import type { HopView } from "../../worker/protocol";
import type { Point } from "./layout";

export type Leg = "original" | "reply";

/** The packet's way from one hop to the next. */
export interface Segment {
  /** Index of the hop it leads to. */
  readonly to: number;
  readonly leg: Leg;
  readonly from: Point;
  readonly end: Point;
  readonly control1: Point;
  readonly control2: Point;
}

/** The way back runs beside the way there, not over it. */
const REPLY_OFFSET = 7;

/** One curve for every pair of hops that lie at different places. */
export function trailOf(hops: readonly HopView[], anchors: readonly Point[]): readonly Segment[] {
  const segments: Segment[] = [];
  for (let to = 1; to < hops.length; to++) {
    const leg = hops[to]?.direction ?? "original";
    const from = positionAt(hops, anchors, to - 1, leg);
    const end = positionAt(hops, anchors, to, leg);
    if (from.x === end.x && from.y === end.y) continue;
    segments.push({ to, leg, from, end, ...controls(from, end) });
  }
  return segments;
}

/** Where the packet is, `progress` of the way from hop `index` to the one after it. */
export function packetAt(
  segments: readonly Segment[],
  hops: readonly HopView[],
  anchors: readonly Point[],
  at: { readonly index: number; readonly progress: number },
): Point {
  const next =
    at.progress > 0 ? segments.find((segment) => segment.to === at.index + 1) : undefined;
  if (next) return pointOn(next, ease(at.progress));
  return positionAt(hops, anchors, at.index, hops[at.index]?.direction ?? "original");
}

function positionAt(
  hops: readonly HopView[],
  anchors: readonly Point[],
  index: number,
  leg: Leg,
): Point {
  const anchor = anchors[index] ?? { x: 0, y: 0 };
  // A reply starts where its request ended, so that the packet does not jump.
  const isReply = leg === "reply" && hops[index]?.direction === "reply";
  return isReply ? { x: anchor.x, y: anchor.y + REPLY_OFFSET } : anchor;
}

function controls(from: Point, end: Point): Pick<Segment, "control1" | "control2"> {
  const dx = end.x - from.x;
  const dy = end.y - from.y;
  if (Math.abs(dy) < 2 || Math.abs(dx) < 2) {
    return {
      control1: { x: from.x + dx / 3, y: from.y + dy / 3 },
      control2: { x: from.x + (2 * dx) / 3, y: from.y + (2 * dy) / 3 },
    };
  }
  return {
    control1: { x: from.x + dx / 2, y: from.y },
    control2: { x: from.x + dx / 2, y: end.y },
  };
}

export function pointOn(segment: Segment, t: number): Point {
  const { from, control1, control2, end } = segment;
  const u = 1 - t;
  const mix = (a: number, b: number, c: number, d: number) =>
    u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
  return {
    x: mix(from.x, control1.x, control2.x, end.x),
    y: mix(from.y, control1.y, control2.y, end.y),
  };
}

function ease(t: number): number {
  return t < 0.5 ? 2 * t * t : 1 - (-2 * t + 2) ** 2 / 2;
}

/** A packet that did not arrive, and why. */
export interface Failure {
  readonly index: number;
  readonly reason: string;
  readonly kind: "refused" | "dropped";
}

/** Failures among the hops that were passed already. */
export function failuresUpTo(hops: readonly HopView[], index: number): readonly Failure[] {
  return hops.slice(0, index + 1).flatMap((hop, i) => {
    const { verdict } = hop;
    if (!verdict || verdict.kind === "delivered") return [];
    return [{ index: i, reason: verdict.reason ?? verdict.kind, kind: verdict.kind }];
  });
}
