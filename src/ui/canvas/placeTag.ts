import type { Rect } from "./anchors";
import type { Point } from "./layout";

const AWAY = 16;
const EDGE = 6;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Beside the packet, never cut off by the canvas's edge, and not over the open iptables or the buttons if that can be
 *  helped. */
export function placeTag(element: HTMLElement, packet: Point, canvas: Size, card?: Rect): void {
  const size = { width: element.offsetWidth, height: element.offsetHeight };
  const { x, y } = tagPosition(packet, size, canvas, card, rectIn(element, ".cv-controls"));
  element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}

/** The open iptables, in pixels of the canvas. */
export function openCard(element: HTMLElement): Rect | undefined {
  return rectIn(element, ".cv-chains");
}

function rectIn(element: HTMLElement, selector: string): Rect | undefined {
  const frame = element.closest(".cv");
  const found = frame?.querySelector(selector)?.getBoundingClientRect();
  const origin = found && frame?.getBoundingClientRect();
  if (!found || !origin) return undefined;
  const { width, height } = found;
  return { x: found.x - origin.x, y: found.y - origin.y, width, height };
}

/** The first of these that is free: right below the packet, right above, left below, left above, under and over
 *  the card; right below, pushed inside, when none is. */
export function tagPosition(
  packet: Point,
  tag: Size,
  canvas: Size,
  card?: Rect,
  buttons?: Rect,
): Point {
  const right = packet.x + AWAY;
  const left = packet.x - AWAY - tag.width;
  const below = packet.y + AWAY;
  const above = packet.y - AWAY - tag.height;
  const mostX = canvas.width - tag.width - EDGE;
  const mostY = canvas.height - tag.height - EDGE;
  const inside = clamp(packet.x - tag.width / 2, EDGE, mostX);
  const candidates: Point[] = [
    { x: right, y: below },
    { x: right, y: above },
    { x: left, y: below },
    { x: left, y: above },
    { x: inside, y: card ? card.y + card.height + EDGE : below },
    { x: inside, y: card ? card.y - tag.height - EDGE : above },
  ];
  const fits = ({ x, y }: Point) => x >= EDGE && y >= EDGE && x <= mostX && y <= mostY;
  const isFree = (at: Point) =>
    [card, buttons].every((rect) => !rect || !overlaps({ ...at, ...tag }, rect));
  return (
    candidates.find((at) => fits(at) && isFree(at)) ?? {
      x: clamp(right, EDGE, mostX),
      y: clamp(below, EDGE, mostY),
    }
  );
}

function overlaps(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
