import { expect, test } from "vitest";
import { type Candidate, nextMounted } from "./mounted";

const SCREEN = { x: 0, y: 0, zoom: 1, width: 1000, height: 600 };

/** A row of boxes, 100 wide each, that is ten screens long. */
const row: readonly Candidate[] = Array.from({ length: 100 }, (_, i) => ({
  id: `pod-${i}`,
  rect: { x: 100 * i, y: 100, width: 90, height: 50 },
}));

function settled(from: ReadonlySet<string>, screen: typeof SCREEN) {
  let frames = 0;
  let mounted = from;
  for (let next = nextMounted(mounted, row, screen); next !== mounted; frames++) {
    mounted = next;
    next = nextMounted(mounted, row, screen);
  }
  return { mounted, frames };
}

test("what is in view comes a few at a time, and a little more than that", () => {
  const first = nextMounted(new Set(), row, SCREEN);
  expect(first.size).toBe(5);
  const { mounted, frames } = settled(first, SCREEN);
  expect(frames).toBeGreaterThan(0);
  expect(mounted.has("pod-9")).toBe(true);
  expect(mounted.has("pod-12")).toBe(true);
  expect(mounted.has("pod-20")).toBe(false);
});

test("what was left behind stays for a while, then goes", () => {
  const { mounted } = settled(new Set(), SCREEN);
  expect(settled(mounted, { ...SCREEN, x: -600 }).mounted.has("pod-0")).toBe(true);
  const far = settled(mounted, { ...SCREEN, x: -5_000 }).mounted;
  expect(far.has("pod-0")).toBe(false);
  expect(far.has("pod-55")).toBe(true);
});

test("from afar nothing is mounted", () => {
  const { mounted } = settled(new Set(), SCREEN);
  expect(settled(mounted, { ...SCREEN, zoom: 0.3 }).mounted.size).toBe(0);
});
