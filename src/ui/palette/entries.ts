import type { Kind } from "../../core/api/types";
import { kubectlEquivalent } from "../../shell/kubectl/equivalent";
import { addObject, FORM_KINDS } from "../../stores/edit";
import { redo, undo, useEditHistory } from "../../stores/edit-history";
import { FOLLOW_LABELS } from "../../stores/follow";
import { findObject, objectsOf, useMirror } from "../../stores/mirror";
import { type PanelName, togglePanel, usePanels } from "../../stores/panels";
import {
  first,
  last,
  SPEEDS,
  setFollow,
  setSpeed,
  step,
  togglePlaying,
  usePlayback,
} from "../../stores/playback";
import { usePositions } from "../../stores/positions";
import { setLaser, togglePresenting, usePresent } from "../../stores/present";
import { keyOf } from "../../stores/related";
import { useSelection } from "../../stores/selection";
import { send } from "../../stores/session";
import { chooseTheme, THEMES } from "../../stores/theme";
import {
  BURST,
  isLoadRunning,
  RATES,
  sendBurst,
  setRate,
  startLoad,
  stopLoad,
  useTraffic,
} from "../../stores/traffic";
import {
  type DialogName,
  DOCK_TABS,
  INSPECTOR_TABS,
  newYaml,
  openDialog,
  showDock,
  showInspector,
} from "../../stores/view";
import type { Follow } from "../../worker/protocol";
import { actionsFor } from "../edit/object-actions";
import { keyText } from "../parts/describe";

/** One line of the palette. */
export interface Entry {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  /** The keys that do it without the palette. */
  readonly keys?: string;
  /** What kubectl would be told. */
  readonly command?: string | undefined;
  readonly run: () => void;
}

/** Everything that can be done now. */
export function paletteEntries(): readonly Entry[] {
  return [
    ...selectionEntries(),
    ...playbackEntries(),
    ...loadEntries(),
    ...historyEntries(),
    ...addEntries(),
    ...fileEntries(),
    ...viewEntries(),
    ...objectEntries(),
  ];
}

function entriesOf(group: string) {
  return (label: string, run: () => void, keys?: string): Entry => ({
    id: `${group}: ${label}`,
    group,
    label,
    run,
    ...(keys && { keys }),
  });
}

function selectionEntries(): readonly Entry[] {
  const { records } = useMirror.getState();
  const { selected } = useSelection.getState();
  const object = selected ? findObject(records, selected) : undefined;
  if (!selected || !object) return [];
  const group = keyText(selected);
  return actionsFor(object, records).map(({ id, label, action, run }) => ({
    ...{ id: `${group}: ${id}`, group, label, run },
    ...(action && { command: kubectlEquivalent(action) }),
  }));
}

function playbackEntries(): readonly Entry[] {
  const entry = entriesOf("Request");
  const { playing } = usePlayback.getState();
  const follows = Object.entries(FOLLOW_LABELS) as [Follow, string][];
  return [
    entry("Send a request", () => {
      showInspector("packet");
      void send();
    }),
    entry(playing ? "Pause" : "Play", togglePlaying, "Space"),
    entry("Next hop", () => step(1), "→"),
    entry("Hop before", () => step(-1), "←"),
    entry("First hop", first, "Home"),
    entry("Last hop", last, "End"),
    ...SPEEDS.map((speed) => entry(`Speed ${speed}×`, () => setSpeed(speed))),
    ...follows.map(([follow, label]) => entry(`Follow the ${label}`, () => setFollow(follow))),
  ];
}

function loadEntries(): readonly Entry[] {
  const entry = entriesOf("Traffic");
  const run = async (order: () => Promise<boolean>) => {
    if (await order()) showDockTab("traffic");
  };
  const start = (rate: number) => {
    setRate(rate);
    void run(startLoad);
  };
  return [
    entry(`Send a burst of ${BURST.count} requests`, () => void run(sendBurst)),
    ...(isLoadRunning(useTraffic.getState())
      ? [entry("Stop the load", () => void stopLoad())]
      : RATES.map((rate) => entry(`Start a load of ${rate} requests/s`, () => start(rate)))),
  ];
}

function historyEntries(): readonly Entry[] {
  const entry = entriesOf("History");
  const { done, undone } = useEditHistory.getState();
  const [last, next] = [done.at(-1), undone[0]];
  return [
    ...(last ? [entry(`Undo: ${last.text}`, undo, "Ctrl Z")] : []),
    ...(next ? [entry(`Redo: ${next.text}`, redo, "Ctrl Shift Z")] : []),
    entry("Show the history", () => showDockTab("history")),
  ];
}

function addEntries(): readonly Entry[] {
  const entry = entriesOf("Add");
  return [
    ...FORM_KINDS.map((kind) => entry(`Add ${kind}`, () => addObject(kind))),
    entry("Add objects as YAML", newYaml),
  ];
}

const DIALOGS: Readonly<Record<DialogName, string>> = {
  import: "Import YAML",
  export: "Export",
  share: "Share a link",
  workspaces: "Workspaces",
  help: "Keys and help",
};

function fileEntries(): readonly Entry[] {
  const entry = entriesOf("File and help");
  const dialogs = Object.entries(DIALOGS) as [DialogName, string][];
  return dialogs.map(([dialog, label]) =>
    entry(label, () => openDialog(dialog), dialog === "help" ? "?" : undefined),
  );
}

const PANELS: Readonly<Record<PanelName, string>> = {
  objects: "list of objects",
  dock: "dock",
  inspector: "inspector",
};

function viewEntries(): readonly Entry[] {
  const entry = entriesOf("View");
  const panels = Object.entries(PANELS) as [PanelName, string][];
  const open = usePanels.getState();
  const { presenting, laser } = usePresent.getState();
  return [
    ...THEMES.map((theme) => entry(`Theme: ${theme}`, () => chooseTheme(theme))),
    ...panels.map(([panel, label]) =>
      entry(`${open[panel] ? "Hide" : "Show"} the ${label}`, () => togglePanel(panel)),
    ),
    entry(presenting ? "End presenting" : "Present", togglePresenting, "P"),
    entry(laser ? "Put the laser pointer away" : "Laser pointer", () => setLaser(!laser), "L"),
    entry("Tidy up the canvas", () => usePositions.getState().tidy()),
    ...INSPECTOR_TABS.map((tab) =>
      entry(`Inspector: ${tab}`, () => {
        usePanels.setState({ inspector: true });
        showInspector(tab);
      }),
    ),
    ...DOCK_TABS.map((tab) => entry(`Dock: ${tab}`, () => showDockTab(tab))),
    entry("Clear the selection", () => useSelection.getState().select(null), "Esc"),
  ];
}

function showDockTab(tab: (typeof DOCK_TABS)[number]): void {
  usePanels.setState({ dock: true });
  showDock(tab);
}

const SELECTABLE: readonly Kind[] = [
  "Service",
  "Deployment",
  "Pod",
  "Node",
  "Host",
  "Namespace",
  "DaemonSet",
  "ReplicaSet",
  "EndpointSlice",
];

function objectEntries(): readonly Entry[] {
  const entry = entriesOf("Select");
  const { records } = useMirror.getState();
  return SELECTABLE.flatMap((kind) => objectsOf(records, kind)).map((object) => {
    const key = keyOf(object);
    return entry(keyText(key), () => useSelection.getState().select(key));
  });
}
