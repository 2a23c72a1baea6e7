import { BUILT_IN_SCENARIOS } from "../../share/built-in";
import { loadScenario } from "../../stores/built-in";
import { notify } from "../../stores/notices";
import { describeError, openScenario } from "../../stores/session";
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

const builtIns = BUILT_IN_SCENARIOS.map(
  ({ name, title }): Action => ({
    id: `scenario.${name}`,
    group,
    label: `Open the built-in scenario “${title}”`,
    also: "load default reset start over",
    run: () => openBuiltIn(name),
  }),
);

/** What was open stays in its workspace; where nothing can be kept, the dialog says so first. */
async function openBuiltIn(name: string): Promise<void> {
  if (useWorkspaces.getState().problem) return openDialog("import");
  const { errors } = await openScenario(await loadScenario(name));
  if (errors.length > 0) notify("error", "It cannot be opened.", errors.map(describeError));
}

export const WORKSPACE_ACTIONS: readonly Action[] = [startWorkspace, ...builtIns];

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
