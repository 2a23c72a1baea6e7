import type { Point } from "./layout";

const AWAY = 18;
const EDGE = 6;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Beside the packet, never cut off by the canvas's edge. */
export function placeTag(element: HTMLElement, packet: Point, canvas: Size): void {
  const size = { width: element.offsetWidth, height: element.offsetHeight };
  const { x, y } = tagPosition(packet, size, canvas);
  element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
}

/** Below the packet, a little to the right; above it where there is no room below. */
export function tagPosition(packet: Point, tag: Size, canvas: Size): Point {
  const below = packet.y + AWAY;
  const fits = below + tag.height + EDGE <= canvas.height;
  const y = fits ? below : packet.y - AWAY - tag.height;
  return {
    x: clamp(packet.x - AWAY, EDGE, canvas.width - tag.width - EDGE),
    y: clamp(y, EDGE, canvas.height - tag.height - EDGE),
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
