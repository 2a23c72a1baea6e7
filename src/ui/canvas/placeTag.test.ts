import { describe, expect, it } from "vitest";
import { tagPosition } from "./placeTag";

const tag = { width: 200, height: 50 };
const canvas = { width: 800, height: 600 };

describe("the tag's place", () => {
  it("is beside the packet", () => {
    expect(tagPosition({ x: 300, y: 300 }, tag, canvas)).toEqual({ x: 316, y: 316 });
  });

  it.each([
    ["left", { x: 2, y: 300 }],
    ["right", { x: 798, y: 300 }],
    ["top", { x: 300, y: -40 }],
    ["bottom", { x: 300, y: 598 }],
    ["corner", { x: 900, y: 700 }],
  ])("stays inside at the %s edge", (_, packet) => {
    const { x, y } = tagPosition(packet, tag, canvas);
    expect(x).toBeGreaterThanOrEqual(0);
    expect(y).toBeGreaterThanOrEqual(0);
    expect(x + tag.width).toBeLessThanOrEqual(canvas.width);
    expect(y + tag.height).toBeLessThanOrEqual(canvas.height);
  });

  it("leaves the open iptables readable", () => {
    const narrow = { width: 390, height: 600 };
    const card = { x: 10, y: 200, width: 250, height: 130 };
    const { x, y } = tagPosition({ x: 260, y: 260 }, tag, narrow, card);
    const isClear =
      x > card.x + card.width || y >= card.y + card.height || y + tag.height <= card.y;
    expect(isClear).toBe(true);
    expect(x + tag.width).toBeLessThanOrEqual(narrow.width);
  });

  it("goes above the packet rather than over it", () => {
    expect(tagPosition({ x: 300, y: 590 }, tag, canvas).y).toBeLessThan(590 - tag.height);
  });
});
