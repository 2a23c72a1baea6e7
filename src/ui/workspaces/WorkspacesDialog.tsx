import { useCallback, useEffect, useState } from "react";
import { notify } from "../../stores/notices";
import {
  PROBLEM_TEXT,
  REPLACED_TEXT,
  type StorageProblem,
  useWorkspaces,
  type WorkspaceSummary,
} from "../../stores/workspaces";
import {
  keeper,
  listWorkspaces,
  newWorkspace,
  openIds,
  openWorkspace,
} from "../../stores/workspaces-desk";
import { StorageError } from "../../stores/workspaces-storage";
import { ActionButton } from "../actions/ActionButton";
import { openGallery } from "../actions/scenarios";
import { startWorkspace } from "../actions/workspaces";
import { Dialog } from "../parts/Dialog";
import { Icon } from "../parts/Icon";
import { WorkspaceRow } from "./WorkspaceRow";
import "./workspaces.css";

interface Listed {
  readonly workspaces: readonly WorkspaceSummary[];
  readonly openElsewhere: ReadonlySet<string>;
}

/** Everything that is kept in this browser. */
export default function WorkspacesDialog({ onClose }: { onClose: () => void }) {
  const current = useWorkspaces((state) => state.current?.id);
  const problem = useWorkspaces((state) => state.problem);
  const [listed, setListed] = useState<Listed>();
  const [failed, setFailed] = useState<StorageProblem | null>(null);

  const refresh = useCallback(async () => {
    try {
      await keeper.save();
      const [workspaces, open] = await Promise.all([listWorkspaces(), openIds()]);
      const own = useWorkspaces.getState().current?.id ?? "";
      setListed({ workspaces, openElsewhere: new Set([...open].filter((id) => id !== own)) });
      setFailed(null);
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      setFailed(error.problem);
    }
  }, []);
  useEffect(() => {
    void refresh();
  }, [refresh]);

  /** Does something to the stored workspaces and shows what became of them. */
  const act = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof StorageError)) throw error;
      notify("error", PROBLEM_TEXT[error.problem]);
    }
    await refresh();
  };
  const leave = (work: () => Promise<void>) => {
    onClose();
    void act(work);
  };
  const shownProblem = failed ?? problem;

  return (
    <Dialog title="Workspaces" onClose={onClose} className="workspaces-dialog">
      <div className="dialog-body">
        <p className="muted">
          Your work is kept in this browser, on this machine only, as soon as you do something: the
          cluster, every action, the moment, and how you look at it.
        </p>
        {shownProblem && (
          <p className="workspaces-problem" role="alert">
            {PROBLEM_TEXT[shownProblem]} {REPLACED_TEXT}
          </p>
        )}
        {listed && listed.workspaces.length > 0 && (
          <ul className="workspaces" aria-label="Workspaces">
            {listed.workspaces.map((workspace) => (
              <WorkspaceRow
                key={workspace.id}
                workspace={workspace}
                isCurrent={workspace.id === current}
                isOpenElsewhere={listed.openElsewhere.has(workspace.id)}
                onOpen={() => leave(() => openWorkspace(workspace.id))}
                act={act}
              />
            ))}
          </ul>
        )}
        {listed?.workspaces.length === 0 && (
          <p className="empty">Nothing is kept yet: send a request or change something.</p>
        )}
        <div className="dialog-actions">
          <ActionButton action={openGallery} hint="Another scenario, in a workspace of its own">
            <Icon name="gallery" size={12} /> From a scenario …
          </ActionButton>
          <button
            type="button"
            className="button primary"
            data-action={startWorkspace.id}
            onClick={() => leave(newWorkspace)}
          >
            <Icon name="plus" size={12} /> New workspace
          </button>
        </div>
      </div>
    </Dialog>
  );
}
