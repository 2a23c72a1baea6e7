import { compare, setUp, showLarge, useCompare } from "../../stores/compare";
import { useMirror } from "../../stores/mirror";
import { useSession } from "../../stores/session";
import { compareLarger } from "../actions/what-if";
import { ChangePicker, useChosenChange } from "./ChangePicker";
import { MomentPicker } from "./MomentPicker";
import { useMomentUs, useRecordsAt } from "./moments";

const DELAYS = [
  { label: "at once", us: 0 },
  { label: "after 1 s", us: 1_000_000 },
  { label: "after 10 s", us: 10_000_000 },
  { label: "after 1 min", us: 60_000_000 },
  { label: "after 10 min", us: 600_000_000 },
] as const;

/** Which change, from which moment, and how long before the request. */
export function CompareSetup() {
  const { from, to } = useSession();
  const { setup, asking, large } = useCompare();
  const records = useRecordsAt(setup.moment);
  const atUs = useMomentUs(setup.moment);
  const change = useChosenChange(records);
  const isPast = useMirror((state) => atUs <= state.horizonUs);
  const ready = change !== undefined && isPast && to.trim() !== "" && !asking;

  return (
    <form
      className="compare-form"
      aria-label="Compare"
      onSubmit={(event) => {
        event.preventDefault();
        if (!ready) return;
        const { afterUs } = setup;
        compare({ from, to: to.trim(), edit: change.edit, atUs, afterUs }, change.label);
      }}
    >
      <ChangePicker records={records} />
      <MomentPicker moment={setup.moment} />
      <label>
        Send{" "}
        <select
          className="field"
          aria-label="When to send after the change"
          value={setup.afterUs}
          onChange={(event) => setUp({ afterUs: Number(event.target.value) })}
        >
          {DELAYS.map(({ label, us }) => (
            <option key={us} value={us}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <p className="muted">
        {to.trim() === "" ? "Choose above where to send to." : `${from} to ${to}, as chosen above.`}
      </p>
      <div className="actions">
        <button type="submit" className="button small primary" disabled={!ready}>
          Compare
        </button>
        {!large && (
          <button
            type="button"
            className="button small"
            data-action={compareLarger.id}
            onClick={() => showLarge(true)}
          >
            Larger
          </button>
        )}
        <span className={asking ? "muted" : "visually-hidden"} role="status">
          {asking ? "Running both …" : ""}
        </span>
      </div>
    </form>
  );
}
