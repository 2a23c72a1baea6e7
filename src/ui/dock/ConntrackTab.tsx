import { ScrollBox } from "../parts/ScrollBox";
import { NodeBar, useShownNode } from "./NodeBar";
import { useAddressMark } from "./use-marks";
import { useNodeTables } from "./use-node-tables";

/** A node's connection tracking table, as `conntrack -L` lists it. */
export default function ConntrackTab() {
  const node = useShownNode();
  const tables = useNodeTables(node);
  const markOf = useAddressMark();
  return (
    <>
      <NodeBar>
        <span className="muted">{tables && `${tables.conntrack.length} entries`}</span>
      </NodeBar>
      <ScrollBox label={`conntrack entries of ${node}`}>
        {tables?.conntrack.length === 0 && (
          <p className="empty">{node} tracks no connection at this moment.</p>
        )}
        {tables && tables.conntrack.length > 0 && (
          <table className="data" aria-label={`conntrack on ${node}`}>
            <thead>
              <tr>
                <th scope="col">Protocol</th>
                <th scope="col">State</th>
                <th scope="col" className="number">
                  Seconds left
                </th>
                <th scope="col">Original direction</th>
                <th scope="col">Reply expected as</th>
                <th scope="col">NAT</th>
              </tr>
            </thead>
            <tbody>
              {tables.conntrack.map((row) => (
                <tr
                  key={row.text}
                  title={row.text}
                  className={markOf(`${row.original} ${row.reply}`)}
                >
                  <td>{row.protocol}</td>
                  <td>{row.state}</td>
                  <td className="number">{Math.round(row.secondsLeft)}</td>
                  <td className="mono">{row.original}</td>
                  <td className="mono">{row.reply}</td>
                  <td className={`nat ${row.nat.includes("DNAT") ? "dnat" : "snat"}`}>{row.nat}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </ScrollBox>
    </>
  );
}
