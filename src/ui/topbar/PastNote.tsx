import { useMirror } from "../../stores/mirror";
import { backToNow } from "../../stores/playback";
import { clockText } from "../parts/describe";

/** Says that the moment shown is not the latest one, and what an edit would do. Lies over the canvas, so that nothing
 *  jumps when it comes and goes. */
export function PastNote() {
  const horizonUs = useMirror((state) => (state.nowUs < state.horizonUs ? state.horizonUs : null));
  if (horizonUs === null) return null;
  return (
    <div className="past-note">
      <p>
        <strong>In the past.</strong>
        <span> A change or a request here cuts off what came after.</span>
      </p>
      <button
        type="button"
        className="button small"
        title={`To the latest moment, ${clockText(horizonUs)}`}
        onClick={() => backToNow(horizonUs)}
      >
        Back to now
      </button>
    </div>
  );
}
