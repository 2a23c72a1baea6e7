import { create } from "zustand";
import type { Point } from "./layout";

interface PositionsState {
  /** Where things were dragged to, by box id; `generation` grows when everything is put back. */
  readonly moved: ReadonlyMap<string, Point>;
  readonly generation: number;
  readonly move: (id: string, to: Point) => void;
  /** Forgets every dragging: the automatic layout holds again. */
  readonly tidy: () => void;
}

export const usePositions = create<PositionsState>((set) => ({
  moved: new Map(),
  generation: 0,
  move: (id, to) => set(({ moved }) => ({ moved: new Map(moved).set(id, to) })),
  tidy: () => set(({ generation }) => ({ moved: new Map(), generation: generation + 1 })),
}));
