import { useState } from "react";
import { LazyEditor } from "../editor/LazyEditor";
import type { EditRequest } from "./screens";

const NO_ERRORS = [] as const;

/** The editor that `kubectl edit` opens: the command waits until it is left. */
export function EditPane({ edit }: { readonly edit: EditRequest }) {
  const [text, setText] = useState(edit.text);
  const [wantsFocus, setWantsFocus] = useState(true);
  return (
    <section className="terminal-edit" aria-label={`Edit ${edit.title}`}>
      <div className="dock-bar">
        <strong>{edit.title}</strong>
        <span className="muted">kubectl edit waits for you</span>
        <button type="button" className="button small primary" onClick={() => edit.done(text)}>
          Save and close
        </button>
        <button type="button" className="button small" onClick={() => edit.done(undefined)}>
          Close without saving
        </button>
      </div>
      <LazyEditor
        label={`YAML of ${edit.title}`}
        value={text}
        onChange={setText}
        errors={NO_ERRORS}
        goTo={null}
        wantsFocus={wantsFocus}
        onFocused={() => setWantsFocus(false)}
      />
    </section>
  );
}
