import type { ReactNode } from "react";
import type { ObjectKey } from "../../core/api/types";
import { useSession } from "../../stores/session";
import { objectActionId } from "../actions/object-id";
import type { ObjectAction } from "./object-actions";

interface ObjectButtonProps {
  readonly object: ObjectKey;
  /** Absent: it cannot be done to this object. */
  readonly action: ObjectAction | undefined;
  readonly hint?: string;
  readonly children?: ReactNode;
}

/** A button for something that can be done to an object, under its own name unless another one is between. */
export function ObjectButton({ object, action, hint, children }: ObjectButtonProps) {
  const busy = useSession((state) => state.busy !== "");
  if (!action) return null;
  const { id, label, danger, isLook = false, run } = action;
  const waits = busy && action.action !== undefined;
  return (
    <button
      type="button"
      className={`button small ${danger ? "danger" : ""}`}
      data-action={objectActionId(object, id)}
      data-edit={isLook ? undefined : true}
      title={hint}
      disabled={waits}
      onClick={run}
    >
      {children ?? label}
    </button>
  );
}
