import { jump, usePlayback } from "../../stores/playback";
import { showInspector } from "../../stores/view";
import { dnsQueriesOf } from "./dns-queries";

/** The lookups of the request that is followed. A row leads to the hop that sent the query. */
export function DnsQueries() {
  const journey = usePlayback((state) => state.journey);
  const hops = usePlayback((state) => state.hops);
  const queries = dnsQueriesOf(journey?.hops ?? []);
  if (queries.length === 0) return null;
  return (
    <table className="data" aria-label="Queries of the followed request">
      <caption>Queries of the followed request</caption>
      <thead>
        <tr>
          <th scope="col">Asks</th>
          <th scope="col">Type</th>
          <th scope="col">Name</th>
          <th scope="col">Nameserver</th>
          <th scope="col">Reaches</th>
          <th scope="col">Answer</th>
        </tr>
      </thead>
      <tbody>
        {queries.map(({ hop, client, type, name, nameserver, server, answer }) => {
          const position = hops.findIndex(({ index }) => index === hop);
          return (
            <tr key={hop}>
              <td>
                <button
                  type="button"
                  className="link"
                  data-pick
                  disabled={position < 0}
                  onClick={() => {
                    jump(position);
                    showInspector("packet");
                  }}
                >
                  {client}
                </button>
              </td>
              <td>{type}</td>
              <td className="mono">{name}</td>
              <td className="mono">{nameserver}</td>
              <td>{server ?? "nobody"}</td>
              <td className="mono">{answer ?? "none"}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
