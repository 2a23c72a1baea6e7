import type { KubeObject } from "../../core/api/types";
import { kubectlEquivalent } from "../../shell/kubectl/equivalent";
import { useEdit } from "../../stores/edit";
import type { MirrorRecords } from "../../stores/mirror";
import { keyOf } from "../../stores/related";
import { ActionButton } from "../actions/ActionButton";
import { showCommands } from "../actions/view";
import { CommandLine } from "./CommandLine";
import { ObjectButton } from "./ObjectButton";
import { quickActions } from "./object-actions";
import "./edit.css";

interface QuickActionsProps {
  readonly object: KubeObject;
  readonly records: MirrorRecords;
}

/** What can be done to the selected object at once, and how kubectl would say it. */
export function QuickActions({ object, records }: QuickActionsProps) {
  const showsCommands = useEdit((state) => state.showsCommands);
  const actions = quickActions(object, records);
  if (actions.length === 0) return null;
  return (
    <section aria-label="Actions" data-edit>
      <div className="actions">
        {actions.map((action) => (
          <ObjectButton key={action.id} object={keyOf(object)} action={action} />
        ))}
        <ActionButton action={showCommands} className="button small" pressed={showsCommands}>
          Show the commands
        </ActionButton>
      </div>
      {showsCommands && (
        <dl className="action-commands">
          {actions.map(({ id, label, action }) => (
            <div key={id}>
              <dt>{label}</dt>
              <dd>
                <CommandLine command={action && kubectlEquivalent(action)} />
              </dd>
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
