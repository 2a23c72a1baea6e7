import { useState } from "react";
import { compare, useCompare } from "../../stores/compare";
import { useMirror } from "../../stores/mirror";
import { useSession } from "../../stores/session";
import type { Edit } from "../../worker/what-if-protocol";
import { Dialog } from "../parts/Dialog";
import { ScrollBox } from "../parts/ScrollBox";
import { ChangePicker } from "./ChangePicker";
import { Comparison } from "./Comparison";
import { MomentPicker, useMoments } from "./MomentPicker";
import "./compare.css";

const DELAYS = [
  { label: "at once", us: 0 },
  { label: "after 1 s", us: 1_000_000 },
  { label: "after 10 s", us: 10_000_000 },
  { label: "after 1 min", us: 60_000_000 },
] as const;

/** The same request with and without one change, from the same moment: nothing of it happens in the run. */
export default function CompareTab() {
  const { from, to } = useSession();
  const asking = useCompare((state) => state.asking);
  const report = useCompare((state) => state.report);
  const [large, setLarge] = useState(false);
  const records = useMirror((state) => state.records);
  const moments = useMoments();
  const [moment, setMoment] = useState("shown");
  const [afterUs, setAfterUs] = useState<number>(60_000_000);
  const [change, setChange] = useState<{ label: string; edit: Edit }>();
  const at = moments.find(({ id }) => id === moment) ?? moments[0];
  const ready = change !== undefined && at !== undefined && to.trim() !== "" && !asking;

  return (
    <>
      <form
        className="dock-bar compare-form"
        aria-label="Compare"
        onSubmit={(event) => {
          event.preventDefault();
          if (!ready) return;
          const request = { from, to: to.trim(), edit: change.edit, atUs: at.atUs, afterUs };
          compare(request, change.label);
        }}
      >
        <ChangePicker records={records} onChange={setChange} />
        <MomentPicker moments={moments} value={at?.id ?? "shown"} onChange={setMoment} />
        <label>
          Send{" "}
          <select
            className="field"
            aria-label="When to send after the change"
            value={afterUs}
            onChange={(event) => setAfterUs(Number(event.target.value))}
          >
            {DELAYS.map(({ label, us }) => (
              <option key={us} value={us}>
                {label}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" className="button small primary" disabled={!ready}>
          Compare
        </button>
        <button
          type="button"
          className="button small"
          disabled={!report?.ok}
          onClick={() => setLarge(true)}
        >
          Larger
        </button>
        <span className={asking ? "muted" : "visually-hidden"} role="status">
          {asking ? "Running both …" : ""}
        </span>
      </form>
      <ScrollBox label="Both runs">
        <Comparison />
      </ScrollBox>
      {large && (
        <Dialog title="Both runs" className="compare-large" onClose={() => setLarge(false)}>
          <ScrollBox label="Both runs, larger">
            <Comparison />
          </ScrollBox>
        </Dialog>
      )}
    </>
  );
}
