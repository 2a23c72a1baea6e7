import { useState } from "react";
import type { Service } from "../../core/api/types";
import type { ClientsSeen as Seen, SeenClient } from "../../core/cluster/clients-seen";
import { keyOf } from "../../stores/related";
import { useAsked } from "../dock/use-asked";
import { placeText } from "../parts/describe";
import { ScrollBox } from "../parts/ScrollBox";
import { whySeen } from "./why-seen";
import "./small-table.css";

/** Whom the pods behind a Service take for their client, by each way in: the simulation sends requests and looks. */
export function ClientsSeen({ service }: { readonly service: Service }) {
  const [open, setOpen] = useState(false);
  const key = keyOf(service);
  const ways = useAsked(open ? `clients/${key}` : "", (simulation) => simulation.clientsSeen(key));
  if (service.spec.type === "ExternalName") return null;
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Who do the pods see as their client?</summary>
      {open && !ways && <p className="muted">Trying every way …</p>}
      {ways?.length === 0 && <p className="muted">There is no way in that could be tried.</p>}
      {ways && ways.length > 0 && (
        <ScrollBox label="Clients that the pods see">
          <table className="small-table clients-seen">
            <thead>
              <tr>
                <th scope="col">By</th>
                <th scope="col">The pod sees</th>
                <th scope="col">Why</th>
              </tr>
            </thead>
            <tbody>
              {ways.map((way) => (
                <WayRow key={way.way} way={way} service={service} />
              ))}
            </tbody>
          </table>
        </ScrollBox>
      )}
    </details>
  );
}

function WayRow({ way, service }: { readonly way: Seen; readonly service: Service }) {
  const { seen, failure } = way;
  return (
    <tr>
      <th scope="row" title={`${way.from} to ${way.to}`}>
        {way.way}
        <br />
        <span className="muted">
          from {placeText(way.from)} ({way.fromIp})
        </span>
      </th>
      <td>
        {seen.map((one) => (
          <div key={one.ip}>
            <span className="mono">{one.ip}</span> {ownerText(one, way)}
          </div>
        ))}
        {failure !== undefined && (
          <div className="muted">
            {seen.length === 0 ? "nobody: " : "some get no answer: "}
            {failure}
          </div>
        )}
      </td>
      <td>{seen.length > 0 && whySeen(way, service)}</td>
    </tr>
  );
}

function ownerText({ owner, ip }: SeenClient, { fromIp }: Seen): string {
  if (ip === fromIp) return "the client itself";
  return owner === undefined ? "" : placeText(owner);
}
