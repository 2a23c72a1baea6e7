import type { KeyboardEvent } from "react";
import type { ObjectKey } from "../../core/api/types";
import { openObjectPalette } from "../../stores/palette";
import { askToDelete, editYaml } from "../../stores/view";

/** Keys within the list of objects: ↑ ↓ Home End go from row to row, → and ← into a row's buttons and back, or open and
 *  close a kind; E edits, Del deletes, M lists all that can be done. Enter is the buttons' own. */
export function moveInList(event: KeyboardEvent<HTMLElement>): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const list = event.currentTarget;
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!button) return;
  const row = button.closest<HTMLElement>("tr[data-key]");
  if (!isHandled(event.key, list, button, row)) return;
  event.preventDefault();
  event.stopPropagation();
}

function isHandled(
  key: string,
  list: HTMLElement,
  button: HTMLElement,
  row: HTMLElement | null,
): boolean {
  const object = row?.dataset.key;
  switch (key) {
    case "Delete":
      if (object) askToDelete(object);
      return object !== undefined;
    case "e":
    case "E":
      if (object) editYaml(object);
      return object !== undefined;
    case "m":
    case "M":
      if (object) openMenu(button, object);
      return object !== undefined;
    case "ArrowUp":
    case "ArrowDown":
    case "Home":
    case "End":
      moveBetweenRows(key, list, button, row);
      return true;
    case "ArrowLeft":
    case "ArrowRight":
      if (row) moveWithinRow(key, button, row);
      else if ((button.ariaExpanded === "true") === (key === "ArrowLeft")) button.click();
      return true;
    default:
      return false;
  }
}

function moveBetweenRows(
  key: "ArrowUp" | "ArrowDown" | "Home" | "End",
  list: HTMLElement,
  button: HTMLElement,
  row: HTMLElement | null,
): void {
  const stops = [...list.querySelectorAll<HTMLElement>(".group, .row")];
  const at = stops.indexOf(row?.querySelector<HTMLElement>(".row") ?? button);
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: stops.length - 1 }[key];
  stops[to]?.focus();
}

function moveWithinRow(key: "ArrowLeft" | "ArrowRight", from: HTMLElement, row: HTMLElement): void {
  const buttons = [...row.querySelectorAll<HTMLElement>("button")];
  buttons[buttons.indexOf(from) + (key === "ArrowRight" ? 1 : -1)]?.focus();
}

/** Everything that can be done to an object, below the button that asks. */
export function openMenu(button: HTMLElement, object: ObjectKey): void {
  const { left, bottom } = button.getBoundingClientRect();
  openObjectPalette(object, { x: left, y: bottom });
}
