import { create } from "zustand";

const STORAGE_KEY = "kubehop.follow-commands";

interface AutoFollow {
  /** The first request of a terminal's line is followed as it is sent. */
  readonly on: boolean;
  set(on: boolean): void;
}

/** A setting of this browser. */
export const useAutoFollow = create<AutoFollow>((set) => ({
  on: kept() !== "off",
  set: (on) => {
    set({ on });
    try {
      localStorage.setItem(STORAGE_KEY, on ? "on" : "off");
    } catch {
      // Storage is forbidden or full: the next visit starts with it on.
    }
  },
}));

function kept(): string | null {
  try {
    return localStorage.getItem(STORAGE_KEY);
  } catch {
    return null;
  }
}
