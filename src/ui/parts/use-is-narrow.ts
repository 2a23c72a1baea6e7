import { type RefObject, useLayoutEffect, useState } from "react";

/** Whether a box is narrower than that, whatever the page's width is. */
export function useIsNarrow(box: RefObject<HTMLElement | null>, px: number): boolean {
  const [isNarrow, setNarrow] = useState(false);
  useLayoutEffect(() => {
    const element = box.current;
    if (!element) return;
    const look = () => setNarrow(element.clientWidth < px);
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, px]);
  return isNarrow;
}
