import type { RecentRequest } from "../../worker/what-if-protocol";
import { anchorsOf } from "../canvas/anchors";
import { type Curve, pointAlong } from "../canvas/curves";
import { type Palette, toPixels, type View } from "../canvas/draw";
import type { Layout } from "../canvas/layout";
import { trailOf } from "../canvas/trail";

interface Dot {
  readonly curves: readonly Curve[];
  readonly bornMs: number;
  readonly failed: boolean;
}

/** Wall time that a dot takes for its whole way. */
const LIFE_MS = 1_300;
/** Of those that come at once, each sets out so much after the one before. */
const STAGGER_MS = 25;
/** More dots than these are a stream anyway: the rest is not drawn. */
const MAX_DOTS = 30;
const RADIUS_PX = 3;

/** Requests of a load, or checks, on their way, as small dots: a sample of them, in wall time. */
export class LoadDots {
  readonly #color: "original" | "reply";
  #dots: Dot[] = [];
  #seen = 0;

  constructor(color: "original" | "reply" = "original") {
    this.#color = color;
  }

  get isMoving(): boolean {
    return this.#dots.length > 0;
  }

  /** Takes the requests that it has not seen. True when there is something to draw. */
  take(recent: readonly RecentRequest[], layout: Layout, isCalm: boolean): boolean {
    const last = recent.at(-1)?.id ?? 0;
    const fresh = recent.filter(({ id }) => id > this.#seen);
    const wentBack = last < this.#seen;
    this.#seen = last;
    if (isCalm || wentBack) return false;
    const nowMs = performance.now();
    fresh.slice(0, MAX_DOTS - this.#dots.length).forEach(({ places, failed }, index) => {
      const hops = places.map((place) => ({ place, direction: "original" as const }));
      const curves = trailOf(hops, anchorsOf(layout, hops)).flatMap((segment) => segment.curves);
      this.#dots.push({ curves, bornMs: nowMs + index * STAGGER_MS, failed });
    });
    return this.isMoving;
  }

  draw(context: CanvasRenderingContext2D, view: View, palette: Palette): void {
    const nowMs = performance.now();
    this.#dots = this.#dots.filter(({ bornMs }) => nowMs - bornMs < LIFE_MS);
    context.save();
    for (const { curves, bornMs, failed } of this.#dots) {
      if (nowMs < bornMs || curves.length === 0) continue;
      const { x, y } = toPixels(pointAlong(curves, (nowMs - bornMs) / LIFE_MS), view);
      context.fillStyle = failed ? palette.bad : palette[this.#color];
      context.beginPath();
      // A request that fails is a square: never told by colour alone.
      if (failed) context.rect(x - RADIUS_PX, y - RADIUS_PX, 2 * RADIUS_PX, 2 * RADIUS_PX);
      else context.arc(x, y, RADIUS_PX, 0, 2 * Math.PI);
      context.fill();
    }
    context.restore();
  }
}
