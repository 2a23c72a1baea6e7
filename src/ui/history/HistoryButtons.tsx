import { redo, undo, useEditHistory } from "../../stores/edit-history";
import { useSession } from "../../stores/session";
import { Icon } from "../parts/Icon";

/** ↶ ↷, with what they would undo and do again. */
export function HistoryButtons() {
  const last = useEditHistory(({ done }) => done.at(-1)?.text);
  const next = useEditHistory(({ undone }) => undone[0]?.text);
  const busy = useSession((state) => state.busy !== "");
  return (
    <>
      <button
        type="button"
        className="button icon"
        data-edit
        aria-label="Undo"
        aria-keyshortcuts="Control+Z Meta+Z"
        title={last ? `Undo: ${last} (Ctrl+Z)` : "Nothing to undo"}
        disabled={busy || last === undefined}
        onClick={undo}
      >
        <Icon name="undo" />
      </button>
      <button
        type="button"
        className="button icon"
        data-edit
        aria-label="Redo"
        aria-keyshortcuts="Control+Shift+Z Control+Y Meta+Shift+Z"
        title={next ? `Redo: ${next} (Ctrl+Shift+Z)` : "Nothing to redo"}
        disabled={busy || next === undefined}
        onClick={redo}
      >
        <Icon name="redo" />
      </button>
    </>
  );
}
