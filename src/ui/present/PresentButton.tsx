import { togglePresenting, usePresent } from "../../stores/present";
import { Icon } from "../parts/Icon";

export function PresentButton() {
  const presenting = usePresent((state) => state.presenting);
  return (
    <button
      type="button"
      className="button icon present-button"
      aria-label="Present"
      aria-pressed={presenting}
      title={presenting ? "End the presentation (P)" : "Present: larger, without panels (P)"}
      onClick={togglePresenting}
    >
      <Icon name="present" />
    </button>
  );
}
