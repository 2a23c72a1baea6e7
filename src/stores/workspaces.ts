import { create } from "zustand";
import type { Follow, SavedRun } from "../worker/protocol";
import type { PanelName } from "./panels";
import type { Speed } from "./playback";
import type { Position } from "./positions";
import type { Theme } from "./theme";
import type { DockTab, InspectorTab } from "./view";

/** How a run was looked at. */
export interface WorkspaceView {
  readonly playing: boolean;
  readonly speed: Speed;
  readonly follow: Follow;
  /** The journey that was followed, by its number in the run, and the hop that was shown. */
  readonly journey: number | null;
  readonly hop: number;
  readonly from: string;
  readonly to: string;
  readonly url: string;
  readonly selected: string | null;
  readonly panels: Readonly<Record<PanelName, boolean>>;
  readonly inspectorTab: InspectorTab;
  readonly dockTab: DockTab;
  readonly positions: readonly (readonly [id: string, to: Position])[];
  readonly theme: Theme;
  /** It came by a link that may be watched, not changed. */
  readonly locked: boolean;
}

/** A piece of work, as the browser keeps it. */
export interface Workspace {
  readonly version: 1;
  readonly id: string;
  readonly name: string;
  /** Grows with every save: who knows an older one was overtaken by another tab. */
  readonly revision: number;
  readonly changedAtMs: number;
  readonly run: SavedRun;
  readonly view: WorkspaceView;
}

export interface WorkspaceSummary {
  readonly id: string;
  readonly name: string;
  readonly changedAtMs: number;
  readonly actions: number;
  /** Stored, but not in a form that this version reads. It is left as it is. */
  readonly unreadable?: boolean;
}

/** Why work is not kept at the moment. */
export type StorageProblem = "forbidden" | "full" | "failing";

interface WorkspacesState {
  /** What this tab works on; null until there is something to keep. */
  readonly current: { readonly id: string; readonly name: string } | null;
  readonly problem: StorageProblem | null;
}

export const useWorkspaces = create<WorkspacesState>(() => ({ current: null, problem: null }));

export const PROBLEM_TEXT: Readonly<Record<StorageProblem, string>> = {
  forbidden:
    "Your work is not kept: this browser forbids this page to store anything (a private window, or a setting). Everything else works.",
  full: "Your work is no longer kept: the browser’s storage is full. Delete workspaces, or export what you need.",
  failing: "Your work is not kept: the browser’s storage does not answer. Everything else works.",
};

/** Beside what puts another run in the place of one that is kept nowhere. */
export const REPLACED_TEXT =
  "What is open now is kept nowhere: another cluster takes its place. Share or export it first.";

/** `Shop`, or `Shop 2` where there is one already. */
export function uniqueName(wanted: string, taken: Iterable<string>): string {
  const names = new Set(taken);
  const base = wanted.trim() || "Untitled cluster";
  if (!names.has(base)) return base;
  const stem = base.replace(/ \d+$/, "");
  for (let number = 2; ; number++) {
    const name = `${stem} ${number}`;
    if (!names.has(name)) return name;
  }
}
