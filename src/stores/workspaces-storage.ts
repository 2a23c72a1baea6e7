import type { StorageProblem, Workspace, WorkspaceSummary } from "./workspaces";
import { readWorkspace } from "./workspaces-record";

/** The part of idb-keyval that is used; `update` reads and writes in one transaction. */
export interface KeyValues {
  get(key: string): Promise<unknown>;
  update(key: string, change: (old: unknown) => unknown): Promise<void>;
  del(key: string): Promise<void>;
  entries(): Promise<readonly (readonly [key: unknown, value: unknown])[]>;
}

export class StorageError extends Error {
  constructor(readonly problem: StorageProblem) {
    super(problem);
    this.name = "StorageError";
  }
}

/** A storage that says nothing for so long is not waited for. */
const SILENT_MS = 4_000;

export type Found =
  | { readonly kind: "workspace"; readonly workspace: Workspace }
  | { readonly kind: "unreadable" }
  | { readonly kind: "none" };

export type SaveOutcome = "saved" | "conflict" | "gone";

export interface WorkspaceStorage {
  find(id: string): Promise<Found>;
  list(): Promise<readonly WorkspaceSummary[]>;
  /** `conflict`: somebody else saved since `known`; `gone`: somebody deleted it. Nothing was written then. 0 is for a
   *  new one. */
  save(workspace: Workspace, known: number): Promise<SaveOutcome>;
  remove(id: string): Promise<void>;
}

/** Every method throws a StorageError when the browser does not do its part. */
export function createStorage(keyValues: KeyValues, silentMs = SILENT_MS): WorkspaceStorage {
  const within = <T>(answer: Promise<T>) => answered(answer, silentMs);
  return {
    async find(id) {
      const value = await within(keyValues.get(id));
      if (value === undefined) return { kind: "none" };
      const workspace = readWorkspace(value);
      return workspace ? { kind: "workspace", workspace } : { kind: "unreadable" };
    },
    async list() {
      const entries = await within(keyValues.entries());
      return entries
        .map(([key, value]) => summaryOf(String(key), value))
        .sort((a, b) => b.changedAtMs - a.changedAtMs);
    },
    async save(workspace, known) {
      let outcome: SaveOutcome = "saved";
      await within(
        keyValues.update(workspace.id, (old) => {
          const stored = old === undefined ? 0 : (readWorkspace(old)?.revision ?? -1);
          outcome = stored === known ? "saved" : old === undefined ? "gone" : "conflict";
          return outcome === "saved" ? workspace : old;
        }),
      );
      return outcome;
    },
    remove: (id) => within(keyValues.del(id)),
  };
}

function summaryOf(id: string, value: unknown): WorkspaceSummary {
  const workspace = readWorkspace(value);
  if (!workspace) return { id, name: id, changedAtMs: 0, actions: 0, unreadable: true };
  const { name, changedAtMs, run } = workspace;
  return { id, name, changedAtMs, actions: run.log.length };
}

function answered<T>(answer: Promise<T>, silentMs: number): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new StorageError("failing")), silentMs);
    answer
      .then(resolve, (error: unknown) => reject(new StorageError(problemOf(error))))
      .finally(() => clearTimeout(timer));
  });
}

const FORBIDDEN = new Set(["SecurityError", "InvalidStateError", "NotAllowedError"]);

function problemOf(error: unknown): StorageProblem {
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  if (name === "QuotaExceededError") return "full";
  // Where IndexedDB is missing altogether, to use it is a ReferenceError or a TypeError.
  if (FORBIDDEN.has(name) || name === "ReferenceError" || name === "TypeError") return "forbidden";
  return "failing";
}
