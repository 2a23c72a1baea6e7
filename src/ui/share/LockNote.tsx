import { setLocked, useAccess } from "../../stores/access";
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
      <button type="button" className="button small" onClick={() => setLocked(false)}>
        Edit a copy
      </button>
    </section>
  );
}
