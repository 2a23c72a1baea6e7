import { type Action, type KeyPress, perform } from "../actions/action";
import { openHelp, showPalette } from "../actions/dialogs";
import { redoNext, undoLast } from "../actions/history";
import { faster, firstHop, lastHop, nextHop, previousHop, slower } from "../actions/playback";
import { openGallery, toggleTryList } from "../actions/scenarios";
import { sendOrToggle } from "../actions/traffic";
import { clearSelection, present, showEverything, showSelection } from "../actions/view";

/** Whose keys work everywhere. */
export const KEYED_ACTIONS: readonly Action[] = [
  previousHop,
  nextHop,
  firstHop,
  lastHop,
  faster,
  slower,
  clearSelection,
  showPalette,
  undoLast,
  redoNext,
  openHelp,
  openGallery,
  toggleTryList,
  present,
  showEverything,
  showSelection,
];

const SPACE: Pressed = { key: " ", run: sendOrToggle };

interface Pressed extends KeyPress {
  readonly run: () => void;
}

const PRESSED: readonly Pressed[] = [
  SPACE,
  ...KEYED_ACTIONS.flatMap((action) =>
    (action.keys ?? []).map((key) => ({ ...key, run: () => perform(action) })),
  ),
];

/** What a key press does; letters do the same with Shift. */
export function findKey({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent): Pressed | undefined {
  const wanted = key.length === 1 ? key.toLowerCase() : key;
  const isChord = ctrlKey || metaKey;
  return PRESSED.find(
    ({ key, ctrl = false, shift = false }) =>
      key === wanted && ctrl === isChord && (!isChord || shift === shiftKey),
  );
}
