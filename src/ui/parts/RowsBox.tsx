import { type ReactNode, type RefObject, useEffect, useRef } from "react";
import { useSelection } from "../../stores/selection";
import { keepOneStop, moveInRows, pressRow } from "./rows";
import { ScrollBox } from "./ScrollBox";

interface RowsBoxProps {
  readonly label: string;
  readonly children: ReactNode;
  readonly className?: string;
  readonly ref?: RefObject<HTMLElement | null>;
}

/** A box with rows of buttons in it, as tables have them. One stop for Tab: ↑ ↓ Home End go from row to row, ← → within
 *  a row. A click on a row presses its `data-pick`. What gets selected elsewhere comes into view. */
export function RowsBox({ ref, ...box }: RowsBoxProps) {
  const own = useRef<HTMLElement>(null);
  const rows = ref ?? own;
  const asked = useSelection((state) => state.asked);
  useEffect(() => {
    const element = rows.current;
    if (!element) return;
    const keep = ({ target }: FocusEvent) => keepOneStop(element, target);
    element.addEventListener("keydown", moveInRows);
    element.addEventListener("click", pressRow);
    element.addEventListener("focusin", keep);
    return () => {
      element.removeEventListener("keydown", moveInRows);
      element.removeEventListener("click", pressRow);
      element.removeEventListener("focusin", keep);
    };
  }, [rows]);
  // Rows come and go with time.
  useEffect(() => {
    if (rows.current) keepOneStop(rows.current, null);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that something is selected
  useEffect(() => {
    const element = rows.current;
    if (!element || element.contains(document.activeElement)) return;
    element.querySelector(".selected")?.scrollIntoView({ block: "nearest" });
  }, [asked, rows]);
  return <ScrollBox {...box} ref={rows} />;
}
