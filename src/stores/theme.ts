import { create } from "zustand";

export const THEMES = ["light", "dark", "projector", "system"] as const;
export type Theme = (typeof THEMES)[number];

export const useTheme = create<{ readonly theme: Theme }>(() => ({ theme: "system" }));

export function setTheme(theme: Theme): void {
  useTheme.setState({ theme });
}

export function isTheme(text: unknown): text is Theme {
  return THEMES.includes(text as Theme);
}
