import { type Camera, type Level, useCamera } from "../../stores/camera";
import { toggleCommands, useEdit } from "../../stores/edit";
import { toggleLegend, useLegend } from "../../stores/legend";
import { type PanelName, togglePanel, usePanels } from "../../stores/panels";
import { usePositions } from "../../stores/positions";
import { setLaser, togglePresenting, usePresent } from "../../stores/present";
import { useSelection } from "../../stores/selection";
import { chooseTheme, THEMES, type Theme } from "../../stores/theme";
import {
  DOCK_TABS,
  type DockTab,
  INSPECTOR_TABS,
  type InspectorTab,
  showDock,
  showInspector,
} from "../../stores/view";
import { type Action, need } from "./action";

const CANVAS = "Canvas";
const VIEW = "View";

const withCanvas = need(useCamera, ({ camera }) => (camera ? "" : "There is no canvas yet."));
const withSelection = need(useSelection, ({ selected }) =>
  selected === null ? "Nothing is selected." : "",
);

/** Something that the camera does. */
function shot(run: (camera: Camera) => void): () => void {
  return () => {
    const { camera } = useCamera.getState();
    if (camera) run(camera);
  };
}

export const zoomIn: Action = {
  id: "canvas.in",
  group: CANVAS,
  label: "Zoom in",
  also: "nearer larger",
  needs: [withCanvas, need(useCamera, ({ isNearest }) => (isNearest ? "As near as it goes." : ""))],
  run: shot((camera) => camera.zoom(1)),
};

export const zoomOut: Action = {
  id: "canvas.out",
  group: CANVAS,
  label: "Zoom out",
  also: "farther smaller",
  needs: [
    withCanvas,
    need(useCamera, ({ isFarthest }) => (isFarthest ? "As far as it goes." : "")),
  ],
  run: shot((camera) => camera.zoom(-1)),
};

export const showEverything: Action = {
  id: "canvas.all",
  group: CANVAS,
  label: "Show everything",
  also: "zoom fit whole overview",
  keys: [{ key: "0" }],
  needs: [withCanvas],
  run: shot((camera) => camera.showAll()),
};

export const showSelection: Action = {
  id: "canvas.selection",
  group: CANVAS,
  label: "Zoom to the selection",
  also: "find center",
  keys: [{ key: "z" }],
  needs: [withCanvas, withSelection],
  run: shot((camera) => {
    const { selected, related } = useSelection.getState();
    // What has no box of its own is where its parts are.
    if (selected !== null && !camera.showBoxes([selected])) camera.showBoxes(related);
  }),
};

const LEVELS: readonly (readonly [Level, string])[] = [
  ["far", "From afar: nodes as tiles, pods as dots"],
  ["near", "Nearer: pods with addresses and readiness"],
  ["nearest", "Nearest: the chains and rules of iptables"],
];

export const tidyUp: Action = {
  id: "canvas.tidy",
  group: CANVAS,
  label: "Tidy up the canvas",
  also: "layout order positions",
  needs: [need(usePositions, ({ moved }) => (moved.size > 0 ? "" : "Everything is in its place."))],
  run: () => usePositions.getState().tidy(),
};

export const legend: Action = {
  id: "canvas.legend",
  group: CANVAS,
  label: () => (useLegend.getState().open ? "Hide the legend" : "Show the legend"),
  also: "lines symbols colours meaning",
  run: toggleLegend,
};

export const clearSelection: Action = {
  id: "view.deselect",
  group: VIEW,
  label: "Clear the selection",
  keys: [{ key: "Escape" }],
  needs: [withSelection],
  run: () => useSelection.getState().select(null),
};

const PANELS: Readonly<Record<PanelName, string>> = {
  objects: "list of objects",
  dock: "dock",
  inspector: "inspector",
};

function panelAction(panel: PanelName): Action {
  return {
    id: `view.panel.${panel}`,
    group: VIEW,
    label: () => `${usePanels.getState()[panel] ? "Hide" : "Show"} the ${PANELS[panel]}`,
    also: "panel toggle",
    run: () => togglePanel(panel),
  };
}

export const panelActions: Readonly<Record<PanelName, Action>> = {
  objects: panelAction("objects"),
  dock: panelAction("dock"),
  inspector: panelAction("inspector"),
};

function themeAction(theme: Theme): Action {
  return {
    id: `view.theme.${theme}`,
    group: VIEW,
    label: theme === "system" ? "Theme: as the system" : `Theme: ${theme}`,
    also: "colours",
    run: () => chooseTheme(theme),
  };
}

export const themeActions: Readonly<Record<Theme, Action>> = {
  light: themeAction("light"),
  dark: themeAction("dark"),
  projector: themeAction("projector"),
  system: themeAction("system"),
};

export const present: Action = {
  id: "view.present",
  group: VIEW,
  label: () => (usePresent.getState().presenting ? "End presenting" : "Present"),
  also: "class larger projector full",
  keys: [{ key: "p" }],
  run: togglePresenting,
};

export const laser: Action = {
  id: "view.laser",
  group: VIEW,
  label: () => (usePresent.getState().laser ? "Put the laser pointer away" : "Laser pointer"),
  also: "present dot mouse",
  run: () => setLaser(!usePresent.getState().laser),
};

export const showCommands: Action = {
  id: "view.commands",
  group: VIEW,
  label: () =>
    useEdit.getState().showsCommands ? "Hide the kubectl commands" : "Show the kubectl commands",
  also: "equivalent",
  run: toggleCommands,
};

export function openDock(tab: DockTab): void {
  usePanels.setState({ dock: true });
  showDock(tab);
}

export function openInspector(tab: InspectorTab): void {
  usePanels.setState({ inspector: true });
  showInspector(tab);
}

const TAB_NAMES: Readonly<Partial<Record<DockTab | InspectorTab, string>>> = {
  iptables: "iptables",
  dns: "DNS",
  yaml: "YAML",
};

function nameOf(tab: DockTab | InspectorTab): string {
  return TAB_NAMES[tab] ?? tab.charAt(0).toUpperCase() + tab.slice(1);
}

export const VIEW_ACTIONS: readonly Action[] = [
  showEverything,
  showSelection,
  zoomIn,
  zoomOut,
  ...LEVELS.map(
    ([level, label]): Action => ({
      id: `canvas.level.${level}`,
      group: CANVAS,
      label,
      also: "zoom level",
      needs: [withCanvas],
      run: shot((camera) => camera.showLevel(level)),
    }),
  ),
  tidyUp,
  legend,
  present,
  laser,
  ...THEMES.map((theme) => themeActions[theme]),
  ...Object.values(panelActions),
  ...INSPECTOR_TABS.map(
    (tab): Action => ({
      id: `view.inspector.${tab}`,
      group: VIEW,
      label: `Inspector: ${nameOf(tab)}`,
      also: "tab show",
      run: () => openInspector(tab),
    }),
  ),
  ...DOCK_TABS.map(
    (tab): Action => ({
      id: `view.dock.${tab}`,
      group: VIEW,
      label: `Dock: ${nameOf(tab)}`,
      also: "tab show table",
      run: () => openDock(tab),
    }),
  ),
  showCommands,
  clearSelection,
];
