import { type CompareMoment, setUp } from "../../stores/compare";
import { useMirror } from "../../stores/mirror";
import { startUsOf } from "../../stores/run-facts";
import { clockText } from "../parts/describe";
import { useNamedMoments } from "./moments";

const OTHER = "other";
const SECOND_US = 1_000_000;

/** Any moment of the run to set out from: by its name, or by its time. */
export function MomentPicker({ moment }: { readonly moment: CompareMoment }) {
  const named = useNamedMoments();
  const startUs = useMirror((state) => startUsOf(state.records));
  const horizonUs = useMirror((state) => state.horizonUs);
  const known = named.find((one) => isSame(one.moment, moment));
  const choose = (id: string) => {
    const chosen = named.find((one) => one.id === id)?.moment;
    setUp({ moment: chosen ?? { kind: "at", atUs: useMirror.getState().nowUs } });
  };
  return (
    <>
      <label>
        From{" "}
        <select
          className="field"
          aria-label="From which moment"
          value={known?.id ?? OTHER}
          onChange={(event) => choose(event.target.value)}
        >
          {named.map(({ id, label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
          <option value={OTHER}>another moment …</option>
        </select>
      </label>
      {!known && moment.kind === "at" && (
        <label className="compare-moment">
          <span>
            t = <output>{clockText(moment.atUs)}</output>
          </span>
          <input
            type="range"
            aria-label="Moment, in seconds of virtual time"
            aria-valuetext={clockText(moment.atUs)}
            min={startUs / SECOND_US}
            max={horizonUs / SECOND_US}
            step={0.001}
            value={moment.atUs / SECOND_US}
            onChange={({ target }) =>
              setUp({ moment: { kind: "at", atUs: Math.round(Number(target.value) * SECOND_US) } })
            }
          />
        </label>
      )}
    </>
  );
}

function isSame(a: CompareMoment, b: CompareMoment): boolean {
  return a.kind === b.kind && (a.kind !== "at" || (b.kind === "at" && a.atUs === b.atUs));
}
