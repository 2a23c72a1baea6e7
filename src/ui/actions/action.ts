import { useCallback, useSyncExternalStore } from "react";
import { LOCKED_TEXT, useAccess } from "../../stores/access";

/** Something that can be done from anywhere: by a button, a key, a menu, and always from the palette. */
export interface Action {
  /** Buttons that do it carry it as `data-action`. */
  readonly id: string;
  readonly group: string;
  readonly label: string | (() => string);
  /** Other words that people look for. */
  readonly also?: string;
  readonly keys?: readonly KeyPress[];
  /** What kubectl would be told. */
  readonly command?: () => string | undefined;
  /** It changes the cluster, which a link may have locked. */
  readonly edits?: boolean;
  readonly needs?: readonly Need[];
  readonly run: () => unknown;
}

export interface KeyPress {
  /** As `KeyboardEvent.key` has it. */
  readonly key: string;
  /** With Ctrl, or Cmd on a Mac. */
  readonly ctrl?: boolean;
  readonly shift?: boolean;
  /** Also while typing. */
  readonly inText?: boolean;
}

/** What must hold before something can be done. */
export interface Need {
  readonly subscribe: (onChange: () => void) => () => void;
  /** Why it cannot be done now; "" when it can. */
  readonly why: () => string;
}

interface Store<S> {
  readonly getState: () => S;
  readonly subscribe: (onChange: () => void) => () => void;
}

export function need<S>(store: Store<S>, why: (state: S) => string): Need {
  return { subscribe: store.subscribe, why: () => why(store.getState()) };
}

const UNLOCKED = need(useAccess, ({ locked }) => (locked ? LOCKED_TEXT : ""));

function needsOf({ edits = false, needs = [] }: Action): readonly Need[] {
  return edits ? [UNLOCKED, ...needs] : needs;
}

/** Why an action cannot be done now; "" when it can. */
export function whyNot(action: Action): string {
  for (const { why } of needsOf(action)) {
    const reason = why();
    if (reason !== "") return reason;
  }
  return "";
}

/** The same, kept up to date. */
export function useWhyNot(action: Action): string {
  const subscribe = useCallback(
    (onChange: () => void) => {
      const stops = needsOf(action).map((one) => one.subscribe(onChange));
      return () => {
        for (const stop of stops) stop();
      };
    },
    [action],
  );
  return useSyncExternalStore(subscribe, () => whyNot(action));
}

export function labelOf({ label }: Action): string {
  return typeof label === "string" ? label : label();
}

/** What cannot be done now is left alone. */
export function perform(action: Action): void {
  if (whyNot(action) === "") void action.run();
}

const NAMES: Readonly<Record<string, string>> = {
  " ": "Space",
  ArrowLeft: "←",
  ArrowRight: "→",
  Escape: "Esc",
  "-": "−",
};

/** `Ctrl Shift Z`, `→`, `P`. */
export function keyName({ key, ctrl = false, shift = false }: KeyPress): string {
  const name = NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key);
  return [ctrl && "Ctrl", shift && "Shift", name].filter(Boolean).join(" ");
}

/** As `aria-keyshortcuts` wants it: `Control+Z Meta+Z`. */
export function ariaKeys(keys: readonly KeyPress[]): string {
  return keys
    .flatMap(({ key, ctrl = false, shift = false }) => {
      const name = [shift && "Shift", key === " " ? "Space" : key.toUpperCase()].filter(Boolean);
      return ctrl
        ? [
            ["Control", ...name],
            ["Meta", ...name],
          ]
        : [name];
    })
    .map((parts) => parts.join("+"))
    .join(" ");
}
