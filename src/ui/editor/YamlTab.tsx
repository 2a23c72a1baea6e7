import { useEffect, useState } from "react";
import type { ObjectKey } from "../../core/api/types";
import { kubectlEquivalent } from "../../shell/kubectl/equivalent";
import { findObject, useMirror } from "../../stores/mirror";
import { useSelection } from "../../stores/selection";
import { applyYaml, useSession } from "../../stores/session";
import { askToDelete, editorFocused, useView } from "../../stores/view";
import type { ApplyReport } from "../../worker/protocol";
import { ActionButton } from "../actions/ActionButton";
import { addYaml } from "../actions/edits";
import { objectActionId } from "../actions/object-id";
import { CommandLine } from "../edit/CommandLine";
import { keyText } from "../parts/describe";
import { Icon } from "../parts/Icon";
import { ErrorList } from "./ErrorList";
import { EXAMPLE } from "./example";
import { LazyEditor } from "./LazyEditor";

/** The selected object as YAML, or a new document. */
export default function YamlTab() {
  const selected = useSelection((state) => state.selected);
  const newDocument = useView((state) => state.newDocument);
  if (newDocument) return <Document key="new" object={null} />;
  if (selected) return <Document key={selected} object={selected} />;
  return (
    <div className="empty">
      <p>Select an object to see and edit it as YAML, or write a new one.</p>
      <p>
        <ActionButton action={addYaml}>
          <Icon name="plus" /> New
        </ActionButton>
      </p>
    </div>
  );
}

interface Draft {
  readonly text: string;
  /** As it came from the cluster. */
  readonly original: string;
}

function Document({ object }: { object: ObjectKey | null }) {
  const [draft, setDraft] = useState<Draft | null>(
    object ? null : { text: EXAMPLE, original: EXAMPLE },
  );
  const [report, setReport] = useState<ApplyReport | null>(null);
  const [goTo, setGoTo] = useState<{ line: number; column: number } | null>(null);
  const [showsCommand, setShowsCommand] = useState(false);
  const latest = useYaml(object);
  const busy = useSession((state) => state.busy !== "");
  const wantsFocus = useView((state) => state.editorWanted);
  const gone = latest === null && object !== null && draft !== null;
  const dirty = draft !== null && draft.text !== draft.original;

  useEffect(() => {
    if (typeof latest !== "string") return;
    // What someone is writing is never overwritten.
    setDraft((now) =>
      now && now.text !== now.original ? now : { text: latest, original: latest },
    );
  }, [latest]);

  async function apply() {
    if (!draft) return;
    const answer = await applyYaml(draft.text);
    setReport(answer);
    if (answer.ok) setDraft({ text: draft.text, original: draft.text });
  }

  return (
    <section className="yaml-tab" aria-label="YAML">
      <header>
        <span className="name" title={object ? keyText(object) : undefined}>
          {object ? keyText(object) : "New objects"}
          {dirty && <span className="muted"> (edited)</span>}
        </span>
        <button
          type="button"
          className="button small primary"
          data-edit
          disabled={busy || !draft}
          onClick={apply}
        >
          Apply
        </button>
        {object && (
          <button
            type="button"
            className="button small danger"
            data-edit
            data-action={objectActionId(object, "delete")}
            disabled={busy || gone}
            onClick={() => askToDelete(object)}
          >
            Delete
          </button>
        )}
        <ActionButton action={addYaml} className="button small">
          New
        </ActionButton>
        <button
          type="button"
          className="button small"
          aria-expanded={showsCommand}
          onClick={() => setShowsCommand(!showsCommand)}
        >
          kubectl
        </button>
      </header>
      {showsCommand && draft && (
        <div className="yaml-command">
          <CommandLine command={kubectlEquivalent({ type: "apply", yaml: draft.text })} />
        </div>
      )}
      {gone && <p className="note">This object is not in the cluster at this moment.</p>}
      {dirty && typeof latest === "string" && latest !== draft.original && (
        <p className="note">
          The cluster’s copy has changed since.{" "}
          <button
            type="button"
            className="link"
            onClick={() => setDraft({ text: latest, original: latest })}
          >
            Drop my edits and show it
          </button>
        </p>
      )}
      {draft ? (
        <LazyEditor
          label="YAML document"
          value={draft.text}
          onChange={(text) => setDraft((now) => now && { ...now, text })}
          errors={report?.errors ?? NO_ERRORS}
          goTo={goTo}
          wantsFocus={wantsFocus}
          onFocused={editorFocused}
        />
      ) : (
        <p className="empty">
          {latest === null ? "This object is not in the cluster at this moment." : "Loading …"}
        </p>
      )}
      {report && <ErrorList errors={report.errors} onGoTo={setGoTo} />}
      {report?.ok && <ReportLines report={report} />}
    </section>
  );
}

const NO_ERRORS = [] as const;

export function ReportLines({ report: { lines, ignored } }: { report: ApplyReport }) {
  return (
    <div className="report" role="status">
      <ul>
        {lines.map((line) => (
          <li key={line} className="mono">
            {line}
          </li>
        ))}
        {lines.length === 0 && <li>Nothing was applied: no document matters to the network.</li>}
      </ul>
      {ignored.length > 0 && (
        <p className="muted">Ignored, does not matter to the network: {ignored.join(", ")}</p>
      )}
    </div>
  );
}

/** The object's YAML as it now is; null when it is not there, undefined while it is asked for. */
function useYaml(object: ObjectKey | null): string | null | undefined {
  const simulation = useSession((state) => state.simulation);
  const version = useMirror((state) => (object ? findObject(state.records, object) : undefined));
  const [text, setText] = useState<string | null>();
  useEffect(() => {
    if (!object || !simulation) return;
    if (!version) {
      setText(null);
      return;
    }
    let wanted = true;
    simulation.yaml(object).then(
      (yaml) => wanted && setText(yaml),
      () => wanted && setText(null),
    );
    return () => {
      wanted = false;
    };
  }, [object, simulation, version]);
  return text;
}
