import type { ObjectKey } from "../../core/api/types";

/** Of the list of all that can be done to an object. */
export function objectPageId(object: ObjectKey): string {
  return `open ${object}`;
}

/** Of an action on an object: `Pod/default/web delete`. */
export function objectActionId(object: ObjectKey, id: string): string {
  return `${object} ${id}`;
}
