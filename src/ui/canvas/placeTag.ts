import type { Point } from "./layout";

const AWAY = 16;
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

/** Right of the packet and a little lower; left of it, or above, where there is no room. */
export function tagPosition(packet: Point, tag: Size, canvas: Size): Point {
  const right = packet.x + AWAY;
  const x = right + tag.width + EDGE <= canvas.width ? right : packet.x - AWAY - tag.width;
  const below = packet.y + AWAY;
  const y = below + tag.height + EDGE <= canvas.height ? below : packet.y - AWAY - tag.height;
  return {
    x: clamp(x, EDGE, canvas.width - tag.width - EDGE),
    y: clamp(y, EDGE, canvas.height - tag.height - EDGE),
  };
}

function clamp(value: number, least: number, most: number): number {
  return Math.max(least, Math.min(value, most));
}
