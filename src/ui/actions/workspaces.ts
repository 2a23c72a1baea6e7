import { BUILT_IN_SCENARIOS } from "../../share/built-in";
import { loadScenario } from "../../stores/built-in";
import { notify } from "../../stores/notices";
import { describeError, openScenario } from "../../stores/session";
import { openDialog } from "../../stores/view";
import { PROBLEM_TEXT, useWorkspaces, type WorkspaceSummary } from "../../stores/workspaces";
import { StorageError } from "../../stores/workspaces-storage";
import { type Action, need } from "./action";

const group = "Workspaces";

const kept = need(useWorkspaces, ({ current }) =>
  current ? "" : "Nothing is kept yet: send a request or change something.",
);

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

const duplicate: Action = {
  id: "workspace.duplicate",
  group,
  label: () => `Duplicate this workspace (“${useWorkspaces.getState().current?.name ?? ""}”)`,
  also: "copy",
  needs: [kept],
  run: () =>
    orSay(async () => {
      const { current } = useWorkspaces.getState();
      if (!current) return;
      await (await loadDesk()).duplicateWorkspace(current.id);
      notify("ok", `A copy of “${current.name}” is among the workspaces.`);
    }),
};

const rename: Action = {
  id: "workspace.rename",
  group,
  label: "Rename or delete workspaces …",
  needs: [kept],
  run: () => openDialog("workspaces"),
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

export const WORKSPACE_ACTIONS: readonly Action[] = [
  startWorkspace,
  duplicate,
  rename,
  ...builtIns,
];

/** The others that are kept in this browser. Where nothing can be kept there are none; the dialog says why. */
export async function keptActions(): Promise<readonly Action[]> {
  try {
    return actionsOf(await (await loadDesk()).listWorkspaces());
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return [];
  }
}

function actionsOf(workspaces: readonly WorkspaceSummary[]): readonly Action[] {
  const own = useWorkspaces.getState().current?.id;
  return workspaces
    .filter(({ id, unreadable }) => id !== own && !unreadable)
    .map(({ id, name, actions }) => ({
      id: `workspace.open.${id}`,
      group,
      label: `Open workspace “${name}” (${actions} ${actions === 1 ? "action" : "actions"})`,
      also: "switch kept",
      run: () => orSay(async () => (await loadDesk()).openWorkspace(id)),
    }));
}
