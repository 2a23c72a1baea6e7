import { usePossibility } from "../../stores/paths";
import { resetPlayback } from "../../stores/playback";
import { send } from "../../stores/session";
import { percentText } from "../parts/describe";

/** Says that what plays is no request that was sent. */
export function PossibilityNote() {
  const probability = usePossibility();
  if (probability === undefined) return null;
  return (
    <div className="past-note possibility">
      <p>
        <strong>A possibility</strong>
        <span> ({percentText(probability)}): nothing was sent.</span>
      </p>
      <button
        type="button"
        className="button small"
        title="Send the request, and see which way it really goes"
        onClick={() => send()}
      >
        Send it
      </button>
      <button type="button" className="button small" onClick={resetPlayback}>
        Leave
      </button>
    </div>
  );
}
