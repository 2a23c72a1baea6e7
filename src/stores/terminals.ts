import { create } from "zustand";
import { usePanels } from "./panels";
import { showDock, useView } from "./view";

/** Something that the terminal is asked to do as soon as it is there. */
export type TerminalWish =
  /** Opens a terminal, as `formatPlace` writes its place; a pod without a container means its first. */
  | { readonly type: "open"; readonly place: string }
  /** Runs a line at a place. */
  | { readonly type: "run"; readonly place: string; readonly line: string }
  | { readonly type: "close" };

/** The terminal itself is loaded when it is first shown: what it is to do waits here. */
export const useTerminalWishes = create<{ readonly wishes: readonly TerminalWish[] }>(() => ({
  wishes: [],
}));

function add(one: TerminalWish): void {
  useTerminalWishes.setState(({ wishes }) => ({ wishes: [...wishes, one] }));
}

function wish(one: TerminalWish): void {
  add(one);
  usePanels.setState({ dock: true });
  showDock("terminal");
}

export function openTerminalAt(place: string): void {
  wish({ type: "open", place });
}

export function runInTerminal(line: string, place = "laptop"): void {
  wish({ type: "run", place, line });
}

/** Where none is shown there is none to close. */
export function closeShownTerminal(): void {
  if (useView.getState().dockTab === "terminal") add({ type: "close" });
}

export function takeWishes(): readonly TerminalWish[] {
  const { wishes } = useTerminalWishes.getState();
  if (wishes.length > 0) useTerminalWishes.setState({ wishes: [] });
  return wishes;
}
