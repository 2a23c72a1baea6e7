import { objectsOf, useMirror } from "../../../stores/mirror";
import { FlagField, NumberField, SelectField, TextField, WordsField } from "../fields";
import { useForm, useValue } from "../form-context";
import { Rows } from "../Rows";
import { MetaFields } from "./meta";
import { PROTOCOLS } from "./protocols";

const SERVICE_LABEL = "kubernetes.io/service-name";
const ADDRESS_TYPES = [
  ["IPv4", "IPv4"],
  ["IPv6", "IPv6"],
  ["FQDN", "FQDN"],
] as const;

/** Endpoints by hand, for a Service without selector. Those of a Service with one are its controller's. */
export function EndpointSliceForm() {
  const { exists } = useForm();
  const nodes = useMirror((state) => objectsOf(state.records, "Node"));
  const namespace = String(useValue(["metadata", "namespace"]) ?? "default");
  const services = useMirror((state) => objectsOf(state.records, "Service"));
  const managed = useValue(["metadata", "labels", "endpointslice.kubernetes.io/managed-by"]);
  const serviceNames = services
    .filter(({ metadata }) => metadata.namespace === namespace)
    .map(({ metadata }) => [metadata.name, metadata.name] as const);
  const nodeNames = nodes.map(({ metadata }) => ({ value: metadata.name }));
  return (
    <>
      {exists && managed !== undefined && (
        <p className="note">{String(managed)} writes this slice: it takes a change back.</p>
      )}
      <MetaFields namespaced />
      <div className="form-grid">
        <SelectField
          label="Service"
          path={["metadata", "labels", SERVICE_LABEL]}
          options={[["", "none"], ...serviceNames]}
        />
        <SelectField label="addressType" path={["addressType"]} options={ADDRESS_TYPES} />
      </div>
      <Rows
        title="Ports"
        one="Port"
        path={["ports"]}
        fresh={(count) => ({ name: count === 0 ? "" : `port-${count + 1}`, port: 80 + count })}
      >
        {(row) => (
          <>
            <NumberField label="Port" path={[...row, "port"]} placeholder="any" />
            <TextField
              label="Port name"
              path={[...row, "name"]}
              placeholder="as the Service's port"
            />
            <SelectField label="Protocol" path={[...row, "protocol"]} options={PROTOCOLS} />
          </>
        )}
      </Rows>
      <Rows
        title="Endpoints"
        one="Endpoint"
        path={["endpoints"]}
        fresh={(count) => ({ addresses: [`198.51.100.${20 + count}`] })}
      >
        {(row) => (
          <>
            <WordsField label="Addresses" path={[...row, "addresses"]} />
            <TextField
              label="Node"
              path={[...row, "nodeName"]}
              placeholder="none"
              choices={nodeNames}
            />
            <FlagField
              label="ready"
              path={[...row, "conditions", "ready"]}
              unset="true (unknown)"
            />
            <FlagField label="serving" path={[...row, "conditions", "serving"]} unset="as ready" />
            <FlagField
              label="terminating"
              path={[...row, "conditions", "terminating"]}
              unset="false (unknown)"
            />
            <TextField label="hostname" path={[...row, "hostname"]} placeholder="none" />
          </>
        )}
      </Rows>
    </>
  );
}
