import { useMirror } from "../../stores/mirror";
import { openObjectPalette } from "../../stores/palette";
import { useSelection } from "../../stores/selection";

/** A context menu on a box of the canvas or a row of a table lists what can be done to its object. Returns how to stop. */
export function openObjectMenus(): () => void {
  const onContextMenu = (event: MouseEvent) => {
    const target = event.target instanceof Element ? event.target : null;
    const key = target && keyUnder(target);
    if (!target || !key || !useMirror.getState().records.has(key)) return;
    event.preventDefault();
    const { left, bottom } = target.getBoundingClientRect();
    const byKeyboard = event.clientX === 0 && event.clientY === 0;
    if (useSelection.getState().selected !== key) useSelection.getState().select(key);
    openObjectPalette(
      key,
      byKeyboard ? { x: left, y: bottom } : { x: event.clientX, y: event.clientY },
    );
  };
  window.addEventListener("contextmenu", onContextMenu);
  return () => window.removeEventListener("contextmenu", onContextMenu);
}

function keyUnder(target: Element): string | null {
  const row = target.closest("tr[data-key]")?.getAttribute("data-key");
  if (row) return row;
  const id = target.closest(".react-flow__node")?.getAttribute("data-id");
  if (!id) return null;
  const [place, first, second] = id.split("/");
  if (place === "elb") return `Service/${first}/${second}`;
  return place === "node" ? `Node/${first}` : id;
}
