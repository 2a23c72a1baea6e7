import { kubectlEquivalent } from "../../shell/kubectl/equivalent";
import { deleteObject } from "../../stores/session";
import { askToDelete } from "../../stores/view";
import { CommandLine } from "../edit/CommandLine";
import { Dialog } from "../parts/Dialog";
import { keyText } from "../parts/describe";

export default function DeleteDialog({ objectKey }: { objectKey: string }) {
  const close = () => askToDelete(null);
  return (
    <Dialog title={`Delete ${keyText(objectKey)}?`} onClose={close} className="narrow">
      <div className="dialog-body">
        <p>The object and what it owns go the way they would on a real cluster, in virtual time.</p>
        <CommandLine command={kubectlEquivalent({ type: "delete", key: objectKey })} />
        <div className="dialog-actions">
          <button type="button" className="button" onClick={close}>
            Keep it
          </button>
          <button
            type="button"
            className="button danger"
            data-edit
            onClick={() => {
              close();
              deleteObject(objectKey);
            }}
          >
            Delete
          </button>
        </div>
      </div>
    </Dialog>
  );
}
