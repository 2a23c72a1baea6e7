import { SelectField, TextField } from "../fields";
import { useForm } from "../form-context";
import { Section } from "../Section";
import { SelectorField } from "../SelectorField";
import {
  SERVICE_TYPES,
  type ServiceTypeChoice,
  serviceTypeOf,
  withServiceType,
} from "../service-type";
import { MetaFields } from "./meta";
import { ServiceAddresses, ServiceTraffic } from "./ServiceFields";
import { ServicePorts } from "./ServicePorts";

const TYPES = SERVICE_TYPES.map((type) => [type, type] as const);

export function ServiceForm() {
  const { manifest, set, exists } = useForm();
  const type = serviceTypeOf(manifest);
  // The API server would keep its "None" without a word.
  const types =
    exists && type === "Headless" ? TYPES.filter(([one]) => one !== "ClusterIP") : TYPES;
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
        <>
          <TextField
            label="External name"
            path={["spec", "externalName"]}
            placeholder="db.example.com"
            hint="Only DNS knows this Service: its name is another name for this one."
          />
          <Section title="Ports, which nobody translates" paths={[["spec", "ports"]]}>
            <ServicePorts hasNodePorts={false} />
          </Section>
        </>
      ) : (
        <>
          <SelectorField label="Selector" path={["spec", "selector"]} />
          <ServicePorts hasNodePorts={type === "NodePort" || type === "LoadBalancer"} />
          <ServiceTraffic type={type} />
          <ServiceAddresses type={type} />
        </>
      )}
    </>
  );
}
