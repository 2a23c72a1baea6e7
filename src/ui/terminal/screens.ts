import { create } from "zustand";
import type { SentRequest } from "../../worker/terminal-protocol";

export interface EditRequest {
  readonly title: string;
  readonly text: string;
  readonly done: (text: string | undefined) => void;
}

/** What is told of a terminal beside its screen. */
export interface ScreenView {
  readonly key: number;
  /** As `formatPlace` writes it: where the next line runs. */
  readonly place: string;
  readonly status: "opening" | "ready" | "running" | "closed";
  /** The line that runs waits for time to pass. */
  readonly waits: boolean;
  /** Requests of the last line. */
  readonly sent: readonly SentRequest[];
  /** Virtual time that the last line took. */
  readonly tookUs: number;
  /** The last line cut off what came after it. */
  readonly cutOff: boolean;
  readonly edit: EditRequest | null;
}

interface ScreensState {
  readonly screens: readonly ScreenView[];
  readonly current: number;
}

export const useScreens = create<ScreensState>(() => ({ screens: [], current: 0 }));

let nextKey = 1;

export function addScreen(place: string): number {
  const key = nextKey++;
  const screen: ScreenView = {
    key,
    place,
    status: "opening",
    waits: false,
    sent: [],
    tookUs: 0,
    cutOff: false,
    edit: null,
  };
  useScreens.setState(({ screens }) => ({ screens: [...screens, screen], current: key }));
  return key;
}

export function changeScreen(key: number, change: Partial<ScreenView>): void {
  useScreens.setState(({ screens }) => ({
    screens: screens.map((screen) => (screen.key === key ? { ...screen, ...change } : screen)),
  }));
}

export function removeScreen(key: number): void {
  useScreens.setState(({ screens, current }) => {
    const at = screens.findIndex((screen) => screen.key === key);
    const left = screens.filter((screen) => screen.key !== key);
    const next = left[Math.min(at, left.length - 1)]?.key ?? 0;
    return { screens: left, current: current === key ? next : current };
  });
}

export function showScreen(current: number): void {
  useScreens.setState({ current });
}

export function findScreen(key: number): ScreenView | undefined {
  return useScreens.getState().screens.find((screen) => screen.key === key);
}

/** `laptop`, `node-1`, `kuard-5f…/kuard`: what a tab says. */
export function placeName(place: string): string {
  const [kind, first = "", second = ""] = place.split("/");
  return kind === "pod" ? second : first || kind || "";
}
