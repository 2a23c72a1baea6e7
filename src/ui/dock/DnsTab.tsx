import { useState } from "react";
import { useSelection } from "../../stores/selection";
import { Addresses } from "../parts/Addresses";
import { RowsBox } from "../parts/RowsBox";
import { DnsQueries } from "./DnsQueries";
import { useAsked } from "./use-asked";
import { useKeyMark, useNamed } from "./use-marks";

/** The followed request's lookups, and what the cluster's DNS answers at this moment. */
export default function DnsTab() {
  const records = useAsked("dns", (simulation) => simulation.dnsRecords());
  const markOf = useKeyMark();
  const named = useNamed();
  const [filter, setFilter] = useState("");
  const wanted = filter.trim().toLowerCase();
  const shown = (records ?? []).filter(({ name, type, value }) =>
    `${name} ${type} ${value}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <div className="dock-bar">
        <input
          className="field"
          type="search"
          placeholder="Filter records"
          aria-label="Filter DNS records"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
        <span className="muted">{shown.length} records of cluster.local</span>
      </div>
      <RowsBox label="DNS records">
        <DnsQueries />
        {!records && <p className="empty">Asking the cluster's DNS …</p>}
        {records && shown.length === 0 && <p className="empty">No such record.</p>}
        {shown.length > 0 && (
          <table className="data" aria-label="DNS records">
            <thead>
              <tr>
                <th scope="col">Service</th>
                <th scope="col">Type</th>
                <th scope="col">Name</th>
                <th scope="col">Answer</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ name, type, value, service }) => {
                const key = `Service/${service}`;
                return (
                  <tr
                    key={`${service} ${name} ${type} ${value}`}
                    data-key={key}
                    className={markOf(key, ...named(value).keys)}
                  >
                    <td>
                      <button
                        type="button"
                        className="link"
                        data-pick
                        onClick={() => useSelection.getState().select(key)}
                      >
                        {service}
                      </button>
                    </td>
                    <td>{type}</td>
                    <td className="mono">{name}</td>
                    <td className="mono">
                      <Addresses text={value} />
                    </td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
      </RowsBox>
    </>
  );
}
