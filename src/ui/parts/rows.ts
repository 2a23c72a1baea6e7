/** Rows of buttons by keyboard and pointer, on plain elements: whoever draws the rows need not know. */

const ROWS = "tr, [data-row]";
const KEYS = ["ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End"];

/** The only button that Tab reaches: the one that had the focus last, or else the first. */
export function keepOneStop(box: HTMLElement, focused: EventTarget | null): void {
  const buttons = rowsOf(box).flat();
  const last = buttons.find((button) => button.tabIndex === 0 && button.dataset.stop === "");
  const stop = buttons.find((button) => button === focused) ?? last ?? buttons[0];
  for (const button of buttons) {
    const isStop = button === stop;
    if (button.tabIndex !== (isStop ? 0 : -1)) button.tabIndex = isStop ? 0 : -1;
    if (isStop) button.dataset.stop = "";
    else delete button.dataset.stop;
  }
}

/** Keys on a row's button; within a text field they are the field's. */
export function moveInRows(event: KeyboardEvent): void {
  if (!KEYS.includes(event.key) || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = event.currentTarget;
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  if (!(box instanceof HTMLElement) || !button) return;
  const rows = rowsOf(box);
  const row = rows.findIndex((buttons) => buttons.includes(button));
  const column = rows[row]?.indexOf(button) ?? -1;
  if (row < 0) return;
  event.preventDefault();
  event.stopPropagation();
  const next = targetOf(event.key, rows, row, column);
  next?.focus({ preventScroll: true });
  next?.scrollIntoView({ block: "nearest" });
}

function targetOf(
  key: string,
  rows: readonly (readonly HTMLElement[])[],
  row: number,
  column: number,
): HTMLElement | undefined {
  if (key === "ArrowLeft" || key === "ArrowRight")
    return rows[row]?.[column + (key === "ArrowRight" ? 1 : -1)];
  const to = { ArrowUp: row - 1, ArrowDown: row + 1, Home: 0 }[key] ?? rows.length - 1;
  const buttons = rows[to];
  return buttons?.[Math.min(column, buttons.length - 1)];
}

/** A click beside the row's buttons; not one that marks text to copy it. */
export function pressRow({ target, currentTarget }: MouseEvent): void {
  if (!(target instanceof Element) || !(currentTarget instanceof Element)) return;
  if (target.closest("button, a, input, select") || getSelection()?.isCollapsed === false) return;
  const row = target.closest(ROWS);
  if (row && currentTarget.contains(row))
    row.querySelector<HTMLElement>("button[data-pick]")?.click();
}

/** The buttons of each row that has any. */
function rowsOf(box: HTMLElement): readonly (readonly HTMLButtonElement[])[] {
  return [...box.querySelectorAll(ROWS)]
    .map((row) => [...row.querySelectorAll<HTMLButtonElement>("button:not(:disabled)")])
    .filter((buttons) => buttons.length > 0);
}
