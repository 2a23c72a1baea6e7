import { create } from "zustand";
import type { ObjectKey } from "../core/api/types";

interface PaletteState {
  /** All commands, or those of one object, at a place of the screen. */
  readonly open: null | {
    readonly about: ObjectKey | null;
    readonly at?: { readonly x: number; readonly y: number };
  };
}

export const usePalette = create<PaletteState>(() => ({ open: null }));

export function openPalette(): void {
  usePalette.setState({ open: { about: null } });
}

/** The commands of one object. */
export function openObjectPalette(about: ObjectKey, at: { x: number; y: number }): void {
  usePalette.setState({ open: { about, at } });
}

export function closePalette(): void {
  usePalette.setState({ open: null });
}
