import type { ContainerPort, Pod } from "../../../core/api/types";
import { useEdit } from "../../../stores/edit";
import { findObject, useMirror } from "../../../stores/mirror";
import { NumberField, NumberOrTextField, SelectField, TextField } from "../fields";
import { useValue } from "../form-context";
import type { Path } from "../manifest";
import { Rows } from "../Rows";
import { PROTOCOLS } from "./protocols";

export function ServicePorts({ hasNodePorts }: { readonly hasNodePorts: boolean }) {
  const declared = useMatchingPorts();
  const choices = [...new Set(declared.flatMap(({ name, containerPort }) => [name, containerPort]))]
    .filter((one) => one !== undefined)
    .map((one) => ({ value: String(one), label: wordsOf(one, declared) }));
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
          <NumberOrTextField
            label="targetPort"
            path={[...row, "targetPort"]}
            placeholder="as port, or a name"
            choices={choices}
            hint={<TargetPortHint path={[...row, "targetPort"]} declared={declared} />}
          />
          <TextField label="Port name" path={[...row, "name"]} placeholder="http" />
          <SelectField label="Protocol" path={[...row, "protocol"]} options={PROTOCOLS} />
          {hasNodePorts && (
            <NumberField label="nodePort" path={[...row, "nodePort"]} placeholder="any free one" />
          )}
          <TextField label="appProtocol" path={[...row, "appProtocol"]} placeholder="none" />
        </>
      )}
    </Rows>
  );
}

/** The ports that containers of the pods declare which the selector matches now. */
function useMatchingPorts(): readonly ContainerPort[] {
  const matching = useEdit((state) => state.matching);
  const records = useMirror((state) => state.records);
  return matching
    .flatMap((key) => findObject<"Pod">(records, key) ?? [])
    .flatMap(({ spec }: Pod) => spec.containers.flatMap(({ ports = [] }) => ports));
}

/** A name stands for a number in each pod of its own. */
function TargetPortHint({
  path,
  declared,
}: {
  readonly path: Path;
  readonly declared: readonly ContainerPort[];
}) {
  const value = useValue(path);
  const matching = useEdit((state) => state.matching.length);
  if (typeof value !== "string" || value === "" || matching === 0) return null;
  const numbers = declared.flatMap(({ name, containerPort }) =>
    name === value ? [containerPort] : [],
  );
  return numbers.length > 0 ? (
    <output className="match">is {[...new Set(numbers)].join(" or ")} in the matching pods</output>
  ) : (
    <output className="no-match">no matching pod has a port of this name</output>
  );
}

function wordsOf(one: string | number, declared: readonly ContainerPort[]): string {
  const found = declared.find(({ name, containerPort }) => name === one || containerPort === one);
  if (!found) return "";
  return typeof one === "string" ? `${found.containerPort}/${found.protocol}` : (found.name ?? "");
}
