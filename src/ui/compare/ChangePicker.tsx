import { useEffect, useId, useMemo, useState } from "react";
import { type MirrorRecords, objectsOf } from "../../stores/mirror";
import { keyOf } from "../../stores/related";
import { useSession } from "../../stores/session";
import type { Edit } from "../../worker/what-if-protocol";
import { changeChoices } from "./changes";

interface ChangePickerProps {
  readonly records: MirrorRecords;
  readonly onChange: (change: { label: string; edit: Edit } | undefined) => void;
}

const BY_HAND = "yaml";

/** What is to be different: one of the usual suspects, or any YAML. */
export function ChangePicker({ records, onChange }: ChangePickerProps) {
  const choices = useMemo(() => changeChoices(records), [records]);
  const [value, setValue] = useState("");
  const [yaml, setYaml] = useState("");
  const isByHand = value === BY_HAND;
  const groups = [...new Set(choices.map(({ group }) => group))];

  function pick(next: string): void {
    setValue(next);
    const choice = choices.find(({ label }) => label === next);
    if (next === BY_HAND) onChange(yamlEdit(yaml));
    else onChange(choice && { label: choice.label, edit: choice.edit });
  }

  return (
    <>
      <label>
        Change{" "}
        <select
          className="field"
          aria-label="What to change"
          value={value}
          onChange={(event) => pick(event.target.value)}
        >
          <option value="">choose …</option>
          {groups.map((group) => (
            <optgroup key={group} label={group}>
              {choices
                .filter((choice) => choice.group === group)
                .map(({ label }) => (
                  <option key={label} value={label}>
                    {label}
                  </option>
                ))}
            </optgroup>
          ))}
          <option value={BY_HAND}>any object, as YAML …</option>
        </select>
      </label>
      {isByHand && (
        <YamlChange
          records={records}
          yaml={yaml}
          onChange={(text) => {
            setYaml(text);
            onChange(yamlEdit(text));
          }}
        />
      )}
    </>
  );
}

function yamlEdit(yaml: string): { label: string; edit: Edit } | undefined {
  if (yaml.trim() === "") return undefined;
  return { label: "the YAML as edited", edit: { type: "apply", yaml } };
}

interface YamlChangeProps {
  readonly records: MirrorRecords;
  readonly yaml: string;
  readonly onChange: (yaml: string) => void;
}

const EDITED_KINDS = ["Service", "Deployment", "Pod", "Node"] as const;

/** An object's YAML to begin with, to be edited here and applied to the copy only. */
function YamlChange({ records, yaml, onChange }: YamlChangeProps) {
  const id = useId();
  const simulation = useSession((state) => state.simulation);
  const [key, setKey] = useState("");
  const keys = EDITED_KINDS.flatMap((kind) => objectsOf(records, kind).map(keyOf));
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another object begins anew
  useEffect(() => {
    if (key === "" || !simulation) return;
    let wanted = true;
    simulation.yaml(key).then(
      (text) => {
        if (wanted) onChange(text);
      },
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [key, simulation]);

  return (
    <div className="compare-yaml">
      <label>
        Object{" "}
        <select
          className="field"
          aria-label="Object to edit"
          value={key}
          onChange={(event) => setKey(event.target.value)}
        >
          <option value="">choose, or write below</option>
          {keys.map((one) => (
            <option key={one} value={one}>
              {one.replace("/", " ")}
            </option>
          ))}
        </select>
      </label>
      <label htmlFor={id} className="visually-hidden">
        YAML to apply to the copy
      </label>
      <textarea
        id={id}
        className="field mono"
        rows={8}
        spellCheck={false}
        value={yaml}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}
