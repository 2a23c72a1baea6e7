import { type ChangeEvent, useEffect, useState } from "react";
import { BUILT_IN_SCENARIOS } from "../../share/built-in";
import { loadScenario } from "../../stores/built-in";
import { applyYaml, openScenario, useSession } from "../../stores/session";
import { REPLACED_TEXT, useWorkspaces } from "../../stores/workspaces";
import type { ApplyReport } from "../../worker/protocol";
import { ErrorList } from "../editor/ErrorList";
import { LazyEditor } from "../editor/LazyEditor";
import { ReportLines } from "../editor/YamlTab";
import { Dialog } from "../parts/Dialog";
import { openMomentFile } from "../share/moment-file";
import { readDocuments } from "./read-documents";

const PLACEHOLDER = "# Paste Kubernetes YAML here, one or more documents separated by ---\n";

interface ImportDialogProps {
  readonly files: readonly File[];
  readonly onClose: () => void;
}

export default function ImportDialog({ files, onClose }: ImportDialogProps) {
  const [text, setText] = useState(PLACEHOLDER);
  const [problem, setProblem] = useState("");
  const [report, setReport] = useState<ApplyReport | null>(null);
  const [goTo, setGoTo] = useState<{ line: number; column: number } | null>(null);
  const busy = useSession((state) => state.busy !== "");
  const notKept = useWorkspaces((state) => state.problem !== null);

  async function read(chosen: readonly File[]) {
    const result = await readDocuments(chosen);
    setReport(null);
    setProblem("");
    if (result.kind === "problem") setProblem(result.problem);
    else if (result.kind === "documents") setText(result.text);
    else await openSaved(result.text);
  }

  async function openSaved(text: string) {
    const problem = await openMomentFile(text);
    if (problem === "") onClose();
    else setProblem(problem);
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: files that were dropped are read once
  useEffect(() => {
    if (files.length > 0) read(files);
  }, [files]);

  async function onFiles(event: ChangeEvent<HTMLInputElement>) {
    await read([...(event.target.files ?? [])]);
    event.target.value = "";
  }

  /** A cluster is not thrown away for a text without a document. */
  function hasDocuments(): boolean {
    const found = text.split("\n").some((line) => !/^\s*(#.*|---.*|\.\.\.)?$/.test(line));
    setReport(null);
    setProblem(found ? "" : "There is no document in this text yet. The cluster is as it was.");
    return found;
  }

  async function apply() {
    if (hasDocuments()) setReport(await applyYaml(text));
  }

  async function openAsNew() {
    if (!hasDocuments()) return;
    const { errors, ignored } = await openScenario(text);
    setReport({ ok: errors.length === 0, lines: ["The cluster was opened."], errors, ignored });
  }

  return (
    <Dialog title="Import YAML" onClose={onClose} className="wide">
      <div className="dialog-body import">
        <p className="muted">
          Paste manifests as they are, open files, or drop a file anywhere on the page (2 MB at
          most). Kinds that do not matter to the network are listed and left out.
        </p>
        <div className="dialog-actions start">
          <label className="button file">
            Open files …
            <input type="file" accept=".yaml,.yml,.json,.txt" multiple onChange={onFiles} />
          </label>
          <select
            className="field"
            aria-label="Built-in scenario"
            value=""
            onChange={async (event) => {
              setReport(null);
              setProblem("");
              setText(await loadScenario(event.target.value));
            }}
          >
            <option value="">Built-in scenario …</option>
            {BUILT_IN_SCENARIOS.map(({ name, title }) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </div>
        {problem && (
          <p className="note" role="alert">
            {problem}
          </p>
        )}
        <div className="import-editor">
          <LazyEditor
            label="YAML to import"
            value={text}
            onChange={setText}
            errors={report?.errors ?? NO_ERRORS}
            goTo={goTo}
          />
        </div>
        {report && <ErrorList errors={report.errors} onGoTo={setGoTo} />}
        {report?.ok && <ReportLines report={report} />}
        {notKept && !report?.ok && <p className="note">{REPLACED_TEXT}</p>}
        <div className="dialog-actions">
          {report?.ok ? (
            <button type="button" className="button primary" onClick={onClose}>
              Show the cluster
            </button>
          ) : (
            <>
              <button type="button" className="button" disabled={busy} onClick={openAsNew}>
                Open as a new cluster
              </button>
              <button
                type="button"
                className="button primary"
                data-edit
                disabled={busy}
                onClick={apply}
              >
                Apply to this cluster
              </button>
            </>
          )}
        </div>
      </div>
    </Dialog>
  );
}

const NO_ERRORS = [] as const;
