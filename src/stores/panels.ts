import { create } from "zustand";

export type PanelName = "objects" | "dock" | "inspector";

/** Which of the panels around the canvas are open. */
export const usePanels = create<Record<PanelName, boolean>>(() => ({
  objects: true,
  dock: true,
  inspector: true,
}));

export function togglePanel(name: PanelName): void {
  usePanels.setState((state) => ({ [name]: !state[name] }));
}
