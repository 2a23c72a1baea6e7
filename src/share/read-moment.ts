import type { Follow } from "../core/trace/follow";
import { MAX_YAML_CHARACTERS, readCommand, readComparableEdit } from "./read-command";
import {
  isCoordinate,
  isFiniteNumber,
  isIndex,
  isName,
  isRecord,
  isText,
  isTime,
  MAX_NAME_CHARACTERS,
} from "./read-values";
import {
  type BoxPosition,
  type ComparedMoment,
  type Ends,
  type LoggedCommand,
  PANELS,
  type SavedRun,
  type SharedMoment,
  type ShareOptions,
  type TabsShown,
} from "./shared-moment";

const MAX_COMMANDS = 2_000;
const MAX_POSITIONS = 5_000;
const FOLLOWS: readonly Follow[] = ["first", "request", "response", "all"];

/** Plain JSON from an untrusted link to a moment; undefined when any part is not what it must be. */
export function readMoment(value: unknown, builtIn: string): SharedMoment | undefined {
  if (!isRecord(value)) return undefined;
  const run = readRun(value.run, builtIn);
  if (!run) return undefined;
  const followed = readFollowed(value.followed);
  const ends = readEnds(value.ends);
  const compared = readCompared(value.compared);
  const viewport = readViewport(value.viewport);
  const options = readOptions(value.options);
  const tabs = readTabs(value.tabs);
  const positions = readPositions(value.positions);
  if (followed === null || viewport === null || options === null) return undefined;
  if (tabs === null || positions === null) return undefined;
  if (ends === null || compared === null) return undefined;
  const { selected, speed } = value;
  if (selected !== undefined && !isText(selected, MAX_NAME_CHARACTERS)) return undefined;
  if (speed !== undefined && !isFiniteNumber(speed)) return undefined;
  return {
    run,
    ...(followed && { followed }),
    ...(ends && { ends }),
    ...(compared && { compared }),
    ...(selected !== undefined && { selected }),
    ...(tabs && { tabs }),
    ...(viewport && { viewport }),
    ...(positions && { positions }),
    ...(speed !== undefined && { speed }),
    ...(options && { options }),
  };
}

export function readRun(value: unknown, builtIn: string): SavedRun | undefined {
  if (!isRecord(value)) return undefined;
  const { scenario = builtIn, log, atUs } = value;
  if (!isText(scenario, MAX_YAML_CHARACTERS) || !isTime(atUs)) return undefined;
  if (!Array.isArray(log) || log.length > MAX_COMMANDS) return undefined;
  const commands: LoggedCommand[] = [];
  let lastUs = 0;
  for (const entry of log as unknown[]) {
    const command = isRecord(entry) ? readCommand(entry.command) : undefined;
    if (!command || !isRecord(entry) || !isTime(entry.atUs) || entry.atUs < lastUs)
      return undefined;
    lastUs = entry.atUs;
    commands.push({ atUs: entry.atUs, command });
  }
  return { scenario, log: commands, atUs };
}

/** Absent is undefined, wrong is null. */
function readFollowed(value: unknown): SharedMoment["followed"] | null {
  if (value === undefined) return undefined;
  if (!isRecord(value)) return null;
  const follow = FOLLOWS.find((candidate) => candidate === value.follow);
  const { request, hop, way } = value;
  if (!follow || !isIndex(request) || !isIndex(hop)) return null;
  if (way !== undefined && !(isIndex(way) && way >= 0)) return null;
  return { request, follow, hop, ...(way !== undefined && { way }) };
}

function readEnds(value: unknown): Ends | undefined | null {
  if (value === undefined) return undefined;
  if (!isRecord(value) || !isName(value.from) || !isName(value.to)) return null;
  const { from, to, url } = value;
  if (url === undefined) return { from, to };
  return isName(url) ? { from, to, url } : null;
}

function readCompared(value: unknown): ComparedMoment | undefined | null {
  if (value === undefined) return undefined;
  if (!isRecord(value)) return null;
  const ends = readEnds(value);
  const edit = readComparableEdit(value.edit);
  const { change, atUs, afterUs } = value;
  if (!ends || !edit || !isName(change) || !isTime(atUs) || !isTime(afterUs)) return null;
  return { ...ends, edit, change, atUs, afterUs };
}

function readTabs(value: unknown): TabsShown | undefined | null {
  if (value === undefined) return undefined;
  if (!isRecord(value)) return null;
  const tabs: Record<string, string> = {};
  for (const name of ["inspector", "dock", "node"] as const) {
    const tab = value[name];
    if (tab === undefined) continue;
    if (!isText(tab, MAX_NAME_CHARACTERS)) return null;
    tabs[name] = tab;
  }
  return tabs;
}

function readViewport(value: unknown): SharedMoment["viewport"] | null {
  if (value === undefined) return undefined;
  if (!isRecord(value)) return null;
  const { x, y, zoom } = value;
  return isCoordinate(x) && isCoordinate(y) && isFiniteNumber(zoom) && zoom > 0.01 && zoom < 100
    ? { x, y, zoom }
    : null;
}

function readPositions(value: unknown): readonly BoxPosition[] | undefined | null {
  if (value === undefined) return undefined;
  if (!Array.isArray(value) || value.length > MAX_POSITIONS) return null;
  const isPosition = (entry: unknown): entry is BoxPosition =>
    Array.isArray(entry) && isName(entry[0]) && isCoordinate(entry[1]) && isCoordinate(entry[2]);
  return value.every(isPosition) ? value.map(([id, x, y]) => [id, x, y] as const) : null;
}

function readOptions(value: unknown): ShareOptions | undefined | null {
  if (value === undefined) return undefined;
  if (!isRecord(value)) return null;
  const { paused, locked, hide = [] } = value;
  if (paused !== undefined && typeof paused !== "boolean") return null;
  if (locked !== undefined && typeof locked !== "boolean") return null;
  if (!Array.isArray(hide)) return null;
  const panels = PANELS.filter((panel) => hide.includes(panel));
  return {
    ...(paused !== undefined && { paused }),
    ...(panels.length > 0 && { hide: panels }),
    ...(locked !== undefined && { locked }),
  };
}
