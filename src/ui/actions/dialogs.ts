import { setLocked, useAccess } from "../../stores/access";
import { openPalette } from "../../stores/palette";
import { type DialogName, openDialog } from "../../stores/view";
import { type Action, need } from "./action";

const group = "Files and help";

function opening(dialog: DialogName, label: string, more: Partial<Action> = {}): Action {
  return { id: `dialog.${dialog}`, group, label, run: () => openDialog(dialog), ...more };
}

export const openImport = opening("import", "Import YAML, a scenario or a saved moment …", {
  also: "open file paste apply manifests",
});
export const openExport = opening("export", "Export …", { also: "save download file" });
export const openShare = opening("share", "Share this moment …", {
  also: "copy link qr code embed url",
});
export const openWorkspaces = opening("workspaces", "Workspaces …", {
  also: "kept work rename delete list",
});
export const openHelp = opening("help", "Keys and help", {
  also: "shortcuts keyboard ?",
  keys: [{ key: "?" }],
});

export const showPalette: Action = {
  id: "palette",
  group,
  label: "All commands",
  keys: [{ key: "k", ctrl: true, inText: true }],
  run: openPalette,
};

export const editCopy: Action = {
  id: "access.unlock",
  group,
  label: "Edit a copy",
  also: "unlock editing locked",
  needs: [need(useAccess, ({ locked }) => (locked ? "" : "Editing is not locked."))],
  run: () => setLocked(false),
};

export const DIALOG_ACTIONS: readonly Action[] = [
  editCopy,
  openShare,
  openExport,
  openImport,
  openWorkspaces,
  openHelp,
];
