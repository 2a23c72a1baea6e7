import { useState } from "react";
import { compare, useCompare } from "../../stores/compare";
import { useMirror } from "../../stores/mirror";
import { useSession } from "../../stores/session";
import type { Edit } from "../../worker/what-if-protocol";
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
        <span className="muted" role="status">
          {asking ? "Running both …" : `${from} to ${to || "…"}`}
        </span>
      </form>
      <ScrollBox label="Both runs">
        <Comparison />
      </ScrollBox>
    </>
  );
}
