import { createStore, del, entries, get, update } from "idb-keyval";
import { findBuiltIn } from "./built-in";
import { fabricOf, useMirror } from "./mirror";
import { notify } from "./notices";
import { setPositions, usePositions } from "./positions";
import { openScenario, useSession } from "./session";
import {
  PROBLEM_TEXT,
  uniqueName,
  useWorkspaces,
  type Workspace,
  type WorkspaceSummary,
} from "./workspaces";
import { setBookmark } from "./workspaces-bookmark";
import { createKeeper } from "./workspaces-keeper";
import { createTabLock } from "./workspaces-lock";
import { createStorage, type KeyValues, StorageError } from "./workspaces-storage";
import { showView } from "./workspaces-view";

/** A page that reloads may still hold its lock for a moment, on a busy machine for longer. */
const RELOAD_MS = 4_000;

let builtIn = "";
let isSwitching = false;
let store: ReturnType<typeof createStore> | undefined;

function opened() {
  store ??= createStore("kubehop", "workspaces");
  return store;
}

/** Async, so that a browser without IndexedDB rejects as well. */
const keyValues: KeyValues = {
  get: async (key) => get(key, opened()),
  update: async (key, change) => update(key, change, opened()),
  del: async (key) => del(key, opened()),
  entries: async () => entries(opened()),
};

const storage = createStorage(keyValues);
const lock = createTabLock(navigator.locks);

export const keeper = createKeeper({
  storage,
  lock,
  bookmark: { set: setBookmark },
  simulation: () => {
    const { simulation, busy } = useSession.getState();
    return busy === "" && !isSwitching ? simulation : null;
  },
  title: () => fabricOf(useMirror.getState().records)?.title ?? "",
  isWorthKeeping: ({ log, scenario }) =>
    log.length > 0 || scenario !== builtIn || usePositions.getState().moved.size > 0,
  isUntouched: async ({ log, scenario }, name) =>
    log.length === 0 &&
    usePositions.getState().moved.size === 0 &&
    name.replace(/ \d+$/, "") === fabricOf(useMirror.getState().records)?.title &&
    (await findBuiltIn(scenario)) !== undefined,
  nowMs: () => Date.now(),
  newId: () => `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`,
});

/** The built-in scenario as it is: untouched, it is not worth keeping. */
export function setBuiltIn(scenario: string): void {
  builtIn = scenario;
}

/** Something may have been done while this file was being loaded, and nobody was told. */
export async function keepWhatWasDone(): Promise<void> {
  const { simulation } = useSession.getState();
  if (useWorkspaces.getState().current || !simulation) return;
  const { log } = await simulation.save();
  if (log.length > 0) await keeper.save();
}

/** Goes on with kept work. False: it is gone, or cannot be shown. After a reload this tab may still hold its own. */
export async function restoreWorkspace(id: string, isReload: boolean): Promise<boolean> {
  try {
    const found = await storage.find(id);
    if (found.kind === "unreadable") sayUnreadable();
    if (found.kind !== "workspace") return false;
    return await show(found.workspace, isReload ? RELOAD_MS : 0);
  } catch (error) {
    sayProblem(error);
    return false;
  }
}

function sayUnreadable(): void {
  notify("error", "Your last work cannot be read. It is left in the browser as it is.", [
    "Perhaps a newer version of kubehop wrote it.",
  ]);
}

/** Said once, where it happens; thrown on when it is no storage problem. */
function sayProblem(error: unknown): void {
  if (!(error instanceof StorageError)) throw error;
  useWorkspaces.setState({ problem: error.problem });
  notify("error", PROBLEM_TEXT[error.problem]);
}

/** Opens what was kept, as this tab's own where no other tab has it. */
async function show(workspace: Workspace, waitMs: number): Promise<boolean> {
  isSwitching = true;
  keeper.detach(workspace.name);
  try {
    return await replay(workspace, waitMs);
  } finally {
    isSwitching = false;
  }
}

/** Another cluster was opened by other means: the one before stays in its workspace. */
export function leaveWorkspace(): void {
  if (!isSwitching) keeper.detach();
}

async function replay(workspace: Workspace, waitMs: number): Promise<boolean> {
  const { name, run, view } = workspace;
  const opened = await openScenario(run.scenario, run).catch((error: unknown) => ({
    errors: [],
    refused: [error instanceof Error ? error.message : String(error)],
    journeys: [],
  }));
  const refused = opened.refused ?? [];
  if (opened.errors.length > 0 || refused.length > 0) return showScenarioOnly(workspace, refused);
  showView(view, opened.journeys);
  if (await lock.hold(workspace.id, waitMs)) {
    keeper.adopt(workspace);
    notify("info", `“${name}” is back, at the moment where you left it.`);
  } else {
    notify("info", `“${name}” is open in another tab. This tab works on a copy of its own.`, [
      "Under Workspaces you can open another one, or start a new one.",
    ]);
  }
  return true;
}

/** Another version made it: what it did cannot be done again. It stays in the browser, untouched. */
async function showScenarioOnly(
  { name, run }: Workspace,
  refused: readonly string[],
): Promise<boolean> {
  const count = `${Math.max(1, refused.length)} of ${run.log.length} actions`;
  const plain = await openScenario(run.scenario);
  const isOpen = plain.errors.length === 0;
  notify(
    "error",
    `“${name}” was made with another version and does not replay (${count}). ${isOpen ? "Its scenario is open, from its start." : "Its scenario does not open either."} The workspace itself is left as it is.`,
    refused.slice(0, 3),
  );
  return isOpen;
}

export function listWorkspaces(): Promise<readonly WorkspaceSummary[]> {
  return storage.list();
}

/** Ids of the workspaces that some tab has open. */
export async function openIds(): Promise<ReadonlySet<string>> {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  return new Set(held.map(({ name }) => (name ?? "").replace("kubehop.workspace.", "")));
}

/** Another workspace in this tab. One that is open elsewhere is opened as a copy. */
export async function openWorkspace(id: string): Promise<void> {
  await keeper.save();
  const found = await storage.find(id);
  if (found.kind !== "workspace") return sayUnreadable();
  await show(found.workspace, 0);
  if (!useWorkspaces.getState().current) await keeper.save();
}

/** The built-in scenario from its start, in a workspace of its own once something is done. */
export async function newWorkspace(): Promise<void> {
  await keeper.save();
  keeper.detach();
  setBookmark(null);
  setPositions(new Map());
  await openScenario(builtIn);
}

export async function renameWorkspace(id: string, wanted: string): Promise<void> {
  const others = (await storage.list()).filter((one) => one.id !== id).map((one) => one.name);
  const name = uniqueName(wanted, others);
  if (useWorkspaces.getState().current?.id === id) {
    keeper.rename(name);
    return keeper.save();
  }
  const found = await storage.find(id);
  if (found.kind !== "workspace") return;
  const { revision } = found.workspace;
  await storage.save({ ...found.workspace, name, revision: revision + 1 }, revision);
}

export async function duplicateWorkspace(id: string): Promise<void> {
  if (useWorkspaces.getState().current?.id === id) await keeper.save();
  const found = await storage.find(id);
  if (found.kind !== "workspace") return;
  const names = (await storage.list()).map((one) => one.name);
  const { workspace } = found;
  const copy = { id: `${id}-${Date.now().toString(36)}`, revision: 1, changedAtMs: Date.now() };
  await storage.save({ ...workspace, ...copy, name: uniqueName(workspace.name, names) }, 0);
}

export async function deleteWorkspace(id: string): Promise<void> {
  const isOwn = useWorkspaces.getState().current?.id === id;
  if (isOwn) {
    keeper.detach();
    setBookmark(null);
  }
  await storage.remove(id);
  if (isOwn) {
    setPositions(new Map());
    await openScenario(builtIn);
  }
}
