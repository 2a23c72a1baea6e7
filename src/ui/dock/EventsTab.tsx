import { useMemo } from "react";
import { objectsOf, useMirror } from "../../stores/mirror";
import { keyFor } from "../../stores/related";
import { useSelection } from "../../stores/selection";
import { ScrollBox } from "../parts/ScrollBox";

const SHOWN_EVENTS = 300;

/** Cluster events, the newest first, in the columns of `kubectl get events`. */
export function EventsTab() {
  const records = useMirror((state) => state.records);
  const nowSeconds = useMirror((state) => Math.floor(state.nowUs / 1_000_000));
  const events = useMemo(
    () =>
      [...objectsOf(records, "Event")]
        .sort((a, b) => b.lastTimestamp.localeCompare(a.lastTimestamp))
        .slice(0, SHOWN_EVENTS),
    [records],
  );
  if (events.length === 0) return <p className="empty">Nothing has happened yet.</p>;
  return (
    <ScrollBox label="Cluster events">
      <table className="data" aria-label="Events">
        <thead>
          <tr>
            <th scope="col">Last seen</th>
            <th scope="col">Type</th>
            <th scope="col">Reason</th>
            <th scope="col">Object</th>
            <th scope="col">Message</th>
          </tr>
        </thead>
        <tbody>
          {events.map(
            ({ metadata, type, reason, message, involvedObject: about, lastTimestamp, count }) => (
              <tr key={`${metadata.namespace}/${metadata.name}`}>
                <td className="number">{ageText(nowSeconds - secondsOf(lastTimestamp))}</td>
                <td>
                  <span className={`badge ${type === "Warning" ? "warn" : ""}`}>
                    {type === "Warning" && "! "}
                    {type}
                  </span>
                </td>
                <td>{reason}</td>
                <td>
                  <button
                    type="button"
                    className="link"
                    onClick={() =>
                      useSelection
                        .getState()
                        .select(
                          keyFor(
                            about.kind,
                            about.kind === "Node" ? "" : about.namespace,
                            about.name,
                          ),
                        )
                    }
                  >
                    {about.kind.toLowerCase()}/{about.name}
                  </button>
                </td>
                <td className="wrap">
                  {message}
                  {count > 1 && <span className="muted"> (×{count})</span>}
                </td>
              </tr>
            ),
          )}
        </tbody>
      </table>
    </ScrollBox>
  );
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
