import { useState } from "react";
import { useSelection } from "../../stores/selection";
import { ScrollBox } from "../parts/ScrollBox";
import { useAsked } from "./use-asked";

/** What the cluster's DNS answers at this moment. */
export default function DnsTab() {
  const records = useAsked("dns", (simulation) => simulation.dnsRecords());
  const selected = useSelection((state) => state.selected);
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
      <ScrollBox label="DNS records">
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
                    className={key === selected ? "selected" : ""}
                  >
                    <td>
                      <button
                        type="button"
                        className="link"
                        onClick={() => useSelection.getState().select(key)}
                      >
                        {service}
                      </button>
                    </td>
                    <td>{type}</td>
                    <td className="mono">{name}</td>
                    <td className="mono">{value}</td>
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
      </ScrollBox>
    </>
  );
}
