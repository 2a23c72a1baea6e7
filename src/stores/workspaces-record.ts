import type { Follow, LoggedCommand, SavedRun } from "../worker/protocol";
import { SPEEDS } from "./playback";
import type { Position } from "./positions";
import { isTheme } from "./theme";
import { DOCK_TABS, INSPECTOR_TABS } from "./view";
import type { Workspace, WorkspaceView } from "./workspaces";

const FOLLOWS: readonly Follow[] = ["first", "request", "response", "all"];

/** What was stored, perhaps by another version; undefined when it is no workspace. Whether its commands still mean
 *  something is for the simulation to say; a view that is not understood is only replaced by the usual one. */
export function readWorkspace(value: unknown): Workspace | undefined {
  if (!isRecord(value) || value.version !== 1) return undefined;
  const { id, name, revision, changedAtMs } = value;
  const run = readRun(value.run);
  if (typeof id !== "string" || typeof name !== "string" || !run) return undefined;
  if (!isCount(revision) || typeof changedAtMs !== "number") return undefined;
  const view = readView(isRecord(value.view) ? value.view : {});
  return { version: 1, id, name, revision, changedAtMs, run, view };
}

function readRun(value: unknown): SavedRun | undefined {
  if (!isRecord(value)) return undefined;
  const { scenario, log, atUs } = value;
  if (typeof scenario !== "string" || !isCount(atUs) || !Array.isArray(log)) return undefined;
  const isLogged = (entry: unknown): entry is LoggedCommand =>
    isRecord(entry) &&
    isCount(entry.atUs) &&
    isRecord(entry.command) &&
    typeof entry.command.type === "string";
  return log.every(isLogged) ? { scenario, log, atUs } : undefined;
}

function readView(value: Readonly<Record<string, unknown>>): WorkspaceView {
  const text = (field: unknown) => (typeof field === "string" ? field : "");
  const panels = isRecord(value.panels) ? value.panels : {};
  return {
    playing: value.playing !== false,
    speed: SPEEDS.find((speed) => speed === value.speed) ?? 1,
    follow: FOLLOWS.find((follow) => follow === value.follow) ?? "first",
    journey: isCount(value.journey) ? value.journey : null,
    hop: isCount(value.hop) ? value.hop : -1,
    from: text(value.from),
    to: text(value.to),
    url: text(value.url),
    selected: typeof value.selected === "string" ? value.selected : null,
    panels: {
      objects: panels.objects !== false,
      dock: panels.dock !== false,
      inspector: panels.inspector !== false,
    },
    inspectorTab: INSPECTOR_TABS.find((tab) => tab === value.inspectorTab) ?? "packet",
    dockTab: DOCK_TABS.find((tab) => tab === value.dockTab) ?? "timeline",
    positions: Array.isArray(value.positions) ? value.positions.filter(isPosition) : [],
    theme: isTheme(value.theme) ? value.theme : "system",
    locked: value.locked === true,
  };
}

function isPosition(entry: unknown): entry is readonly [string, Position] {
  if (!Array.isArray(entry)) return false;
  const [id, to] = entry as unknown[];
  return typeof id === "string" && isRecord(to) && Number.isFinite(to.x) && Number.isFinite(to.y);
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
