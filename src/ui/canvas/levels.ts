import type { Level } from "../../stores/camera";
import { type Layout, ZONES } from "./layout";

/** Below this zoom nodes are tiles and pods are dots; below the next the tiles' words grow once more. */
export const FAR_ZOOM = 0.45;
export const FARTHER_ZOOM = 0.3;
/** From this zoom on the iptables rooms are open. */
export const NEAREST_ZOOM = 1.6;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Of the whole picture, in its own coordinates. */
export function extentOf(layout: Layout): Size {
  const zones = Object.values(ZONES).flatMap((id) => layout.boxes.get(id) ?? []);
  return {
    width: Math.max(1, ...zones.map((zone) => zone.x + zone.width)),
    height: Math.max(1, ...zones.map((zone) => zone.y + zone.height)),
  };
}

/** Whether some of the picture is on a screen whose middle shows this point. */
export function isInSight(
  picture: Size,
  middle: { readonly x: number; readonly y: number },
  { width, height, zoom }: Size & { readonly zoom: number },
): boolean {
  const reaches = (at: number, size: number, extent: number) =>
    at + size / (2 * zoom) > 0 && at - size / (2 * zoom) < extent;
  return reaches(middle.x, width, picture.width) && reaches(middle.y, height, picture.height);
}

/** At which everything just fits the screen. */
export function fitZoom(layout: Layout, screen: Size): number {
  const { width, height } = extentOf(layout);
  return Math.min(screen.width / width, screen.height / height);
}

/** Out from there only a little further, or a small cluster would be lost on the screen; but far enough for tiles. */
export function leastZoom(layout: Layout, screen: Size): number {
  if (screen.width === 0) return 0.02;
  return Math.min(0.9 * FAR_ZOOM, 0.6 * fitZoom(layout, screen));
}

/** A zoom in the middle of a level. */
export function zoomOfLevel(level: Level, fit: number): number {
  if (level === "nearest") return 2;
  return level === "near" ? Math.min(1.2, Math.max(0.9, fit)) : Math.min(0.9 * FAR_ZOOM, fit);
}
