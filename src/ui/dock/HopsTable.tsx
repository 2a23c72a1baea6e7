import { formatPacket } from "../../core/net/packet";
import { keyOfPlace } from "../../stores/owners";
import { jump, usePlayback } from "../../stores/playback";
import { useSelection } from "../../stores/selection";
import { useTouches } from "../../stores/touched-hops";
import { showInspector } from "../../stores/view";
import type { HopView } from "../../worker/protocol";
import { clockText, keyText } from "../parts/describe";
import { RowsBox } from "../parts/RowsBox";

/** Every followed hop with its time and headers, side by side; marked where the selected object has to do with it. */
export default function HopsTable() {
  const hops = usePlayback((state) => state.hops);
  const index = usePlayback((state) => state.index);
  const touches = useTouches();
  if (hops.length === 0)
    return (
      <p className="empty">Send a request: its hops are listed here with times and headers.</p>
    );
  return (
    <RowsBox label="Hops in detail">
      <table className="data" aria-label="Hops with times and headers">
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">Time</th>
            <th scope="col">Node</th>
            <th scope="col">What</th>
            <th scope="col">Packet</th>
            <th scope="col">In</th>
            <th scope="col">Out</th>
            <th scope="col">Rules</th>
          </tr>
        </thead>
        <tbody>
          {hops.map((hop, position) => (
            <HopRow
              key={hop.index}
              hop={hop}
              position={position}
              isCurrent={position === index}
              isTouched={touches(hop)}
            />
          ))}
        </tbody>
      </table>
    </RowsBox>
  );
}

interface HopRowProps {
  readonly hop: HopView;
  readonly position: number;
  readonly isCurrent: boolean;
  readonly isTouched: boolean;
}

function HopRow({ hop, position, isCurrent, isTouched }: HopRowProps) {
  const [before, after] = [formatPacket(hop.before), formatPacket(hop.after)];
  const key = keyOfPlace(hop.place);
  return (
    <tr className={`${isCurrent ? "current" : ""} ${isTouched ? "selected" : ""}`.trim()}>
      <td className="number">
        {position + 1}
        {isTouched && <span className="visually-hidden"> has to do with what is selected</span>}
      </td>
      <td className="mono">
        {clockText(hop.atUs)}
        <span className="muted">{String(hop.atUs % 1000).padStart(3, "0")}</span>
      </td>
      <td>
        {key ? (
          <button
            type="button"
            className="link"
            title={`Select ${keyText(key)}`}
            onClick={() => useSelection.getState().select(key)}
          >
            {hop.node}
          </button>
        ) : (
          hop.node
        )}
      </td>
      <td>
        <button
          type="button"
          className="link"
          data-pick
          onClick={() => {
            jump(position);
            showInspector("packet");
          }}
        >
          {hop.kind}
        </button>
      </td>
      <td>{hop.role}</td>
      <td className="mono">{before}</td>
      <td className="mono">
        {after === before ? <span className="muted">unchanged</span> : <strong>{after}</strong>}
      </td>
      <td className="number">
        {hop.rulesTested > 0 ? `${hop.rulesMatched}/${hop.rulesTested}` : ""}
      </td>
    </tr>
  );
}
