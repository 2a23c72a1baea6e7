import { findKey } from "../ui/keys/keys";
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

/** A text field has its keys to itself, Undo too, save those of the palette; a dialog has all. */
function onKeyDown(event: KeyboardEvent): void {
  const pressed = findKey(event);
  if (!pressed || event.defaultPrevented || event.altKey) return;
  const target = event.target instanceof Element ? event.target : document.body;
  if (document.querySelector("dialog[open]")) return;
  if (!pressed.inText && isForText(target)) return;
  if (event.key === " " && (event.repeat || target.closest(PRESSED_BY_SPACE))) return;
  const isArrow = event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End";
  if (isArrow && target.closest(MOVED_BY_ARROWS)) return;
  event.preventDefault();
  pressed.run();
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
