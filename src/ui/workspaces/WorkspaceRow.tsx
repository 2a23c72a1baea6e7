import { useId, useState } from "react";
import type { WorkspaceSummary } from "../../stores/workspaces";
import { deleteWorkspace, duplicateWorkspace, renameWorkspace } from "../../stores/workspaces-desk";
import { workspaceActionId } from "../actions/workspaces";
import { Icon } from "../parts/Icon";

interface WorkspaceRowProps {
  readonly workspace: WorkspaceSummary;
  readonly isCurrent: boolean;
  readonly isOpenElsewhere: boolean;
  readonly onOpen: () => void;
  readonly act: (work: () => Promise<void>) => Promise<void>;
}

const TIME = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "short" });

export function WorkspaceRow(props: WorkspaceRowProps) {
  const { workspace, isCurrent, isOpenElsewhere, act } = props;
  const { id, name, unreadable } = workspace;
  const [mode, setMode] = useState<"shown" | "renamed" | "deleted">("shown");

  if (mode === "renamed") {
    return (
      <RenameRow
        name={name}
        onCancel={() => setMode("shown")}
        onRename={(wanted) => {
          setMode("shown");
          void act(() => renameWorkspace(id, wanted));
        }}
      />
    );
  }
  if (mode === "deleted") {
    return (
      <li className="workspace">
        <p>
          Delete “{name}”? This cannot be undone
          {isOpenElsewhere && ", and it is open in another tab"}.
        </p>
        <span className="workspace-actions">
          {/* biome-ignore lint/a11y/noAutofocus: the question takes the place of the button that asked it */}
          <button type="button" className="button small" autoFocus onClick={() => setMode("shown")}>
            Keep it
          </button>
          <button
            type="button"
            className="button small danger"
            onClick={() => void act(() => deleteWorkspace(id))}
          >
            Delete “{name}”
          </button>
        </span>
      </li>
    );
  }
  return (
    <li className="workspace" aria-current={isCurrent ? "true" : undefined}>
      <div className="workspace-name">
        <strong>{name}</strong>
        {isCurrent && <span className="badge ok">✓ open here</span>}
        {isOpenElsewhere && <span className="badge warn">! open in another tab</span>}
        <small className="muted">{detailOf(workspace)}</small>
      </div>
      <span className="workspace-actions">
        {!isCurrent && !unreadable && (
          <button
            type="button"
            className="button small"
            data-action={workspaceActionId(id, "open")}
            onClick={props.onOpen}
          >
            {isOpenElsewhere ? "Open a copy" : "Open"}
            <span className="visually-hidden"> of “{name}”</span>
          </button>
        )}
        {!unreadable && (
          <>
            <Action
              id={workspaceActionId(id, "rename")}
              label={`Rename “${name}”`}
              icon="edit"
              onClick={() => setMode("renamed")}
            />
            <Action
              id={workspaceActionId(id, "duplicate")}
              label={`Duplicate “${name}”`}
              icon="plus"
              onClick={() => void act(() => duplicateWorkspace(id))}
            />
          </>
        )}
        <Action
          id={workspaceActionId(id, "delete")}
          label={`Delete “${name}”`}
          icon="trash"
          onClick={() => setMode("deleted")}
        />
      </span>
    </li>
  );
}

interface ActionProps {
  readonly id: string;
  readonly label: string;
  readonly icon: "edit" | "plus" | "trash";
  readonly onClick: () => void;
}

function Action({ id, label, icon, onClick }: ActionProps) {
  const danger = icon === "trash" ? "danger" : "";
  return (
    <button
      type="button"
      className={`button icon small ${danger}`}
      data-action={id}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <Icon name={icon} size={12} />
    </button>
  );
}

interface RenameRowProps {
  readonly name: string;
  readonly onRename: (name: string) => void;
  readonly onCancel: () => void;
}

function RenameRow({ name, onRename, onCancel }: RenameRowProps) {
  const id = useId();
  const [text, setText] = useState(name);
  return (
    <li className="workspace">
      <form
        className="workspace-rename"
        onSubmit={(event) => {
          event.preventDefault();
          onRename(text);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Escape") return;
          event.preventDefault();
          event.stopPropagation();
          onCancel();
        }}
      >
        <label htmlFor={id}>Name</label>
        <input
          id={id}
          className="field"
          maxLength={120}
          required
          value={text}
          // biome-ignore lint/a11y/noAutofocus: it takes the place of the button that was pressed
          autoFocus
          onFocus={(event) => event.target.select()}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="button small primary">
          Rename
        </button>
        <button type="button" className="button small" onClick={onCancel}>
          Cancel
        </button>
      </form>
    </li>
  );
}

function detailOf({ actions, changedAtMs, unreadable }: WorkspaceSummary): string {
  if (unreadable) return "cannot be read by this version; left as it is";
  return `${actions} ${actions === 1 ? "action" : "actions"} · ${TIME.format(changedAtMs)}`;
}
