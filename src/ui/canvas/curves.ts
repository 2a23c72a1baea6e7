import type { Point } from "./layout";

/** A cubic Bézier curve. */
export interface Curve {
  readonly from: Point;
  readonly control1: Point;
  readonly control2: Point;
  readonly end: Point;
  /** Roughly. */
  readonly length: number;
}

export function line(from: Point, end: Point): Curve {
  const at = (t: number) => ({
    x: from.x + (end.x - from.x) * t,
    y: from.y + (end.y - from.y) * t,
  });
  return { from, control1: at(1 / 3), control2: at(2 / 3), end, length: distance(from, end) };
}

/** Leaves and arrives sideways. */
export function curve(from: Point, end: Point): Curve {
  if (Math.abs(end.x - from.x) < 2 || Math.abs(end.y - from.y) < 2) return line(from, end);
  const middle = (from.x + end.x) / 2;
  return {
    from,
    control1: { x: middle, y: from.y },
    control2: { x: middle, y: end.y },
    end,
    length: distance(from, end),
  };
}

/** The same curve the other way round. */
export function turned({ from, control1, control2, end, length }: Curve): Curve {
  return { from: end, control1: control2, control2: control1, end: from, length };
}

/** The point at `t` (0..1) of the whole length. */
export function pointAlong(curves: readonly Curve[], t: number): Point {
  const total = curves.reduce((sum, one) => sum + one.length, 0);
  let left = t * total;
  for (const one of curves) {
    if (left <= one.length && one.length > 0) return pointOf(one, left / one.length);
    left -= one.length;
  }
  return curves.at(-1)?.end ?? { x: 0, y: 0 };
}

function pointOf({ from, control1, control2, end }: Curve, t: number): Point {
  const u = 1 - t;
  const mix = (a: number, b: number, c: number, d: number) =>
    u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
  return {
    x: mix(from.x, control1.x, control2.x, end.x),
    y: mix(from.y, control1.y, control2.y, end.y),
  };
}

function distance(a: Point, b: Point): number {
  return Math.hypot(b.x - a.x, b.y - a.y);
}
