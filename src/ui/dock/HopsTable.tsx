import { formatPacket } from "../../core/net/packet";
import { jump, usePlayback } from "../../stores/playback";
import { showInspector } from "../../stores/view";
import { clockText } from "../parts/describe";
import { ScrollBox } from "../parts/ScrollBox";

/** Every followed hop with its time and headers, side by side. */
export default function HopsTable() {
  const hops = usePlayback((state) => state.hops);
  const index = usePlayback((state) => state.index);
  if (hops.length === 0)
    return (
      <p className="empty">Send a request: its hops are listed here with times and headers.</p>
    );
  return (
    <ScrollBox label="Hops in detail">
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
          {hops.map((hop, position) => {
            const [before, after] = [formatPacket(hop.before), formatPacket(hop.after)];
            return (
              <tr key={hop.index} className={position === index ? "current" : undefined}>
                <td className="number">{position + 1}</td>
                <td className="mono">
                  {clockText(hop.atUs)}
                  <span className="muted">{String(hop.atUs % 1000).padStart(3, "0")}</span>
                </td>
                <td>{hop.node}</td>
                <td>
                  <button
                    type="button"
                    className="link"
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
                  {after === before ? (
                    <span className="muted">unchanged</span>
                  ) : (
                    <strong>{after}</strong>
                  )}
                </td>
                <td className="number">
                  {hop.rulesTested > 0 ? `${hop.rulesMatched}/${hop.rulesTested}` : ""}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </ScrollBox>
  );
}
