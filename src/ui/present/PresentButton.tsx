import { usePresent } from "../../stores/present";
import { ActionButton } from "../actions/ActionButton";
import { present } from "../actions/view";
import { Icon } from "../parts/Icon";

export function PresentButton() {
  const presenting = usePresent((state) => state.presenting);
  return (
    <ActionButton
      action={present}
      className="button icon present-button"
      label="Present"
      pressed={presenting}
      hint={presenting ? "End the presentation" : "Present: larger, without panels"}
    >
      <Icon name="present" />
    </ActionButton>
  );
}
