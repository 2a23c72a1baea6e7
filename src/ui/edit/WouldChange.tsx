import { findObject, useMirror } from "../../stores/mirror";
import { fieldChanges } from "../../worker/field-changes";
import type { Json } from "./manifest";
import type { Rehearsed } from "./submit";

interface WouldChangeProps {
  /** Of the object that is there already. */
  readonly objectKey: string | undefined;
  readonly manifest: Json;
  readonly rehearsal: Rehearsed;
}

/** More than these nobody reads in a form. */
const SHOWN = 12;

/** What the API server would make of the request: fields that come, go and change, allocated ones and defaults too. */
export function WouldChange({ objectKey, manifest, rehearsal: { object } }: WouldChangeProps) {
  const present = useMirror(({ records }) =>
    objectKey === undefined ? undefined : findObject(records, objectKey),
  );
  if (!object) return null;
  const changes = fieldChanges(present ?? manifest, object);
  if (changes.length === 0) return null;
  return (
    <details className="form-section would-change">
      <summary>
        {present ? "What would change" : "What the API server fills in"}{" "}
        <span className="muted">
          {changes.length === 1 ? "1 field" : `${changes.length} fields`}
        </span>
      </summary>
      <ul aria-label="Fields that would change">
        {changes.slice(0, SHOWN).map(({ field, before, after }) => (
          <li
            key={field}
            className={after === undefined ? "gone" : before === undefined ? "new" : ""}
          >
            <code>{field}</code> {before !== undefined && <del>{before}</del>}{" "}
            {after !== undefined && <ins>{after}</ins>}
            {after === undefined && <span className="muted"> goes</span>}
          </li>
        ))}
        {changes.length > SHOWN && (
          <li className="muted">and {changes.length - SHOWN} more, as the YAML will tell</li>
        )}
      </ul>
    </details>
  );
}
