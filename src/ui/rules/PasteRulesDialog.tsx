import { type ChangeEvent, useEffect, useId, useRef, useState } from "react";
import { notify } from "../../stores/notices";
import { request, useSession } from "../../stores/session";
import type { RulesReading } from "../../worker/protocol";
import { shownNode } from "../dock/NodeBar";
import { Dialog } from "../parts/Dialog";
import { countText } from "./rules-words";
import "../editor/editor.css";
import "./rules.css";

/** A text is read when nobody has typed for so long. */
const PAUSE_MS = 250;
const MAX_BYTES = 2_000_000;

const PLACEHOLDER = `# sudo iptables-save
*nat
:PREROUTING ACCEPT [0:0]
…
COMMIT`;

/** Rules of a real node, or anybody's, put into a node as iptables-restore does. */
export default function PasteRulesDialog({ onClose }: { readonly onClose: () => void }) {
  // What passes meanwhile does not change whose rules they will be.
  const [node] = useState(shownNode);
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const [stopProxy, setStopProxy] = useState(true);
  const busy = useSession((state) => state.busy !== "");
  const reading = useReading(node, text);
  const area = useRef<HTMLTextAreaElement>(null);
  const areaId = useId();
  const isGood = reading !== undefined && reading.errors.length === 0 && text.trim() !== "";

  async function onFile(event: ChangeEvent<HTMLInputElement>) {
    const [file] = event.target.files ?? [];
    event.target.value = "";
    if (!file) return;
    const isLarge = file.size > MAX_BYTES;
    setProblem(isLarge ? `${file.name}: ${(file.size / 1e6).toFixed(1)} MB, 2 MB at most` : "");
    if (!isLarge) setText(await file.text());
  }

  async function restore() {
    const report = await request({
      type: "restoreRules",
      node,
      text,
      ...(stopProxy && { stopProxy }),
    });
    if (report.ok) {
      notify("ok", report.lines.join(", "));
      onClose();
    } else setProblem(report.errors[0]?.message ?? "The rules were refused.");
  }

  return (
    <Dialog title={`Paste rules into ${node}`} onClose={onClose} className="wide">
      <div className="dialog-body paste-rules">
        <p className="muted">
          What <code>iptables-save</code> prints on a real node. The tables that it names replace
          those of {node}, as <code>iptables-restore</code> does; the others stay. What{" "}
          <code>ipset save</code> prints may stand before it.
        </p>
        <div className="dialog-actions start">
          <label className="button file">
            Open a file …
            <input type="file" onChange={onFile} />
          </label>
        </div>
        <label className="visually-hidden" htmlFor={areaId}>
          Rules
        </label>
        <textarea
          id={areaId}
          ref={area}
          className="field mono"
          placeholder={PLACEHOLDER}
          spellCheck={false}
          autoCapitalize="off"
          autoComplete="off"
          wrap="off"
          value={text}
          onChange={(event) => {
            setProblem("");
            setText(event.target.value);
          }}
        />
        {problem && (
          <p className="note" role="alert">
            {problem}
          </p>
        )}
        <Reading reading={text.trim() === "" ? undefined : reading} onGoTo={goTo} />
        <label className="check">
          <input
            type="checkbox"
            checked={stopProxy}
            onChange={(event) => setStopProxy(event.target.checked)}
          />{" "}
          Stop kube-proxy on {node}, so that these rules stay
        </label>
        {!stopProxy && (
          <p className="muted">
            While it runs, kube-proxy writes its own chains (KUBE-…) again with the next change of a
            Service, or within 30 s if its canary chain is missing from the text. All other rules
            stay.
          </p>
        )}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="button"
            className="button primary"
            data-edit
            disabled={busy || !isGood}
            onClick={restore}
          >
            Restore
          </button>
        </div>
      </div>
    </Dialog>
  );

  function goTo(line: number) {
    const field = area.current;
    if (!field) return;
    const lines = text.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
    field.focus();
    field.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
    field.scrollTop = (field.scrollHeight / lines.length) * Math.max(0, line - 4);
  }
}

/** What the worker makes of the text; undefined until it has read it. */
function useReading(node: string, text: string): RulesReading | undefined {
  const simulation = useSession((state) => state.simulation);
  const [answer, setAnswer] = useState<{ readonly text: string; readonly reading: RulesReading }>();
  useEffect(() => {
    if (!simulation || text.trim() === "") return;
    let isStale = false;
    const timer = setTimeout(async () => {
      const reading = await simulation.readRules(node, text);
      if (!isStale) setAnswer({ text, reading });
    }, PAUSE_MS);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [simulation, node, text]);
  return answer?.text === text ? answer.reading : undefined;
}

function Reading({
  reading,
  onGoTo,
}: {
  readonly reading: RulesReading | undefined;
  readonly onGoTo: (line: number) => void;
}) {
  if (!reading) return <p className="muted reading" />;
  if (reading.errors.length === 0)
    return (
      <p className="reading" role="status">
        ✓ {countText(reading)}
      </p>
    );
  return (
    <div className="document-errors reading" role="alert">
      <p>
        <strong>✕ iptables-restore would refuse this:</strong>
      </p>
      <ul>
        {reading.errors.map(({ line, message }) => (
          <li key={`${line} ${message}`}>
            <button type="button" className="link" onClick={() => onGoTo(line)}>
              line {line}: {message}
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
