import { create } from "zustand";
import { noteSetting } from "./edit-history";

export const THEMES = ["light", "dark", "projector", "system"] as const;
export type Theme = (typeof THEMES)[number];

export const useTheme = create<{ readonly theme: Theme }>(() => ({ theme: "system" }));

interface ShownTheme {
  /** What the page wears: of “system”, what the system has now. */
  readonly shown: Exclude<Theme, "system">;
  /** The reader's own colours take the place of all others. */
  readonly forced: boolean;
}

export const useShownTheme = create<ShownTheme>(() => ({ shown: "light", forced: false }));

export function setTheme(theme: Theme): void {
  useTheme.setState({ theme });
}

/** As somebody asked: it can be taken back. */
export function chooseTheme(theme: Theme): void {
  const { theme: before } = useTheme.getState();
  if (theme === before) return;
  setTheme(theme);
  noteSetting({
    id: "theme",
    text: `Theme: ${theme}`,
    undo: () => setTheme(before),
    redo: () => setTheme(theme),
  });
}

export function isTheme(text: unknown): text is Theme {
  return THEMES.includes(text as Theme);
}
