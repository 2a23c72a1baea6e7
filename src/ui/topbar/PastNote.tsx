import { useMirror } from "../../stores/mirror";
import { ActionButton } from "../actions/ActionButton";
import { toNow } from "../actions/playback";
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
      <ActionButton
        action={toNow}
        className="button small"
        hint={`To the latest moment, ${clockText(horizonUs)}`}
      >
        Back to now
      </ActionButton>
    </div>
  );
}
