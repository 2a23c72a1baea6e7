import { findChord, findKey } from "../ui/keys/keys";
import { startLaserKey } from "../ui/present/laser-key";

const TEXT_FIELDS = "input, textarea, select, [contenteditable=true], .cm-editor, dialog";
const PRESSED_BY_SPACE = "button, a[href], summary, [role=tab]";
const MOVED_BY_ARROWS = "[role=separator], [role=tab]";

export function startKeys(): void {
  window.addEventListener("keydown", onKeyDown);
  window.addEventListener("click", giveFocusBack);
  startLaserKey((event) => isForText(event.target));
}

function isForText(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest(TEXT_FIELDS) !== null;
}

function onKeyDown(event: KeyboardEvent): void {
  if (onChord(event)) return;
  const action = findKey(event.key)?.run;
  if (!action || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const target = event.target instanceof Element ? event.target : document.body;
  if (isForText(target) || document.querySelector("dialog[open]")) return;
  if (event.key === " " && (event.repeat || target.closest(PRESSED_BY_SPACE))) return;
  const isArrow = event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End";
  if (isArrow && target.closest(MOVED_BY_ARROWS)) return;
  event.preventDefault();
  action(event);
}

/** Keys with Ctrl or Cmd. A text field undoes its own typing; the palette opens from anywhere but a dialog. */
function onChord(event: KeyboardEvent): boolean {
  if (!(event.ctrlKey || event.metaKey) || event.altKey || event.defaultPrevented) return false;
  const chord = findChord(event);
  if (!chord || document.querySelector("dialog[open]")) return false;
  if (!chord.inText && isForText(event.target)) return false;
  event.preventDefault();
  chord.run();
  return true;
}

/** A button that was clicked with a pointer does not keep the keyboard: the next Space plays or pauses,
 *  instead of pressing the button again. Tab goes on from there all the same. */
function giveFocusBack(event: MouseEvent): void {
  const byPointer = event.detail > 0;
  const { activeElement } = document;
  if (!byPointer || !(activeElement instanceof HTMLElement || activeElement instanceof SVGElement))
    return;
  if (activeElement.closest("dialog") || !activeElement.matches(PRESSED_BY_SPACE)) return;
  activeElement.blur();
}
