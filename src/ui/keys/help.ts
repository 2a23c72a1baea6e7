import { type Action, keyName } from "../actions/action";
import { openHelp, showPalette } from "../actions/dialogs";
import { redoNext, undoLast } from "../actions/history";
import { faster, firstHop, lastHop, nextHop, previousHop, slower } from "../actions/playback";
import { openGallery, toggleTryList } from "../actions/scenarios";
import { clearSelection, present, showEverything, showSelection } from "../actions/view";

/** A line of the help. Keys of actions are the actions' own; others are listened to where they are. */
export interface PageKey {
  readonly shown: readonly string[];
  readonly what: string;
  readonly actions?: readonly Action[];
}

export interface KeyGroup {
  readonly title: string;
  readonly keys: readonly PageKey[];
}

function keysOf(what: string, ...actions: readonly Action[]): PageKey {
  return { shown: actions.flatMap(({ keys = [] }) => keys.map(keyName)), what, actions };
}

export const KEY_GROUPS: readonly KeyGroup[] = [
  {
    title: "Everywhere",
    keys: [
      { shown: ["Space"], what: "Send, when nothing is followed yet; afterwards play or pause" },
      keysOf("One hop back, one hop on", previousHop, nextHop),
      keysOf("First hop, last hop", firstHop, lastHop),
      { ...keysOf("Faster, slower", faster, slower), shown: ["+", "−"] },
      keysOf("Clear the selection; close a dialog", clearSelection),
      keysOf("All commands (on a Mac Cmd instead of Ctrl, here and below)", showPalette),
      keysOf("Undo, redo, redo: edits, moves on the canvas, panels and theme", undoLast, redoNext),
      keysOf("Open a scenario; show or put away what to try in it", openGallery, toggleTryList),
      keysOf("This list", openHelp),
    ],
  },
  {
    title: "In class",
    keys: [
      keysOf(
        "Present: larger type, more room for the network, keys on screen; again to end it",
        present,
      ),
      {
        shown: ["L"],
        what: "Laser pointer: hold it, or press it once for on and once for off",
      },
      keysOf("Show everything; zoom to the selection", showEverything, showSelection),
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
    title: "In the terminal",
    keys: [
      { shown: ["Tab"], what: "Complete; twice: what there is" },
      { shown: ["↑", "↓", "Ctrl R"], what: "Earlier and later lines; search them" },
      { shown: ["Ctrl C", "Ctrl D"], what: "Interrupt; end the input, or leave the shell" },
      {
        shown: ["Esc", "Shift Tab"],
        what: "Leave the terminal; Enter on its tab goes back into it",
      },
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
