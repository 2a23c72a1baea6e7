import { type FormEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { kubectlEquivalent } from "../../shell/kubectl/equivalent";
import { closeForm, type FormKind, isFormKind, setDirty } from "../../stores/edit";
import { useSession } from "../../stores/session";
import type { DocumentError } from "../../worker/protocol";
import { CommandLine } from "./CommandLine";
import { focusField, useUnclaimed } from "./claimed";
import { FormErrors } from "./FormErrors";
import { FormContext } from "./form-context";
import { FORMS } from "./forms/forms";
import { type Json, setAt } from "./manifest";
import { type Draft, requestOf, useRehearsal, useSubmit } from "./submit";
import { useYamlText } from "./use-yaml-text";
import { WouldChange } from "./WouldChange";
import { YamlView } from "./YamlView";
import "./edit.css";

const VIEWS = [
  ["form", "Form"],
  ["yaml", "YAML"],
  ["command", "kubectl"],
] as const;
type View = (typeof VIEWS)[number][0];

interface EditFormProps {
  readonly kind: FormKind;
  /** What the form begins with. */
  readonly base: Json;
  /** Of the object that is there already. */
  readonly objectKey?: string;
}

/** One API request, as a form, as YAML, and as a kubectl command: three views of the same manifest. */
export default function EditForm({ kind: givenKind, base, objectKey }: EditFormProps) {
  const [manifest, setManifest] = useState(base);
  const [view, setView] = useState<View>("form");
  const busy = useSession((state) => state.busy !== "");
  const draft = useMemo<Draft>(() => ({ base, manifest, objectKey }), [base, manifest, objectKey]);
  const rehearsal = useRehearsal(draft, manifest !== base);
  const { refusal, submit, forget } = useSubmit(draft);
  const errors = refusal ?? rehearsal.errors;
  const yaml = useYamlText(manifest, change);
  const form = useRef<HTMLFormElement>(null);
  const unclaimed = useUnclaimed(form, errors);
  const opener = useRef(document.activeElement);

  useEffect(() => {
    form.current?.querySelector<HTMLElement>("input:not([readonly]), select")?.focus();
  }, []);

  // What was refused may be out of sight.
  useEffect(() => {
    const wrong = refusal?.find(({ field }) => field !== undefined);
    if (wrong) focusField(form.current, wrong);
  }, [refusal]);

  function change(next: Json) {
    setManifest(next);
    forget();
    setDirty(true);
  }

  function cancel() {
    closeForm();
    const { current } = opener;
    if (current instanceof HTMLElement && current.isConnected) current.focus();
  }

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    if (busy) return;
    if (yaml.mistakes.length > 0) setView("yaml");
    else submit();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    cancel();
  }

  function goTo(error: DocumentError) {
    setView("form");
    // The fields are there after this turn.
    requestAnimationFrame(() => focusField(form.current, error));
  }

  // Whoever writes YAML may write another kind.
  const kind = String(manifest.kind ?? givenKind);
  const Fields = isFormKind(kind) ? FORMS[kind] : undefined;
  const title = `${objectKey ? "Change" : "Add"} ${kind}`;
  const request = requestOf(draft);
  return (
    <form
      className="edit-form"
      ref={form}
      aria-label={title}
      noValidate
      onSubmit={onSubmit}
      onKeyDown={onKeyDown}
    >
      <header>
        <h2>{title}</h2>
        <fieldset className="view-choice">
          <legend className="visually-hidden">View of this request</legend>
          {VIEWS.map(([one, label]) => (
            <button
              key={one}
              type="button"
              className="button small"
              aria-pressed={view === one}
              onClick={() => setView(one)}
            >
              {label}
            </button>
          ))}
        </fieldset>
      </header>
      <div className="form-body">
        {view !== "yaml" && yaml.mistakes.length > 0 && (
          <p className="note" role="alert">
            The YAML has a mistake, so the fields stand as they were before it.{" "}
            <button type="button" className="link" onClick={() => setView("yaml")}>
              Back to the YAML
            </button>{" "}
            or{" "}
            <button type="button" className="link" onClick={yaml.drop}>
              drop what was written since
            </button>
          </p>
        )}
        {view === "form" && (
          <FormContext
            value={{
              manifest,
              errors,
              exists: objectKey !== undefined,
              set: (path, value) => change((setAt(manifest, path, value) ?? {}) as Json),
            }}
          >
            <fieldset className="form-column bare" disabled={yaml.mistakes.length > 0}>
              {Fields ? <Fields /> : <p>There is no form for a {kind}: go on in YAML.</p>}
            </fieldset>
          </FormContext>
        )}
        {view === "yaml" && <YamlView {...yaml} errors={errors} />}
        {view === "command" &&
          (request ? (
            <CommandLine command={kubectlEquivalent(request)} />
          ) : (
            <p className="muted">Nothing is changed yet.</p>
          ))}
        <WouldChange objectKey={objectKey} manifest={manifest} rehearsal={rehearsal} />
      </div>
      {view === "form" && (
        <FormErrors errors={refusal ?? unclaimed} isRefused={refusal !== null} onGoTo={goTo} />
      )}
      {view === "command" && (
        <FormErrors errors={errors} isRefused={refusal !== null} onGoTo={goTo} />
      )}
      <footer>
        <button type="button" className="button" onClick={cancel}>
          Cancel
        </button>
        <button type="submit" className="button primary" data-edit disabled={busy}>
          {title}
        </button>
      </footer>
    </form>
  );
}
