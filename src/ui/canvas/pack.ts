import type { Box } from "./layout";

/** A box before it has a place. */
export type Block = Pick<Box, "id" | "kind" | "width" | "height">;

const LEAST_GAP = 12;
const MOST_GAP = 72;

/** Blocks below each other, spread over the height as far as that looks tidy. */
export function column(
  blocks: readonly Block[],
  at: { readonly x: number; readonly y: number; readonly height: number },
): readonly Box[] {
  const sum = blocks.reduce((total, block) => total + block.height, 0);
  const free = (at.height - sum) / Math.max(1, blocks.length - 1);
  const gap = Math.max(LEAST_GAP, Math.min(MOST_GAP, free));
  let y = at.y;
  return blocks.map((block) => {
    const box = { ...block, x: at.x, y };
    y += block.height + gap;
    return box;
  });
}

export function rows<T>(all: readonly T[], perRow: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(all.length / perRow) }, (_, i) =>
    all.slice(i * perRow, (i + 1) * perRow),
  );
}

/** Blocks side by side, as many as fit, then the next row. */
export function wrapped(
  blocks: readonly Block[],
  at: { readonly x: number; readonly y: number; readonly width: number },
): { readonly boxes: readonly Box[]; readonly height: number } {
  const gap = 20;
  const boxes: Box[] = [];
  let [x, y, rowHeight] = [at.x, at.y, 0];
  for (const block of blocks) {
    if (x > at.x && x + block.width > at.x + at.width) {
      x = at.x;
      y += rowHeight + gap;
      rowHeight = 0;
    }
    boxes.push({ ...block, x, y });
    x += block.width + gap;
    rowHeight = Math.max(rowHeight, block.height);
  }
  return { boxes, height: y + rowHeight - at.y };
}
