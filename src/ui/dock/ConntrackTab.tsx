import { useState } from "react";
import { useSelection } from "../../stores/selection";
import type { ConntrackRow, DeletedRow } from "../../worker/protocol";
import { Addresses } from "../parts/Addresses";
import { clockText, keyText } from "../parts/describe";
import { EndpointWarning, useEndpointNote } from "../parts/EndpointWarning";
import { RowsBox } from "../parts/RowsBox";
import { NodeBar, useShownNode } from "./NodeBar";
import { useNamed } from "./use-marks";
import { useNodeTables } from "./use-node-tables";

/** A node's connection tracking table, as `conntrack -L` lists it. */
export default function ConntrackTab() {
  const node = useShownNode();
  const tables = useNodeTables(node);
  const [showsChecks, setShowsChecks] = useState(false);
  const all = tables?.conntrack ?? [];
  const rows = showsChecks ? all : all.filter(({ ofCheck }) => !ofCheck);
  const ofChecks = all.filter(({ ofCheck }) => ofCheck).length;
  return (
    <>
      <NodeBar>
        <span className="muted">{tables && countText(rows.length)}</span>
        {ofChecks > 0 && (
          <button
            type="button"
            className="button small"
            aria-pressed={showsChecks}
            onClick={() => setShowsChecks(!showsChecks)}
          >
            {showsChecks ? "Hide" : "Show"} {ofChecks} of probes and health checks
          </button>
        )}
      </NodeBar>
      <RowsBox label={`conntrack entries of ${node}`}>
        {tables && rows.length === 0 && (
          <p className="empty">
            {node} tracks no connection at this moment
            {ofChecks > 0 && ", save those of probes and health checks"}.
          </p>
        )}
        {rows.length > 0 && (
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
              {rows.map((row) => (
                <Entry key={`${row.original} ${row.reply}`} row={row} />
              ))}
            </tbody>
          </table>
        )}
        {tables && tables.deletedEntries.length > 0 && (
          <DeletedEntries node={node} rows={tables.deletedEntries} />
        )}
      </RowsBox>
    </>
  );
}

/** What `conntrack -E` would have told of. */
function DeletedEntries({
  node,
  rows,
}: {
  readonly node: string;
  readonly rows: readonly DeletedRow[];
}) {
  return (
    <table className="data" aria-label={`Entries deleted on ${node}`}>
      <thead>
        <tr>
          <th scope="col">Deleted at</th>
          <th scope="col">Why</th>
          <th scope="col">Entry</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ atUs, text, why }) => (
          <tr key={`${atUs} ${text}`}>
            <td className="mono">{clockText(atUs)}</td>
            <td className="wrap">{why}</td>
            <td className="mono">{text}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function countText(count: number): string {
  return count === 1 ? "1 entry" : `${count} entries`;
}

function Entry({ row }: { readonly row: ConntrackRow }) {
  const { protocol, state, secondsLeft, original, reply, nat, text } = row;
  // Who answers in truth comes first: the reply's source.
  const { keys, mark } = useNamed()(`${reply} ${original}`);
  const names = keys.map(keyText).join(", ");
  const note = useEndpointNote(text);
  return (
    <>
      <tr title={text} className={mark}>
        <td>
          <button
            type="button"
            className="link"
            data-pick
            title={names ? `Select ${names}` : "No object has these addresses"}
            disabled={keys.length === 0}
            onClick={() => useSelection.getState().selectTogether(keys)}
          >
            {protocol}
            <span className="visually-hidden">: select {names}</span>
          </button>
        </td>
        <td>{state}</td>
        <td className="number">{Math.round(secondsLeft)}</td>
        <td className="mono">
          <Addresses text={original} />
        </td>
        <td className="mono">
          <Addresses text={reply} />
        </td>
        <td className={`nat ${nat.includes("DNAT") ? "dnat" : "snat"}`}>{nat}</td>
      </tr>
      {note !== undefined && (
        <tr className="note-row">
          <td colSpan={6}>
            <EndpointWarning line={text} />
          </td>
        </tr>
      )}
    </>
  );
}
