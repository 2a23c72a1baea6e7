import { create } from "zustand";

export interface Position {
  readonly x: number;
  readonly y: number;
}

interface PositionsState {
  /** Where things were dragged to, by box id; `generation` grows when everything is put back. */
  readonly moved: ReadonlyMap<string, Position>;
  readonly generation: number;
  /** Grows when all are set at once, by undo or by a run that is opened: nobody moved anything. */
  readonly restored: number;
  readonly move: (id: string, to: Position) => void;
  /** Forgets every dragging: the automatic layout holds again. */
  readonly tidy: () => void;
}

export const usePositions = create<PositionsState>((set) => ({
  moved: new Map(),
  generation: 0,
  restored: 0,
  move: (id, to) => set(({ moved }) => ({ moved: new Map(moved).set(id, to) })),
  tidy: () => set(({ generation }) => ({ moved: new Map(), generation: generation + 1 })),
}));

/** Everything where it once was. */
export function setPositions(moved: ReadonlyMap<string, Position>): void {
  usePositions.setState(({ generation, restored }) => ({
    moved,
    generation: generation + 1,
    restored: restored + 1,
  }));
}
