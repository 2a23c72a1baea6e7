import { openDialog } from "../../stores/view";
import { useWorkspaces } from "../../stores/workspaces";
import { Icon } from "../parts/Icon";

/** Leads to the workspaces; says in its title which one this is, and when it is not kept. */
export function WorkspacesButton() {
  const name = useWorkspaces((state) => state.current?.name);
  const problem = useWorkspaces((state) => state.problem);
  const state = problem ? "not kept" : name ? `“${name}”, kept in this browser` : "nothing to keep";
  return (
    <button
      type="button"
      className={`button icon workspaces-button ${problem ? "danger" : ""}`}
      aria-label={problem ? "Workspaces: not kept" : "Workspaces"}
      title={`Workspaces: ${state}`}
      onClick={() => openDialog("workspaces")}
    >
      <Icon name="layers" />
      {problem && <span aria-hidden="true">!</span>}
    </button>
  );
}
