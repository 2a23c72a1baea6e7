import { notify } from "../../stores/notices";
import { openDialog } from "../../stores/view";
import { PROBLEM_TEXT, useWorkspaces, type WorkspaceSummary } from "../../stores/workspaces";
import { StorageError } from "../../stores/workspaces-storage";
import type { Action } from "./action";

const group = "Workspaces";

/** Loaded with the first thing that is kept. */
const loadDesk = () => import("../../stores/workspaces-desk");

async function orSay(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    notify("error", PROBLEM_TEXT[error.problem]);
  }
}

export const startWorkspace: Action = {
  id: "workspace.new",
  group,
  label: "New workspace",
  also: "start over reset default",
  run: () => orSay(async () => (await loadDesk()).newWorkspace()),
};

export const WORKSPACE_ACTIONS: readonly Action[] = [startWorkspace];

/** For those that are kept in this browser. Where nothing can be kept there are none; the dialog says why. */
export async function keptActions(): Promise<readonly Action[]> {
  try {
    return actionsOf(await (await loadDesk()).listWorkspaces());
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return [];
  }
}

type WorkspaceAct = "open" | "duplicate" | "rename" | "delete";

export function workspaceActionId(id: string, act: WorkspaceAct): string {
  return `workspace.${act}.${id}`;
}

function actionsOf(workspaces: readonly WorkspaceSummary[]): readonly Action[] {
  const own = useWorkspaces.getState().current?.id;
  return workspaces.flatMap(({ id, name, actions, unreadable }): Action[] => {
    const count = `${actions} ${actions === 1 ? "action" : "actions"}`;
    const act = (what: WorkspaceAct, label: string, run: () => unknown): Action => ({
      id: workspaceActionId(id, what),
      group,
      label,
      also: "kept work",
      run,
    });
    const ask = () => openDialog("workspaces");
    const open = act("open", `Open workspace “${name}” (${count})`, () =>
      orSay(async () => (await loadDesk()).openWorkspace(id)),
    );
    const duplicate = act("duplicate", `Duplicate workspace “${name}”`, () =>
      orSay(async () => {
        await (await loadDesk()).duplicateWorkspace(id);
        notify("ok", `A copy of “${name}” is among the workspaces.`);
      }),
    );
    return [
      ...(id === own || unreadable ? [] : [open]),
      ...(unreadable ? [] : [duplicate, act("rename", `Rename workspace “${name}” …`, ask)]),
      act("delete", `Delete workspace “${name}” …`, ask),
    ];
  });
}
