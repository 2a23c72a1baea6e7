import type { Box } from "./layout";

/** A box before it has a place. */
export type Block = Pick<Box, "id" | "kind" | "width" | "height">;

const LEAST_GAP = 12;
const MOST_GAP = 56;

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
