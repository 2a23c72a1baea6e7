import { lazy, Suspense } from "react";
import { closeDialog, useView } from "../../stores/view";
import "./dialogs.css";

const HelpDialog = lazy(() => import("./HelpDialog"));
const ImportDialog = lazy(() => import("./ImportDialog"));
const WorkspacesDialog = lazy(() => import("../workspaces/WorkspacesDialog"));
const ShareDialog = lazy(() => import("../share/ShareDialog"));
const ExportDialog = lazy(() => import("../share/ExportDialog"));
const DeleteDialog = lazy(() => import("./DeleteDialog"));

/** The dialog that is open, if any; each is loaded when it is first needed. */
export function Dialogs() {
  const dialog = useView((state) => state.dialog);
  const files = useView((state) => state.droppedFiles);
  const deleting = useView((state) => state.deleting);
  return (
    <Suspense fallback={null}>
      {dialog === "help" && <HelpDialog onClose={closeDialog} />}
      {dialog === "import" && <ImportDialog files={files} onClose={closeDialog} />}
      {dialog === "workspaces" && <WorkspacesDialog onClose={closeDialog} />}
      {dialog === "share" && <ShareDialog onClose={closeDialog} />}
      {dialog === "export" && <ExportDialog onClose={closeDialog} />}
      {deleting && <DeleteDialog objectKey={deleting} />}
    </Suspense>
  );
}
