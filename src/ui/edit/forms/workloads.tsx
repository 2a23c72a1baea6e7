import { objectsOf, useMirror } from "../../../stores/mirror";
import { NumberField, SelectField, TextField } from "../fields";
import { SelectorField } from "../SelectorField";
import { formatPairs, parsePairs } from "../text-values";
import { MetaFields } from "./meta";
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

export function DeploymentForm() {
  return (
    <>
      <MetaFields namespaced />
      <NumberField label="Replicas" path={["spec", "replicas"]} />
      <SelectorField label="Selector" path={["spec", "selector", "matchLabels"]} />
      <TextField
        label="Labels of its pods"
        path={["spec", "template", "metadata", "labels"]}
        parse={parsePairs}
        format={formatPairs}
        placeholder="app=web"
      />
      <PodSpecFields path={["spec", "template", "spec"]} />
    </>
  );
}
