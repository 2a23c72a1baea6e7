import { useAccess } from "../../stores/access";
import { ActionButton } from "../actions/ActionButton";
import { editCopy } from "../actions/dialogs";
import { Icon } from "../parts/Icon";
import "./lock-note.css";

/** Says that a link's cluster cannot be changed, and how to get one that can. */
export function LockNote() {
  const locked = useAccess((state) => state.locked);
  if (!locked) return null;
  return (
    <section className="lock-note" aria-label="Editing is locked">
      <Icon name="lock" size={14} />
      <p>
        <strong>Editing is locked.</strong> Watch, step and send requests as you like.
      </p>
      <ActionButton action={editCopy} className="button small">
        Edit a copy
      </ActionButton>
    </section>
  );
}
