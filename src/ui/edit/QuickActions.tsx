import type { KubeObject } from "../../core/api/types";
import { kubectlEquivalent } from "../../shell/kubectl/equivalent";
import { toggleCommands, useEdit } from "../../stores/edit";
import type { MirrorRecords } from "../../stores/mirror";
import { useSession } from "../../stores/session";
import { CommandLine } from "./CommandLine";
import { quickActions } from "./object-actions";
import "./edit.css";

interface QuickActionsProps {
  readonly object: KubeObject;
  readonly records: MirrorRecords;
}

/** What can be done to the selected object at once, and how kubectl would say it. */
export function QuickActions({ object, records }: QuickActionsProps) {
  const showsCommands = useEdit((state) => state.showsCommands);
  const busy = useSession((state) => state.busy !== "");
  const actions = quickActions(object, records);
  if (actions.length === 0) return null;
  return (
    <section aria-label="Actions" data-edit>
      <div className="actions">
        {actions.map(({ id, label, run }) => (
          <button key={id} type="button" className="button small" disabled={busy} onClick={run}>
            {label}
          </button>
        ))}
        <button
          type="button"
          className="button small"
          aria-pressed={showsCommands}
          onClick={toggleCommands}
        >
          Show the commands
        </button>
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
