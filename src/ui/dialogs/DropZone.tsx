import { useEffect, useRef, useState } from "react";
import { closePalette } from "../../stores/palette";
import { askToDelete, openDialog } from "../../stores/view";

/** A file dropped anywhere on the page, on dialogs and editors too, goes to the import dialog. */
export function DropZone() {
  const [over, setOver] = useState(false);
  const hint = useRef<HTMLParagraphElement>(null);
  useFileDrops(setOver, (files) => {
    askToDelete(null);
    closePalette();
    openDialog("import", files);
  });
  useEffect(() => {
    // In the top layer, as the dialogs are.
    hint.current?.togglePopover(over);
  }, [over]);

  return (
    <p className="drop-hint" ref={hint} popover="manual">
      Drop YAML or a saved moment to open it
    </p>
  );
}

/** Where nothing can be dropped: the browser would leave the page for the file. */
export function NoDropZone() {
  useFileDrops(ignore, ignore);
  return null;
}

function ignore(): void {}

function useFileDrops(setOver: (over: boolean) => void, onFiles: (files: readonly File[]) => void) {
  const latest = useRef({ setOver, onFiles });
  latest.current = { setOver, onFiles };
  useEffect(() => {
    const onDragOver = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes("Files")) return;
      event.preventDefault();
      latest.current.setOver(true);
    };
    const onDragLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) latest.current.setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      latest.current.setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      // An editor would take the text for itself.
      event.stopPropagation();
      latest.current.onFiles(files);
    };
    const capture = { capture: true };
    window.addEventListener("dragover", onDragOver, capture);
    window.addEventListener("dragleave", onDragLeave, capture);
    window.addEventListener("drop", onDrop, capture);
    return () => {
      window.removeEventListener("dragover", onDragOver, capture);
      window.removeEventListener("dragleave", onDragLeave, capture);
      window.removeEventListener("drop", onDrop, capture);
    };
  }, []);
}
