import type { ReactNode } from "react";
import { type Action, ariaKeys, keyName, labelOf, useWhyNot } from "./action";

interface ActionButtonProps {
  readonly action: Action;
  readonly className?: string;
  /** The name; without it, that of what stands on the button. */
  readonly label?: string;
  /** More than the action's label says. */
  readonly hint?: string;
  readonly pressed?: boolean;
  readonly children: ReactNode;
}

/** A button for an action: what stands between, why not now, and its keys are the action's own. */
export function ActionButton(props: ActionButtonProps) {
  const { action, className = "button", label, hint, pressed, children } = props;
  const why = useWhyNot(action);
  const { keys = [] } = action;
  const [first] = keys;
  return (
    <button
      type="button"
      className={className}
      data-action={action.id}
      data-edit={action.edits || undefined}
      aria-label={label}
      aria-pressed={pressed}
      aria-keyshortcuts={keys.length > 0 ? ariaKeys(keys) : undefined}
      title={`${why || hint || labelOf(action)}${first ? ` (${keyName(first)})` : ""}`}
      disabled={why !== ""}
      onClick={() => void action.run()}
    >
      {children}
    </button>
  );
}
