import { redo, undo } from "../../stores/edit-history";
import { openPalette } from "../../stores/palette";
import { changeSpeed, first, last, step, togglePlaying, usePlayback } from "../../stores/playback";
import { togglePresenting } from "../../stores/present";
import { useSelection } from "../../stores/selection";
import { send } from "../../stores/session";
import { openDialog, showInspector } from "../../stores/view";

/** A key of the page. The help lists them all, from this one table. */
export interface PageKey {
  /** As `KeyboardEvent.key` has it; none where a part of the page listens itself. */
  readonly key?: readonly string[];
  readonly shown: readonly string[];
  readonly what: string;
  readonly run?: (event: KeyboardEvent) => void;
}

export interface KeyGroup {
  readonly title: string;
  readonly keys: readonly PageKey[];
}

function sendOrToggle(): void {
  if (usePlayback.getState().journey) togglePlaying();
  else {
    showInspector("packet");
    void send();
  }
}

const changeSpeedBy = (event: KeyboardEvent) =>
  changeSpeed(event.key === "+" || event.key === "=" ? 1 : -1);
const stepBy = (event: KeyboardEvent) => step(event.key === "ArrowLeft" ? -1 : 1);

export const KEY_GROUPS: readonly KeyGroup[] = [
  {
    title: "Everywhere",
    keys: [
      {
        key: [" "],
        shown: ["Space"],
        what: "Send, when nothing is followed yet; afterwards play or pause",
        run: sendOrToggle,
      },
      {
        key: ["ArrowLeft", "ArrowRight"],
        shown: ["←", "→"],
        what: "One hop back, one hop on",
        run: stepBy,
      },
      {
        key: ["Home", "End"],
        shown: ["Home", "End"],
        what: "First hop, last hop",
        run: (event) => (event.key === "Home" ? first() : last()),
      },
      {
        key: ["+", "=", "-", "−"],
        shown: ["+", "−"],
        what: "Faster, slower",
        run: changeSpeedBy,
      },
      {
        key: ["Escape"],
        shown: ["Esc"],
        what: "Clear the selection; close a dialog",
        run: () => useSelection.getState().select(null),
      },
      { shown: ["Ctrl K"], what: "All commands (on a Mac Cmd instead of Ctrl, here and below)" },
      {
        shown: ["Ctrl Z", "Ctrl Shift Z", "Ctrl Y"],
        what: "Undo, redo, redo: edits, moves on the canvas, panels and theme",
      },
      { key: ["?"], shown: ["?"], what: "This list", run: () => openDialog("help") },
    ],
  },
  {
    title: "In class",
    keys: [
      {
        key: ["p", "P"],
        shown: ["P"],
        what: "Present: larger type, more room for the network, keys on screen; again to end it",
        run: togglePresenting,
      },
      {
        shown: ["L"],
        what: "Laser pointer: hold it, or press it once for on and once for off",
      },
    ],
  },
  {
    title: "On the canvas, in tabs and between panels",
    keys: [
      { shown: ["Tab", "Enter"], what: "From box to box of the canvas; select the box" },
      {
        shown: ["←", "→", "Home", "End"],
        what: "On a tab: the tab beside it, the first, the last",
      },
      { shown: ["←", "→", "↑", "↓"], what: "On the line between two panels: move it" },
    ],
  },
  {
    title: "In the commands, and in the tree of decisions",
    keys: [
      { shown: ["↑", "↓"], what: "From line to line" },
      { shown: ["←", "→"], what: "Close or open a decision" },
      { shown: ["Enter"], what: "Run the command; watch that way" },
    ],
  },
  {
    title: "In the list of objects",
    keys: [
      { shown: ["↑", "↓"], what: "From row to row; Home and End to the first and last" },
      { shown: ["←", "→"], what: "Close or open a kind" },
      { shown: ["Enter"], what: "Select the object, and show it" },
      { shown: ["E", "Del"], what: "Edit or delete the object of that row" },
      { shown: ["M", "Menu", "Shift F10"], what: "Everything that can be done to that object" },
    ],
  },
];

interface Chord {
  readonly keys: readonly string[];
  readonly shift?: boolean;
  /** Also while typing. */
  readonly inText?: boolean;
  readonly run: () => void;
}

/** With Ctrl or Cmd held. */
const CHORDS: readonly Chord[] = [
  { keys: ["k"], inText: true, run: openPalette },
  { keys: ["z"], run: undo },
  { keys: ["z"], shift: true, run: redo },
  { keys: ["y"], run: redo },
];

export function findChord({ key, shiftKey }: KeyboardEvent): Chord | undefined {
  const wanted = key.toLowerCase();
  return CHORDS.find(({ keys, shift = false }) => keys.includes(wanted) && shift === shiftKey);
}

export function findKey(key: string): PageKey | undefined {
  for (const group of KEY_GROUPS) {
    const found = group.keys.find((one) => one.key?.includes(key));
    if (found) return found;
  }
  return undefined;
}
