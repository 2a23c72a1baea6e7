import { create } from "zustand";
import { noteSetting } from "./edit-history";

export type PanelName = "objects" | "dock" | "inspector";

/** Which of the panels around the canvas are open. */
export const usePanels = create<Record<PanelName, boolean>>(() => ({
  objects: true,
  dock: true,
  inspector: true,
}));

const WORDS: Readonly<Record<PanelName, string>> = {
  objects: "list of objects",
  dock: "dock",
  inspector: "inspector",
};

/** As somebody asked: it can be taken back. */
export function togglePanel(name: PanelName): void {
  const open = !usePanels.getState()[name];
  const set = (open: boolean) => usePanels.setState({ [name]: open });
  set(open);
  noteSetting({
    id: `panel ${name}`,
    text: `${open ? "Show" : "Hide"} the ${WORDS[name]}`,
    undo: () => set(!open),
    redo: () => set(open),
  });
}
