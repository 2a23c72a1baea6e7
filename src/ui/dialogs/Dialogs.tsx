import { closeDialog, useView } from "../../stores/view";
import { lazyPart, OVER_THE_PAGE } from "../parts/lazy-part";
import "./dialogs.css";

const HelpDialog = lazyPart(() => import("./HelpDialog"), OVER_THE_PAGE);
const GalleryDialog = lazyPart(() => import("../scenario/GalleryDialog"), OVER_THE_PAGE);
const ImportDialog = lazyPart(() => import("./ImportDialog"), OVER_THE_PAGE);
const WorkspacesDialog = lazyPart(() => import("../workspaces/WorkspacesDialog"), OVER_THE_PAGE);
const ShareDialog = lazyPart(() => import("../share/ShareDialog"), OVER_THE_PAGE);
const ExportDialog = lazyPart(() => import("../share/ExportDialog"), OVER_THE_PAGE);
const PasteRulesDialog = lazyPart(() => import("../rules/PasteRulesDialog"), OVER_THE_PAGE);
const LagsDialog = lazyPart(() => import("../checks/LagsDialog"), OVER_THE_PAGE);
const SettingsDialog = lazyPart(() => import("../scenario/SettingsDialog"), OVER_THE_PAGE);
const DeleteDialog = lazyPart(() => import("./DeleteDialog"), OVER_THE_PAGE);

/** The dialog that is open, if any; each is loaded when it is first needed. */
export function Dialogs() {
  const dialog = useView((state) => state.dialog);
  const files = useView((state) => state.droppedFiles);
  const deleting = useView((state) => state.deleting);
  return (
    <>
      {dialog === "help" && <HelpDialog onClose={closeDialog} />}
      {dialog === "gallery" && <GalleryDialog onClose={closeDialog} />}
      {dialog === "import" && <ImportDialog files={files} onClose={closeDialog} />}
      {dialog === "workspaces" && <WorkspacesDialog onClose={closeDialog} />}
      {dialog === "share" && <ShareDialog onClose={closeDialog} />}
      {dialog === "rules" && <PasteRulesDialog onClose={closeDialog} />}
      {dialog === "lags" && <LagsDialog onClose={closeDialog} />}
      {dialog === "settings" && <SettingsDialog onClose={closeDialog} />}
      {dialog === "export" && <ExportDialog onClose={closeDialog} />}
      {deleting && <DeleteDialog objectKey={deleting} />}
    </>
  );
}
