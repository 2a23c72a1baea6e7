import { objectsOf, useMirror } from "../../../stores/mirror";
import { PairsField, SelectField, TextField } from "../fields";
import { useForm, useValue } from "../form-context";
import { isJson, type Path } from "../manifest";

/** Name, namespace where the kind has one, labels. */
export function MetaFields({ namespaced }: { readonly namespaced: boolean }) {
  const { exists } = useForm();
  const namespaces = useMirror((state) => objectsOf(state.records, "Namespace"));
  const names = namespaces.map(({ metadata }) => [metadata.name, metadata.name] as const);
  return (
    <>
      <TextField label="Name" path={["metadata", "name"]} fixed />
      {namespaced && !exists && (
        <SelectField label="Namespace" path={["metadata", "namespace"]} options={names} />
      )}
      <PairsField
        label="Labels"
        path={["metadata", "labels"]}
        placeholder="app=web, tier=front"
        hint={<SelectedBy path={["metadata", "labels"]} ofPods="Pod" />}
      />
    </>
  );
}

interface SelectedByProps {
  readonly path: Path;
  /** Labels of that kind are a pod's own; of others they mean nothing to a Service. */
  readonly ofPods?: string;
}

/** Which Services would send to a pod with these labels. */
export function SelectedBy({ path, ofPods }: SelectedByProps) {
  const { manifest } = useForm();
  const labels = useValue(path);
  const namespace = String(useValue(["metadata", "namespace"]) ?? "default");
  const services = useMirror((state) => objectsOf(state.records, "Service"));
  if (ofPods !== undefined && manifest.kind !== ofPods) return null;
  const names = services.flatMap(({ metadata, spec: { selector = {} } }) => {
    const pairs = Object.entries(selector);
    const isMet = pairs.every(([key, value]) => isJson(labels) && labels[key] === value);
    return metadata.namespace === namespace && pairs.length > 0 && isMet ? [metadata.name] : [];
  });
  return (
    <output className={names.length > 0 ? "match" : ""}>
      {names.length > 0
        ? `selected by Service ${names.join(", ")}`
        : `no Service in ${namespace} selects it`}
    </output>
  );
}
