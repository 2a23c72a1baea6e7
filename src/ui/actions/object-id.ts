import type { ObjectKey } from "../../core/api/types";

/** Of an action on an object: `Pod/default/web delete`. */
export function objectActionId(object: ObjectKey, id: string): string {
  return `${object} ${id}`;
}
