import { useMemo, useState } from "react";
import type { KindMap, ObjectKey } from "../../core/api/types";
import type { NetworkChange } from "../../stores/history";
import { objectsOf, useMirror } from "../../stores/mirror";
import { useHistory } from "../../stores/record-history";
import { keyFor } from "../../stores/related";
import { useSelection } from "../../stores/selection";
import { clockText } from "../parts/describe";
import { RowsBox } from "../parts/RowsBox";
import { useKeyMark } from "./use-marks";

const SHOWN_EVENTS = 300;

/** A row: an Event of the API, or a step of the network towards it that no Event tells. */
interface Row {
  readonly key: string;
  readonly atUs: number;
  /** Events know their second, no more. */
  readonly time: string;
  readonly type: "Normal" | "Warning" | "Network";
  readonly reason: string;
  readonly object: ObjectKey;
  readonly message: string;
  readonly count: number;
}

/** Cluster events and network changes, the newest first, in the columns of `kubectl get events`. */
export default function EventsTab() {
  const records = useMirror((state) => state.records);
  const nowUs = useMirror((state) => state.nowUs);
  const changes = useHistory((state) => state.changes);
  const [networkOnly, setNetworkOnly] = useState(false);
  const rows = useMemo(() => {
    const events = networkOnly ? [] : objectsOf(records, "Event").map(rowOfEvent);
    return [...events, ...changes.map(rowOfChange)].sort((a, b) => a.atUs - b.atUs);
  }, [records, changes, networkOnly]);
  const shown = rows
    .filter(({ atUs }) => atUs <= nowUs)
    .slice(-SHOWN_EVENTS)
    .reverse();
  return (
    <>
      <div className="dock-bar">
        <label>
          <input
            type="checkbox"
            checked={networkOnly}
            onChange={(event) => setNetworkOnly(event.target.checked)}
          />{" "}
          Only endpoints, rules and load balancer targets
        </label>
      </div>
      <RowsBox label="Cluster events">
        {shown.length === 0 && <p className="empty">Nothing has happened yet.</p>}
        {shown.length > 0 && (
          <table className="data" aria-label="Events">
            <thead>
              <tr>
                <th scope="col">t</th>
                <th scope="col">Type</th>
                <th scope="col">Reason</th>
                <th scope="col">Object</th>
                <th scope="col">Message</th>
              </tr>
            </thead>
            <tbody>
              {shown.map((row) => (
                <EventRow key={row.key} row={row} nowUs={nowUs} />
              ))}
            </tbody>
          </table>
        )}
      </RowsBox>
    </>
  );
}

function EventRow({ row, nowUs }: { row: Row; nowUs: number }) {
  const { atUs, time, type, reason, object, message, count } = row;
  const markOf = useKeyMark();
  return (
    <tr className={markOf(object)} data-key={object}>
      <td className="mono" title={`${ageText((nowUs - atUs) / 1_000_000)} ago`}>
        {time}
      </td>
      <td>
        <span className={`badge ${TONES[type]}`}>
          {type === "Warning" && "! "}
          {type}
        </span>
      </td>
      <td>{reason}</td>
      <td>
        <button
          type="button"
          className="link"
          data-pick
          onClick={() => useSelection.getState().select(object)}
        >
          {object.slice(0, object.indexOf("/")).toLowerCase()}/{object.split("/").at(-1)}
        </button>
      </td>
      <td className="wrap">
        {message}
        {count > 1 && <span className="muted"> (×{count})</span>}
      </td>
    </tr>
  );
}

const TONES = { Normal: "", Warning: "warn", Network: "network" } as const;

function rowOfEvent({
  metadata,
  type,
  reason,
  message,
  involvedObject: about,
  lastTimestamp,
  count,
}: KindMap["Event"]): Row {
  const atUs = secondsOf(lastTimestamp) * 1_000_000;
  return {
    key: `${metadata.namespace}/${metadata.name}`,
    atUs,
    time: clockText(atUs).slice(0, -4),
    type: type === "Warning" ? "Warning" : "Normal",
    reason,
    object: keyFor(about.kind, about.kind === "Node" ? "" : about.namespace, about.name),
    message,
    count,
  };
}

function rowOfChange({ atUs, object, reason, message }: NetworkChange): Row {
  const time = clockText(atUs);
  const key = `${time} ${object} ${reason} ${message}`;
  return { key, atUs, time, type: "Network", reason, object, message, count: 1 };
}

/** Virtual time 0, as core/sim/time writes it. */
const EPOCH_MS = Date.parse("2026-01-01T00:00:00Z");

function secondsOf(timestamp: string): number {
  return (Date.parse(timestamp) - EPOCH_MS) / 1000;
}

/** Age as kubectl prints it, for the short lives seen here. */
function ageText(seconds: number): string {
  const age = Math.max(0, Math.floor(seconds));
  if (age < 120) return `${age}s`;
  const minutes = Math.floor(age / 60);
  if (minutes >= 10) return `${minutes}m`;
  return age % 60 === 0 ? `${minutes}m` : `${minutes}m${age % 60}s`;
}
