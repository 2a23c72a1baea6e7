import { usePossibility } from "../../stores/paths";
import { ActionButton } from "../actions/ActionButton";
import { leavePossibility, sendPossibility } from "../actions/possibility";
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
      <ActionButton
        action={sendPossibility}
        className="button small"
        hint="Send the request, and see which way it really goes"
      >
        Send it
      </ActionButton>
      <ActionButton action={leavePossibility} className="button small">
        Leave
      </ActionButton>
    </div>
  );
}
