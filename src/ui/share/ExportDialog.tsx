import { useState } from "react";
import { ANY, interfacesOf, STREAMS } from "../../core/trace/capture";
import { usePlayback } from "../../stores/playback";
import { exportId } from "../actions/exports";
import { Dialog } from "../parts/Dialog";
import { EXPORTS, type ExportForm, exportAs, NO_PACKET_TEXT } from "./exports";
import "./share.css";

export default function ExportDialog({ onClose }: { onClose: () => void }) {
  const [busy, setBusy] = useState("");
  const journey = usePlayback((state) => state.journey);
  const interfaces = interfacesOf(journey?.frames ?? []);
  const [chosen, setScope] = useState(STREAMS);
  const scope = chosen === ANY || interfaces.includes(chosen) ? chosen : STREAMS;

  async function run(name: string, form: ExportForm) {
    setBusy(`${name}: ${form.label}`);
    await exportAs(name, form, name === "Capture" ? scope : undefined);
    setBusy("");
  }

  return (
    <Dialog title="Export" onClose={onClose} className="share">
      <div className="dialog-body">
        <ul className="export-list">
          {EXPORTS.map(({ name, what, needsPacket, forms }) => {
            const isMissing = needsPacket && !journey;
            return (
              <li key={name}>
                <div>
                  <h3>{name}</h3>
                  <p>{isMissing ? NO_PACKET_TEXT : what}</p>
                </div>
                <div className="dialog-actions">
                  {name === "Capture" && !isMissing && (
                    <ScopeSelect scope={scope} interfaces={interfaces} onChange={setScope} />
                  )}
                  {forms.map((form) => (
                    <button
                      key={form.label}
                      type="button"
                      className="button"
                      data-action={exportId(name, form)}
                      aria-label={`${name}: ${form.label}`}
                      disabled={isMissing || busy !== ""}
                      onClick={() => run(name, form)}
                    >
                      {form.label}
                    </button>
                  ))}
                </div>
              </li>
            );
          })}
        </ul>
        <p className="muted" role="status">
          {busy && `${busy} …`}
        </p>
      </div>
    </Dialog>
  );
}

interface ScopeSelectProps {
  readonly scope: string;
  readonly interfaces: readonly string[];
  readonly onChange: (scope: string) => void;
}

function ScopeSelect({ scope, interfaces, onChange }: ScopeSelectProps) {
  return (
    <select
      className="field"
      aria-label="Capture: which packets"
      value={scope}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value={STREAMS}>Whole streams</option>
      <option value={ANY}>Every interface</option>
      {interfaces.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}
