import type { Rect } from "./anchors";
import type { Point } from "./layout";
import { ease, type Failure, pointOn, type Segment } from "./trail";

export interface Palette {
  readonly original: string;
  readonly reply: string;
  readonly bad: string;
  readonly panel: string;
  readonly text: string;
  readonly font: string;
  /** How much thicker than usual: for a projector, for the last row. */
  readonly weight: number;
}

export interface Scene {
  readonly segments: readonly Segment[];
  readonly anchors: readonly Point[];
  /** The hop that is shown, and how far the packet is from it to the next. */
  readonly index: number;
  readonly progress: number;
  /** In pixels. */
  readonly packet: Point;
  readonly leg: "original" | "reply";
  readonly failures: readonly Failure[];
  /** Things that the trail goes behind, so that they stay readable. */
  readonly covers: readonly Rect[];
  /** The open iptables, in pixels: another such thing. */
  readonly card: Rect | undefined;
}

/** Canvas coordinates to pixels: React Flow's viewport. */
export interface View {
  readonly x: number;
  readonly y: number;
  readonly zoom: number;
}

const SAMPLES = 40;

export function drawScene(
  context: CanvasRenderingContext2D,
  scene: Scene,
  view: View,
  palette: Palette,
): void {
  const { segments, index, progress } = scene;
  for (const segment of segments) {
    if (segment.to <= index) drawSegment(context, segment, view, palette, 1);
    else if (segment.to === index + 1 && progress > 0) {
      drawSegment(context, segment, view, palette, "ahead");
      drawSegment(context, segment, view, palette, progress);
    } else drawSegment(context, segment, view, palette, "ahead");
  }
  cutOut(context, scene, view);
  for (const failure of scene.failures) {
    const at = scene.anchors[failure.index];
    if (!at) continue;
    drawCross(context, toPixels(at, view), palette);
    // As long as the packet is there, its tag says why.
    if (failure.index !== index || !failure.isOnTag)
      drawReason(context, toPixels(at, view), failure, palette);
  }
  const isDead = scene.failures.some((failure) => failure.index === index) && progress === 0;
  if (!isDead) drawPacket(context, scene.packet, palette[scene.leg], palette.weight);
}

export function toPixels(point: Point, view: View): Point {
  return { x: point.x * view.zoom + view.x, y: point.y * view.zoom + view.y };
}

/** `until`: how much of it was travelled (eased as the packet is), or `ahead` for all of it, not travelled yet. */
function drawSegment(
  context: CanvasRenderingContext2D,
  segment: Segment,
  view: View,
  palette: Palette,
  until: number | "ahead",
): void {
  const isAhead = until === "ahead";
  const end = isAhead ? 1 : ease(until);
  context.save();
  context.strokeStyle = palette[segment.leg];
  context.globalAlpha = isAhead ? 0.28 : 1;
  context.lineWidth = (isAhead ? 1.5 : 2.5) * palette.weight;
  context.lineCap = "round";
  if (isAhead) context.setLineDash([1, 5]);
  else if (segment.leg === "reply") context.setLineDash([7, 5]);
  context.beginPath();
  for (let i = 0; i <= SAMPLES; i++) {
    const { x, y } = toPixels(pointOn(segment, (end * i) / SAMPLES), view);
    if (i === 0) context.moveTo(x, y);
    else context.lineTo(x, y);
  }
  context.stroke();
  context.restore();
}

function cutOut(context: CanvasRenderingContext2D, { covers, card }: Scene, view: View): void {
  context.save();
  context.globalCompositeOperation = "destination-out";
  for (const rect of covers) {
    const { x, y } = toPixels(rect, view);
    context.fillRect(x, y, rect.width * view.zoom, rect.height * view.zoom);
  }
  if (card) context.fillRect(card.x, card.y, card.width, card.height);
  context.restore();
}

function drawPacket(
  context: CanvasRenderingContext2D,
  at: Point,
  color: string,
  weight: number,
): void {
  const radius = 7.5 * Math.sqrt(weight);
  context.save();
  context.fillStyle = color;
  context.globalAlpha = 0.25;
  context.beginPath();
  context.arc(at.x, at.y, 1.9 * radius, 0, 2 * Math.PI);
  context.fill();
  context.globalAlpha = 1;
  context.beginPath();
  context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
  context.fill();
  context.restore();
}

function drawCross(context: CanvasRenderingContext2D, at: Point, palette: Palette): void {
  context.save();
  context.beginPath();
  context.arc(at.x, at.y, 11, 0, 2 * Math.PI);
  context.fillStyle = palette.panel;
  context.strokeStyle = palette.bad;
  context.lineWidth = 2;
  context.fill();
  context.stroke();
  context.lineWidth = 3;
  context.lineCap = "round";
  context.beginPath();
  for (const side of [1, -1]) {
    context.moveTo(at.x - 4.5 * side, at.y - 4.5);
    context.lineTo(at.x + 4.5 * side, at.y + 4.5);
  }
  context.stroke();
  context.restore();
}

function drawReason(
  context: CanvasRenderingContext2D,
  at: Point,
  failure: Failure,
  palette: Palette,
): void {
  context.save();
  const text = `${failure.kind}: ${failure.reason}`;
  context.font = `600 12px ${palette.font}`;
  const width = context.measureText(text).width + 14;
  const left = Math.max(4, at.x - width / 2);
  context.fillStyle = palette.panel;
  context.strokeStyle = palette.bad;
  context.lineWidth = 1.5;
  context.beginPath();
  context.roundRect(left, at.y - 37, width, 21, 5);
  context.fill();
  context.stroke();
  context.fillStyle = palette.bad;
  context.textBaseline = "middle";
  context.fillText(text, left + 7, at.y - 26);
  context.restore();
}
