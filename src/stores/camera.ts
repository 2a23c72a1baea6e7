import { create } from "zustand";
import type { Viewport } from "../share/shared-moment";

/** A view that a link asks for, until the canvas has taken it. */
export const useAskedView = create<{ readonly asked: Viewport | null }>(() => ({ asked: null }));

/** How much of each thing is seen: tiles and dots, addresses and readiness, chains and rules. */
export type Level = "far" | "near" | "nearest";

/** What looks at the canvas. */
export interface Camera {
  /** The part of it that is looked at; null: all of it. */
  readonly viewport: () => Viewport | null;
  readonly zoom: (by: 1 | -1) => void;
  /** The view was chosen by hand: it is not fitted anew. */
  readonly keep: () => void;
  readonly showAll: () => void;
  /** Brings these boxes into view, by object key or place. False: none of them is there. */
  readonly showBoxes: (ids: Iterable<string>) => boolean;
  readonly showLevel: (level: Level) => void;
}

interface CameraState {
  /** Null as long as there is no canvas. */
  readonly camera: Camera | null;
  /** It is as far, or as near, as it goes. */
  readonly isFarthest: boolean;
  readonly isNearest: boolean;
}

export const useCamera = create<CameraState>(() => ({
  camera: null,
  isFarthest: false,
  isNearest: false,
}));

export function connectCamera(camera: Camera | null): void {
  useCamera.setState({ camera });
}

export function currentViewport(): Viewport | null {
  return useCamera.getState().camera?.viewport() ?? null;
}
