import { useAccess } from "../../stores/access";
import { fabricOf, findNodeRuntime, objectsOf, useMirror } from "../../stores/mirror";
import { ObjectButton } from "../edit/ObjectButton";
import { hasPodRoutes, vpcRouteSwitch } from "../edit/object-actions";

/** The route table of the VPC. The rows for the nodes' pods come and go by a press. */
export function VpcRoutes() {
  const records = useMirror((state) => state.records);
  const locked = useAccess((state) => state.locked);
  const fabric = fabricOf(records);
  if (!fabric) return null;
  const { vpcCidr, natGateway } = fabric;
  const nodes = hasPodRoutes(records) ? objectsOf(records, "Node") : [];
  return (
    <section>
      <h2>Route table of the VPC</h2>
      <table className="vpc-routes" aria-label="Route table of the VPC">
        <tbody>
          <Row destination={vpcCidr} target="local" />
          <Row
            destination="0.0.0.0/0"
            target={natGateway ? `NAT gateway ${natGateway}` : "internet gateway"}
          />
          {nodes.map(({ metadata: { name }, spec: { podCIDR = "" } }) => {
            const { vpcRoute = false } = findNodeRuntime(records, name) ?? {};
            return (
              <tr key={name} className={vpcRoute ? "" : "muted"}>
                <th scope="row">{podCIDR || "no pod CIDR"}</th>
                <td>{vpcRoute ? name : `no route to ${name}’s pods`}</td>
                <td>
                  {!locked && (
                    <ObjectButton object={`Node/${name}`} action={vpcRouteSwitch(name, vpcRoute)}>
                      {vpcRoute ? "Remove" : "Add"}
                      <span className="visually-hidden"> the route to the pods of {name}</span>
                    </ObjectButton>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}

function Row({ destination, target }: { readonly destination: string; readonly target: string }) {
  return (
    <tr>
      <th scope="row">{destination}</th>
      <td colSpan={2}>{target}</td>
    </tr>
  );
}
