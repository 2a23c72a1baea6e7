import { create } from "zustand";
import type { Viewport } from "../share/shared-moment";

/** A view that a link asks for, until the canvas has taken it. */
export const useAskedView = create<{ readonly asked: Viewport | null }>(() => ({ asked: null }));

let read: () => Viewport | null = () => null;

/** The canvas says here which part of it is looked at; null: all of it. */
export function connectCamera(reader: () => Viewport | null): void {
  read = reader;
}

export function currentViewport(): Viewport | null {
  return read();
}
