import { useMemo } from "react";
import type { KubeObject } from "../../core/api/types";
import type { MirrorRecords } from "../../stores/mirror";
import { setFrom, setTo } from "../../stores/session";
import { sourceOf, targetOf } from "../../stores/traffic-ends";

interface FromHereProps {
  readonly object: KubeObject;
  readonly records: MirrorRecords;
}

/** Puts the selected object into the send bar, as who sends or as who is asked. */
export function FromHere({ object, records }: FromHereProps) {
  const from = sourceOf(object);
  const to = useMemo(() => targetOf(object, records), [object, records]);
  if (from === undefined && to === undefined) return null;
  return (
    <div className="actions">
      {from !== undefined && (
        <button
          type="button"
          className="button small"
          title={`Requests come from ${from}`}
          onClick={() => setFrom(from)}
        >
          Send from here
        </button>
      )}
      {to !== undefined && (
        <button
          type="button"
          className="button small"
          title={`Requests go to ${to}`}
          onClick={() => setTo(to)}
        >
          Send to here
        </button>
      )}
    </div>
  );
}
