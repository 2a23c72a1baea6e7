import { type FormEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { parse } from "yaml";
import { formatManifest } from "../../scenario/format-manifest";
import { kubectlEquivalent } from "../../shell/kubectl/equivalent";
import { closeForm, type FormKind, setDirty } from "../../stores/edit";
import { useSession } from "../../stores/session";
import { LazyEditor } from "../editor/LazyEditor";
import { CommandLine } from "./CommandLine";
import { FormErrors } from "./FormErrors";
import { FormContext } from "./form-context";
import { HostForm, NamespaceForm, NodeForm } from "./forms/machines";
import { ServiceForm } from "./forms/ServiceForm";
import { DeploymentForm, PodForm } from "./forms/workloads";
import { isJson, type Json, setAt } from "./manifest";
import { type Draft, requestOf, useRehearsal, useSubmit } from "./submit";
import "./edit.css";

const FORMS: Readonly<Record<FormKind, () => React.JSX.Element>> = {
  Service: ServiceForm,
  Deployment: DeploymentForm,
  Pod: PodForm,
  Node: NodeForm,
  Namespace: NamespaceForm,
  Host: HostForm,
};

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
export default function EditForm({ kind, base, objectKey }: EditFormProps) {
  const [manifest, setManifest] = useState(base);
  const [view, setView] = useState<View>("form");
  const busy = useSession((state) => state.busy !== "");
  const draft = useMemo<Draft>(() => ({ base, manifest, objectKey }), [base, manifest, objectKey]);
  const touched = manifest !== base;
  const live = useRehearsal(draft, touched);
  const { refusal, submit, forget } = useSubmit(draft);
  const errors = refusal ?? live;
  const form = useRef<HTMLFormElement>(null);
  const opener = useRef(document.activeElement);

  useEffect(() => {
    form.current?.querySelector<HTMLElement>("input:not([readonly]), select")?.focus();
  }, []);

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
    if (!busy) submit();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    cancel();
  }

  const Fields = FORMS[kind];
  const verb = objectKey ? "Change" : "Add";
  const request = requestOf(draft);
  return (
    <form
      className="edit-form"
      ref={form}
      aria-label={`${verb} ${kind}`}
      noValidate
      onSubmit={onSubmit}
      onKeyDown={onKeyDown}
    >
      <header>
        <h2>
          {verb} {kind}
        </h2>
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
        {view === "form" && (
          <FormContext
            value={{
              manifest,
              errors,
              exists: objectKey !== undefined,
              set: (path, value) => change((setAt(manifest, path, value) ?? {}) as Json),
            }}
          >
            <Fields />
          </FormContext>
        )}
        {view === "yaml" && <YamlView manifest={manifest} onChange={change} />}
        {view === "command" &&
          (request ? (
            <CommandLine command={kubectlEquivalent(request)} />
          ) : (
            <p className="muted">Nothing is changed yet.</p>
          ))}
      </div>
      {(refusal || view !== "form") && <FormErrors errors={errors} />}
      <footer>
        <button type="button" className="button" onClick={cancel}>
          Cancel
        </button>
        <button type="submit" className="button primary" data-edit disabled={busy}>
          {verb} {kind}
        </button>
      </footer>
    </form>
  );
}

interface YamlViewProps {
  readonly manifest: Json;
  readonly onChange: (manifest: Json) => void;
}

/** While the text is no YAML, the manifest stays as it last was. */
function YamlView({ manifest, onChange }: YamlViewProps) {
  const [text, setText] = useState(() => formatManifest(manifest));
  const [problem, setProblem] = useState("");
  return (
    <>
      <div className="form-yaml">
        <LazyEditor
          label="The request as YAML"
          value={text}
          errors={NO_ERRORS}
          goTo={null}
          onChange={(next) => {
            setText(next);
            const read = readManifest(next);
            setProblem(typeof read === "string" ? read : "");
            if (typeof read !== "string" && next !== text) onChange(read);
          }}
        />
      </div>
      {problem && (
        <p className="note" role="alert">
          {problem}
        </p>
      )}
    </>
  );
}

const NO_ERRORS = [] as const;

/** The manifest, or what is wrong with the text. */
function readManifest(text: string): Json | string {
  try {
    const value: unknown = parse(text);
    return isJson(value) ? value : "This is no object.";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
