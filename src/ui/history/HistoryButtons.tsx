import { useEditHistory } from "../../stores/edit-history";
import { ActionButton } from "../actions/ActionButton";
import { redoNext, undoLast } from "../actions/history";
import { Icon } from "../parts/Icon";

/** ↶ ↷, with what they would undo and do again. */
export function HistoryButtons() {
  const last = useEditHistory(({ done }) => done.at(-1)?.text);
  const next = useEditHistory(({ undone }) => undone[0]?.text);
  return (
    <>
      <ActionButton
        action={undoLast}
        className="button icon"
        label="Undo"
        hint={last ? `Undo: ${last}` : "Undo"}
      >
        <Icon name="undo" />
      </ActionButton>
      <ActionButton
        action={redoNext}
        className="button icon"
        label="Redo"
        hint={next ? `Redo: ${next}` : "Redo"}
      >
        <Icon name="redo" />
      </ActionButton>
    </>
  );
}
