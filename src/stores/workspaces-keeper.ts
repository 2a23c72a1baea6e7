import type { SavedRun, Simulation } from "../worker/protocol";
import { useMirror } from "./mirror";
import { notify } from "./notices";
import { PROBLEM_TEXT, uniqueName, useWorkspaces, type Workspace } from "./workspaces";
import type { TabLock } from "./workspaces-lock";
import { StorageError, type WorkspaceStorage } from "./workspaces-storage";
import { currentView } from "./workspaces-view";

/** What this tab, and the next visit, go on with. */
export interface Bookmark {
  /** Of this tab, or of the last visit. */
  set(id: string | null): void;
}

export interface KeeperOptions {
  readonly storage: WorkspaceStorage;
  readonly lock: TabLock;
  readonly bookmark: Bookmark;
  /** Null while there is none, or while it is doing something: what it would save might be another run already. */
  readonly simulation: () => Pick<Simulation, "save"> | null;
  /** The name of a run that nobody has named yet. */
  readonly title: () => string;
  /** Whether a run that is in no workspace yet deserves one. */
  readonly isWorthKeeping: (run: SavedRun) => boolean;
  /** Whether nothing was done in a run that can be had again at any time. */
  readonly isUntouched: (run: SavedRun, name: string) => Promise<boolean>;
  readonly nowMs: () => number;
  readonly newId: () => string;
}

export interface Keeper {
  /** Saves now; what comes meanwhile is saved afterwards. Creates a workspace when there is none yet. */
  save(): Promise<void>;
  /** Saves what is known without asking the worker: the page is going away. */
  saveAtOnce(): void;
  /** This tab works on a stored workspace from now on. */
  adopt(workspace: Workspace): void;
  /** What is done from now on belongs to a new workspace, made at the next save. */
  detach(name?: string): void;
  rename(name: string): void;
  /** Something else will be opened: saves, or takes a workspace away in which nothing was done. */
  leave(): Promise<void>;
}

/** Keeps this tab's work. Every save carries the revision that it builds on: when another tab has saved since, this
 *  tab goes on in a copy of its own, and nothing is overwritten. */
export function createKeeper(options: KeeperOptions): Keeper {
  const { storage, lock, bookmark, nowMs, newId } = options;
  let id = "";
  let name = "";
  let revision = 0;
  let lastRun: SavedRun | undefined;
  let saving: Promise<void> | undefined;
  let again = false;

  function become(next: { id: string; name: string; revision: number }): void {
    ({ id, name, revision } = next);
    useWorkspaces.setState({ current: id === "" ? null : { id, name } });
    if (id !== "") bookmark.set(id);
  }

  async function beNew(): Promise<void> {
    const taken = (await storage.list()).map((one) => one.name);
    const fresh = { id: newId(), name: uniqueName(name || options.title(), taken), revision: 0 };
    await lock.hold(fresh.id, 0);
    become(fresh);
  }

  function record(run: SavedRun): Workspace {
    const view = currentView();
    return { version: 1, id, name, revision: revision + 1, changedAtMs: nowMs(), run, view };
  }

  async function saveOnce(): Promise<void> {
    const simulation = options.simulation();
    if (!simulation) return;
    const run = await simulation.save();
    if (options.simulation() !== simulation) return;
    if (id === "") {
      if (!options.isWorthKeeping(run)) return;
      await beNew();
    }
    lastRun = run;
    const own = id;
    const workspace = record(run);
    const outcome = await storage.save(workspace, revision);
    if (id !== own) return;
    if (outcome === "saved") revision = workspace.revision;
    else await goOnInCopy(workspace, outcome);
    if (useWorkspaces.getState().problem) useWorkspaces.setState({ problem: null });
  }

  async function goOnInCopy(workspace: Workspace, why: "conflict" | "gone"): Promise<void> {
    const before = name;
    await beNew();
    const copy = { ...workspace, id, name, revision: 1 };
    await storage.save(copy, 0);
    revision = 1;
    notify(
      "info",
      why === "gone"
        ? `“${before}” was deleted in another tab. This tab still has it, and keeps it anew as “${name}”.`
        : `“${before}” was changed in another tab. This tab goes on in a copy, “${name}”.`,
    );
  }

  function report(error: unknown): void {
    if (!(error instanceof StorageError)) {
      // The worker is being restarted; the next save comes after it.
      if (error instanceof Error && error.name === "SimulationLost") return;
      throw error;
    }
    const { problem } = useWorkspaces.getState();
    if (problem === error.problem) return;
    useWorkspaces.setState({ problem: error.problem });
    notify("error", PROBLEM_TEXT[error.problem]);
  }

  async function run(): Promise<void> {
    do {
      again = false;
      await saveOnce().catch(report);
    } while (again);
    saving = undefined;
  }

  return {
    save() {
      if (saving) again = true;
      else saving = run();
      return saving ?? Promise.resolve();
    },
    saveAtOnce() {
      if (id === "" || !lastRun || saving) return;
      const workspace = record({ ...lastRun, atUs: useMirror.getState().nowUs });
      saving = storage
        .save(workspace, revision)
        .then((outcome) => {
          if (outcome === "saved") revision = workspace.revision;
        })
        .catch(report)
        .finally(() => {
          saving = again ? run() : undefined;
        });
    },
    adopt(workspace) {
      lastRun = workspace.run;
      become(workspace);
    },
    detach(next = "") {
      lastRun = undefined;
      lock.letGo();
      become({ id: "", name: next, revision: 0 });
    },
    rename(next) {
      become({ id, name: next, revision });
    },
    async leave() {
      await this.save();
      if (id === "" || !lastRun || !(await options.isUntouched(lastRun, name))) return;
      const own = id;
      this.detach();
      bookmark.set(null);
      await storage.remove(own).catch(report);
    },
  };
}
