import { fabricOf, useMirror } from "../../stores/mirror";
import { useSession } from "../../stores/session";
import { useTryList } from "../../stores/suggestions";
import { ActionButton } from "../actions/ActionButton";
import { openGallery, suggestionId, toggleTryList, trySuggestion } from "../actions/scenarios";
import { Icon } from "../parts/Icon";
import "./scenario.css";

/** What the open scenario is about and what to try in it; folded away by a click. */
export function TryCard() {
  const open = useTryList((state) => state.open);
  const count = useMirror(({ records }) => fabricOf(records)?.suggestions.length ?? 0);
  if (count === 0) return null;
  return (
    <section className="try-card" aria-label="Scenario" data-open={open || undefined}>
      <button
        type="button"
        className="try-fold"
        data-action={toggleTryList.id}
        aria-expanded={open}
        aria-keyshortcuts="T"
        title={`${open ? "Put away" : "Show"} what to try (T)`}
        onClick={() => useTryList.setState({ open: !open })}
      >
        <Icon name="chevron" size={11} /> Try <span className="muted">{count}</span>
      </button>
      {open && (
        <div className="try-body">
          <Scenario />
        </div>
      )}
    </section>
  );
}

/** The same as a phone's tab. */
export function TrySheet() {
  return (
    <section className="try-sheet" aria-label="Scenario">
      <Scenario />
    </section>
  );
}

function Scenario() {
  const fabric = useMirror(({ records }) => fabricOf(records));
  const ready = useSession((state) => state.phase.kind === "running");
  if (!fabric) return null;
  const { title, description, suggestions } = fabric;
  return (
    <>
      <h2>{title || "Untitled cluster"}</h2>
      {description && <p>{description}</p>}
      {suggestions.length > 0 && (
        <ol aria-label="Try">
          {suggestions.map((one, index) => (
            <li key={suggestionId(index)}>
              <button
                type="button"
                className="suggestion"
                data-action={suggestionId(index)}
                disabled={!ready}
                title={
                  "command" in one
                    ? `Runs in the terminal: ${one.command}`
                    : `Sends from ${one.from} to ${one.to}`
                }
                onClick={() => trySuggestion(one)}
              >
                <Icon name={"command" in one ? "command" : "send"} size={12} />
                <span>{one.title}</span>
              </button>
            </li>
          ))}
        </ol>
      )}
      <ActionButton action={openGallery} className="button small">
        <Icon name="gallery" size={12} /> Other scenarios …
      </ActionButton>
    </>
  );
}
