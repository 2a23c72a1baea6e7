import { useWorkspaces } from "../../stores/workspaces";
import { ActionButton } from "../actions/ActionButton";
import { openWorkspaces } from "../actions/dialogs";
import { Icon } from "../parts/Icon";

/** Leads to the workspaces; says in its title which one this is, and when it is not kept. */
export function WorkspacesButton() {
  const name = useWorkspaces((state) => state.current?.name);
  const problem = useWorkspaces((state) => state.problem);
  const state = problem ? "not kept" : name ? `“${name}”, kept in this browser` : "nothing to keep";
  return (
    <ActionButton
      action={openWorkspaces}
      className={`button icon workspaces-button ${problem ? "danger" : ""}`}
      label={problem ? "Workspaces: not kept" : "Workspaces"}
      hint={`Workspaces: ${state}`}
    >
      <Icon name="layers" />
      {problem && <span aria-hidden="true">!</span>}
    </ActionButton>
  );
}
