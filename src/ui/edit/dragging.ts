import { addObject, isFormKind, type Preset } from "../../stores/edit";

export const DRAGGED_KIND = "application/x-kubehop-kind";

/** Kinds that are dragged onto the canvas are added there. Returns how to stop. */
export function acceptDrops(): () => void {
  const onDragOver = (event: DragEvent) => {
    if (!canvasOf(event) || !event.dataTransfer?.types.includes(DRAGGED_KIND)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  };
  const onDrop = (event: DragEvent) => {
    const kind = event.dataTransfer?.getData(DRAGGED_KIND) ?? "";
    if (!canvasOf(event) || !isFormKind(kind)) return;
    event.preventDefault();
    addObject(kind, presetAt(event.clientX, event.clientY));
  };
  window.addEventListener("dragover", onDragOver);
  window.addEventListener("drop", onDrop);
  return () => {
    window.removeEventListener("dragover", onDragOver);
    window.removeEventListener("drop", onDrop);
  };
}

function canvasOf({ target }: DragEvent): Element | null {
  return target instanceof Element ? target.closest(".react-flow") : null;
}

/** What a place on the canvas means for what is dropped there. */
function presetAt(x: number, y: number): Preset {
  const ids = boxIdsAt(x, y);
  const node = ids.find((id) => id.startsWith("Node/"))?.slice("Node/".length);
  const zone = ids.includes("zone/vpc") ? "vpc" : ids.includes("zone/internet") ? "internet" : null;
  return { ...(node && { node }), ...(zone && { zone }) };
}

function boxIdsAt(x: number, y: number): readonly string[] {
  return document
    .elementsFromPoint(x, y)
    .flatMap((element) => element.closest(".react-flow__node")?.getAttribute("data-id") ?? []);
}
