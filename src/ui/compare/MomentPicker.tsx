import { useMirror } from "../../stores/mirror";
import { usePlayback } from "../../stores/playback";
import { clockText } from "../parts/describe";

export interface Moment {
  readonly id: string;
  readonly label: string;
  readonly atUs: number;
}

/** Moments of the run from which to set out. */
export function useMoments(): readonly Moment[] {
  const nowUs = useMirror((state) => state.nowUs);
  const horizonUs = useMirror((state) => state.horizonUs);
  const journey = usePlayback((state) => state.journey);
  const sentAtUs = journey?.possibility === undefined ? journey?.sentAtUs : undefined;
  const isPast = nowUs < horizonUs;
  return [
    { id: "shown", label: isPast ? "the moment shown" : "now", atUs: nowUs },
    ...(isPast ? [{ id: "latest", label: "the latest moment", atUs: horizonUs }] : []),
    ...(sentAtUs === undefined
      ? []
      : [{ id: "request", label: "just before the request", atUs: Math.max(0, sentAtUs - 1) }]),
  ];
}

interface MomentPickerProps {
  readonly moments: readonly Moment[];
  readonly value: string;
  readonly onChange: (id: string) => void;
}

/** Times go on while one reads: only moments that stand still show theirs. */
export function MomentPicker({ moments, value, onChange }: MomentPickerProps) {
  return (
    <label>
      From{" "}
      <select
        className="field"
        aria-label="From which moment"
        value={value}
        onChange={(event) => onChange(event.target.value)}
      >
        {moments.map(({ id, label, atUs }) => (
          <option key={id} value={id}>
            {label === "now" ? label : `${label}, ${clockText(atUs)}`}
          </option>
        ))}
      </select>
    </label>
  );
}
