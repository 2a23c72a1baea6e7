import { NumberField, SelectField, TextField } from "../fields";
import { useForm, useValue } from "../form-context";
import { type Json, setAt } from "../manifest";
import { Rows } from "../Rows";
import { SelectorField } from "../SelectorField";
import {
  SERVICE_TYPES,
  type ServiceTypeChoice,
  serviceTypeOf,
  withServiceType,
} from "../service-type";
import { parseNumber } from "../text-values";
import { MetaFields } from "./meta";

const TYPES = SERVICE_TYPES.map((type) => [type, type] as const);
const PROTOCOLS = [
  ["", "TCP"],
  ["UDP", "UDP"],
] as const;
const POLICIES = [
  ["", "Cluster (default)"],
  ["Cluster", "Cluster"],
  ["Local", "Local"],
] as const;
const AFFINITIES = [
  ["", "None (default)"],
  ["None", "None"],
  ["ClientIP", "ClientIP"],
] as const;

export function ServiceForm() {
  const { manifest, set, exists } = useForm();
  const type = serviceTypeOf(manifest);
  // The API server would keep its "None" without a word.
  const types =
    exists && type === "Headless" ? TYPES.filter(([one]) => one !== "ClusterIP") : TYPES;
  const isExternal = type === "NodePort" || type === "LoadBalancer";
  const sticky = useValue(["spec", "sessionAffinity"]) === "ClientIP";
  return (
    <>
      <MetaFields namespaced />
      <SelectField
        label="Type"
        path={["spec", "type"]}
        options={types}
        value={type}
        onChange={(value) => set([], withServiceType(manifest, value as ServiceTypeChoice))}
      />
      {type === "ExternalName" ? (
        <TextField
          label="External name"
          path={["spec", "externalName"]}
          placeholder="db.example.com"
          hint="Only DNS knows this Service: its name is another name for this one."
        />
      ) : (
        <>
          <SelectorField label="Selector" path={["spec", "selector"]} />
          <Ports hasNodePorts={isExternal} />
          {isExternal && (
            <SelectField
              label="externalTrafficPolicy"
              path={["spec", "externalTrafficPolicy"]}
              options={POLICIES}
            />
          )}
          <SelectField
            label="internalTrafficPolicy"
            path={["spec", "internalTrafficPolicy"]}
            options={POLICIES}
          />
          <div className="form-grid">
            <SelectField
              label="sessionAffinity"
              path={["spec", "sessionAffinity"]}
              options={AFFINITIES}
              onChange={(value) => set([], withAffinity(manifest, value))}
            />
            {sticky && (
              <NumberField
                label="Affinity timeout (s)"
                path={["spec", "sessionAffinityConfig", "clientIP", "timeoutSeconds"]}
                placeholder="10800"
              />
            )}
          </div>
        </>
      )}
    </>
  );
}

function withAffinity(manifest: Json, value: string): unknown {
  const chosen = setAt(manifest, ["spec", "sessionAffinity"], value || undefined);
  return value === "ClientIP"
    ? chosen
    : setAt(chosen, ["spec", "sessionAffinityConfig"], undefined);
}

function Ports({ hasNodePorts }: { readonly hasNodePorts: boolean }) {
  return (
    <Rows
      title="Ports"
      one="Port"
      path={["spec", "ports"]}
      fresh={(count) => ({ name: `port-${count + 1}`, port: 80 + count })}
    >
      {(row) => (
        <>
          <NumberField label="Port" path={[...row, "port"]} />
          <TextField
            label="targetPort"
            path={[...row, "targetPort"]}
            parse={parseNumber}
            placeholder="as port, or a name"
          />
          <TextField label="Port name" path={[...row, "name"]} placeholder="http" />
          <SelectField label="Protocol" path={[...row, "protocol"]} options={PROTOCOLS} />
          {hasNodePorts && (
            <NumberField label="nodePort" path={[...row, "nodePort"]} placeholder="any free one" />
          )}
        </>
      )}
    </Rows>
  );
}
