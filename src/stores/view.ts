import { create } from "zustand";
import type { ObjectKey } from "../core/api/types";
import { usePanels } from "./panels";
import { useSelection } from "./selection";

export const INSPECTOR_TABS = ["packet", "object", "yaml"] as const;
export type InspectorTab = (typeof INSPECTOR_TABS)[number];

export const DOCK_TABS = [
  "timeline",
  "terminal",
  "hops",
  "paths",
  "traffic",
  "compare",
  "iptables",
  "conntrack",
  "routes",
  "endpoints",
  "dns",
  "events",
  "history",
] as const;
export type DockTab = (typeof DOCK_TABS)[number];

/** What the phone's bottom sheet shows. */
export type SheetTab = InspectorTab | DockTab | "try" | "objects" | "add";

export type DialogName =
  | "gallery"
  | "help"
  | "import"
  | "lags"
  | "settings"
  | "workspaces"
  | "share"
  | "export"
  | "rules";

export interface RuleFocus {
  readonly table: string;
  readonly chain: string;
}

interface ViewState {
  readonly inspectorTab: InspectorTab;
  readonly dockTab: DockTab;
  readonly sheetTab: SheetTab;
  readonly dialog: DialogName | null;
  /** A file that was dropped on the page, for the import dialog. */
  readonly droppedFiles: readonly File[];
  /** The object that waits for a yes before it is deleted. */
  readonly deleting: ObjectKey | null;
  /** Node whose tables are shown; "" for the first. */
  readonly node: string;
  readonly ruleFocus: RuleFocus | null;
  /** Only the rules that are there because of this object. */
  readonly rulesOf: ObjectKey | null;
  /** The YAML tab shows a new document instead of the selected object's. */
  readonly newDocument: boolean;
  /** The editor takes the keyboard as soon as it is there. */
  readonly editorWanted: boolean;
}

export const useView = create<ViewState>(() => ({
  inspectorTab: "packet",
  dockTab: "timeline",
  sheetTab: "packet",
  dialog: null,
  droppedFiles: [],
  deleting: null,
  node: "",
  ruleFocus: null,
  rulesOf: null,
  newDocument: false,
  editorWanted: false,
}));

export function showInspector(inspectorTab: InspectorTab): void {
  useView.setState({ inspectorTab, sheetTab: inspectorTab });
}

export function showDock(dockTab: DockTab): void {
  useView.setState({ dockTab, sheetTab: dockTab });
}

export function showRules(node: string, ruleFocus: RuleFocus | null): void {
  useView.setState({ node, ruleFocus, rulesOf: null });
  showDock("iptables");
}

/** The rules that exist because of an object, on the node whose tables are shown. */
export function showRulesOf(rulesOf: ObjectKey): void {
  useView.setState({ ruleFocus: null, rulesOf });
  showDock("iptables");
}

export function showAllRules(): void {
  useView.setState({ ruleFocus: null, rulesOf: null });
}

export function editYaml(key: ObjectKey): void {
  useSelection.getState().select(key);
  useView.setState({ newDocument: false, editorWanted: true });
  usePanels.setState({ inspector: true });
  showInspector("yaml");
}

export function newYaml(): void {
  useView.setState({ newDocument: true, editorWanted: true });
  usePanels.setState({ inspector: true });
  showInspector("yaml");
}

export function editorFocused(): void {
  useView.setState({ editorWanted: false });
}

export function openDialog(dialog: DialogName, droppedFiles: readonly File[] = []): void {
  useView.setState({ dialog, droppedFiles });
}

export function closeDialog(): void {
  useView.setState({ dialog: null, droppedFiles: [] });
}

export function askToDelete(deleting: ObjectKey | null): void {
  useView.setState({ deleting });
}

/** Whose tables are shown. The chain that is looked at is one of its node. */
function tablesOf(node: string | undefined): Partial<ViewState> {
  return node === useView.getState().node ? {} : { node, ruleFocus: null };
}

/** Whatever is selected, here or on the canvas, is shown; who is reading YAML goes on reading YAML. */
useSelection.subscribe(({ selected, asked, together }, before) => {
  if (asked === before.asked || selected === null) return;
  const [kind, node] = selected.split("/");
  // Whoever follows a row of a node's table goes on reading that table.
  const follows = kind === "Node" && !together;
  useView.setState({ newDocument: false, ...(follows && tablesOf(node)) });
  if (useView.getState().inspectorTab !== "yaml") showInspector("object");
  else useView.setState({ sheetTab: "yaml" });
});
