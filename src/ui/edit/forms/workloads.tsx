import { objectsOf, useMirror } from "../../../stores/mirror";
import { NumberField, NumberOrTextField, PairsField, SelectField } from "../fields";
import { useForm, useValue } from "../form-context";
import { isJson } from "../manifest";
import { Section } from "../Section";
import { SelectorField } from "../SelectorField";
import { MetaFields, SelectedBy } from "./meta";
import { PodSpecFields } from "./PodSpecFields";

export function PodForm() {
  const nodes = useMirror((state) => objectsOf(state.records, "Node"));
  const options = [
    ["", "the scheduler decides"],
    ...nodes.map(({ metadata }) => [metadata.name, metadata.name] as const),
  ] as const;
  return (
    <>
      <MetaFields namespaced />
      <SelectField label="Node" path={["spec", "nodeName"]} options={options} />
      <PodSpecFields path={["spec"]} />
    </>
  );
}

const STRATEGIES = [
  ["", "RollingUpdate (default)"],
  ["RollingUpdate", "RollingUpdate"],
  ["Recreate", "Recreate"],
] as const;

export function DeploymentForm() {
  const { set } = useForm();
  const strategy = useValue(["spec", "strategy"]);
  const isRecreated = isJson(strategy) && strategy.type === "Recreate";
  return (
    <>
      <MetaFields namespaced />
      <NumberField label="Replicas" path={["spec", "replicas"]} placeholder="1" />
      <TemplateFields />
      <Section title="How pods are replaced" paths={[["spec", "strategy"]]}>
        <div className="form-grid">
          <SelectField
            label="Strategy"
            path={["spec", "strategy", "type"]}
            options={STRATEGIES}
            onChange={(type) => set(["spec", "strategy"], withType(strategy, type))}
          />
          {!isRecreated && (
            <>
              <NumberOrTextField
                label="maxSurge"
                path={["spec", "strategy", "rollingUpdate", "maxSurge"]}
                placeholder="25%"
              />
              <NumberOrTextField
                label="maxUnavailable"
                path={["spec", "strategy", "rollingUpdate", "maxUnavailable"]}
                placeholder="25%"
              />
            </>
          )}
        </div>
      </Section>
    </>
  );
}

/** Only rolling updates have amounts. */
function withType(strategy: unknown, type: string): unknown {
  const rollingUpdate =
    isJson(strategy) && type !== "Recreate" ? strategy.rollingUpdate : undefined;
  if (type === "" && rollingUpdate === undefined) return undefined;
  return { ...(type !== "" && { type }), ...(rollingUpdate !== undefined && { rollingUpdate }) };
}

export function ReplicaSetForm() {
  return (
    <>
      <MetaFields namespaced />
      <NumberField label="Replicas" path={["spec", "replicas"]} placeholder="1" />
      <TemplateFields />
    </>
  );
}

export function DaemonSetForm() {
  return (
    <>
      <MetaFields namespaced />
      <TemplateFields />
    </>
  );
}

/** Which pods are its own, and what they are made from. */
function TemplateFields() {
  return (
    <>
      <SelectorField label="Selector" path={["spec", "selector", "matchLabels"]} isWorkload />
      <PairsField
        label="Labels of its pods"
        path={["spec", "template", "metadata", "labels"]}
        placeholder="app=web"
        hint={<SelectedBy path={["spec", "template", "metadata", "labels"]} />}
      />
      <PodSpecFields path={["spec", "template", "spec"]} />
    </>
  );
}
