import { describe, expect, test } from "vitest";
import { layoutCanvas } from "./layout";
import {
  extentOf,
  FAR_ZOOM,
  fitZoom,
  isInSight,
  leastZoom,
  NEAREST_ZOOM,
  zoomOfLevel,
} from "./levels";
import { canvasModel } from "./model";
import { world } from "./testing/fixture";

const DESK = { width: 820, height: 570 };
const WALL = { width: 1920, height: 1000 };
const small = layoutCanvas(canvasModel(world({ nodes: 3, pods: 6 })));
const large = layoutCanvas(canvasModel(world({ nodes: 10, pods: 300 })));

describe("zooming out", () => {
  test.each([
    ["a small cluster on a desk", small, DESK],
    ["a small cluster on a wall", small, WALL],
    ["a large cluster on a desk", large, DESK],
    ["a large cluster on a wall", large, WALL],
  ])("%s comes to the tiles, shows everything, and is never lost", (_, layout, screen) => {
    const least = leastZoom(layout, screen);
    expect(least).toBeLessThan(FAR_ZOOM);
    expect(least).toBeLessThan(fitZoom(layout, screen));
    const { width, height } = extentOf(layout);
    const share = Math.max((width * least) / screen.width, (height * least) / screen.height);
    expect(share).toBeGreaterThan(0.25);
  });

  test("nothing is known before the canvas has a size", () => {
    expect(leastZoom(small, { width: 0, height: 0 })).toBeGreaterThan(0);
  });
});

test.each([0.2, 0.8, 1.5])("each level is one of its own where %f shows everything", (fit) => {
  expect(zoomOfLevel("far", fit)).toBeLessThan(FAR_ZOOM);
  expect(zoomOfLevel("near", fit)).toBeGreaterThan(FAR_ZOOM);
  expect(zoomOfLevel("near", fit)).toBeLessThan(NEAREST_ZOOM);
  expect(zoomOfLevel("nearest", fit)).toBeGreaterThan(NEAREST_ZOOM);
});

test("a screen sees something of the picture, or nothing", () => {
  const picture = { width: 1_000, height: 800 };
  const sees = (x: number, y: number, zoom: number) =>
    isInSight(picture, { x, y }, { width: 500, height: 400, zoom });
  expect(sees(500, 400, 1)).toBe(true);
  expect(sees(-240, 0, 1)).toBe(true);
  expect(sees(-260, 0, 1)).toBe(false);
  expect(sees(-260, 0, 0.5)).toBe(true);
  expect(sees(0, 1_001, 1)).toBe(false);
});
