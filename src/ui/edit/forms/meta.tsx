import { objectsOf, useMirror } from "../../../stores/mirror";
import { SelectField, TextField } from "../fields";
import { useForm } from "../form-context";
import { formatPairs, parsePairs } from "../text-values";

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
      <TextField
        label="Labels"
        path={["metadata", "labels"]}
        parse={parsePairs}
        format={formatPairs}
        placeholder="app=web, tier=front"
      />
    </>
  );
}
