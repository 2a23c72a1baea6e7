import { create } from "zustand";
import { type PanelName, usePanels } from "./panels";

interface PresentState {
  /** Larger type, keys on screen, and no panels but those that are opened now. */
  readonly presenting: boolean;
  /** The panels as they were, and will be again. */
  readonly panelsBefore: Readonly<Record<PanelName, boolean>> | null;
  /** A bright dot follows the pointer. */
  readonly laser: boolean;
}

export const usePresent = create<PresentState>(() => ({
  presenting: false,
  panelsBefore: null,
  laser: false,
}));

export function togglePresenting(): void {
  const { presenting, panelsBefore } = usePresent.getState();
  if (presenting) {
    usePresent.setState({ presenting: false, panelsBefore: null, laser: false });
    if (panelsBefore) usePanels.setState(panelsBefore);
    return;
  }
  usePresent.setState({ presenting: true, panelsBefore: usePanels.getState() });
  usePanels.setState({ objects: false, dock: false, inspector: false });
}

export function setLaser(laser: boolean): void {
  usePresent.setState({ laser });
}

/** The panels that belong to the work, not to the presentation of it. */
export function ownPanels(): Readonly<Record<PanelName, boolean>> {
  return usePresent.getState().panelsBefore ?? usePanels.getState();
}
