import { type RefObject, useLayoutEffect, useState } from "react";

const NONE: readonly number[] = [];

/** Positions of the tabs that one row has no room for. They stay in the row, tucked away by `data-tucked`: in reach of
 *  arrow keys and screen readers, as choosing one brings it out again. */
export function useTuckedTabs(
  list: RefObject<HTMLElement | null>,
  current: number,
  count: number,
  enabled: boolean,
): readonly number[] {
  const [tucked, setTucked] = useState(NONE);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another number of tabs is another row
  useLayoutEffect(() => {
    const row = list.current;
    if (!row || !enabled) return;
    const update = () => {
      const next = tuck(row, current);
      setTucked((before) => (next.join() === before.join() ? before : next));
    };
    update();
    const observer = new ResizeObserver(update);
    observer.observe(row);
    return () => observer.disconnect();
  }, [list, current, count, enabled]);
  return enabled ? tucked : NONE;
}

/** Marks what does not fit, and says which. */
function tuck(row: HTMLElement, current: number): readonly number[] {
  const tabs = [...row.querySelectorAll<HTMLElement>("[role=tab]")];
  for (const tab of tabs) delete tab.dataset.tucked;
  const widths = tabs.map((tab) => tab.offsetWidth);
  const next = overflowing(widths, roomOf(row), current);
  for (const position of next) {
    const tab = tabs[position];
    if (tab) tab.dataset.tucked = "";
  }
  return next;
}

/** With what the list of the others takes while it is there. */
function roomOf(row: HTMLElement): number {
  const { paddingLeft, paddingRight } = getComputedStyle(row);
  const list = row.nextElementSibling;
  const isListed = list instanceof HTMLSelectElement;
  const inside = row.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
  return inside + (isListed ? list.offsetWidth + GAP_PX : 0);
}

/** Between the row and the list of the others, as in dock.css. */
const GAP_PX = 8;
/** Room for that list. */
const MORE_PX = 92;

/** Positions that a row of this width has no room for: the last ones, but never the current one. */
export function overflowing(
  widths: readonly number[],
  roomPx: number,
  current: number,
): readonly number[] {
  const total = widths.reduce((sum, width) => sum + width, 0);
  if (total <= roomPx) return NONE;
  let left = roomPx - MORE_PX - (widths[current] ?? 0);
  let isFull = false;
  return widths.flatMap((width, position) => {
    if (position === current) return [];
    isFull ||= width > left;
    if (isFull) return [position];
    left -= width;
    return [];
  });
}
