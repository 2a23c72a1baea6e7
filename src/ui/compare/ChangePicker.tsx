import { useId } from "react";
import { setUp, useCompare } from "../../stores/compare";
import { findObject, type MirrorRecords } from "../../stores/mirror";
import { keyOf } from "../../stores/related";
import { keyText } from "../parts/describe";
import type { ChangeKind } from "./change-kind";
import { changeable, changesOf } from "./changes";
import { YamlChange } from "./YamlChange";

/** What is to be different: one thing of one object, or any YAML. */
export function ChangePicker({ records }: { readonly records: MirrorRecords }) {
  const { object: chosen, change } = useCompare((state) => state.setup);
  const objects = changeable(records);
  const kinds = [...new Set(objects.map(({ kind }) => kind))];
  const object = objects.find((one) => keyOf(one) === chosen);
  const changes = object ? changesOf(object, records) : [];
  const current = changes.find(({ id }) => id === change);
  const isGone = chosen !== "" && chosen !== "yaml" && !object;

  function chooseObject(key: string): void {
    const next = objects.find((one) => keyOf(one) === key);
    const [first] = next ? changesOf(next, records) : [];
    setUp({ object: key, change: first?.id ?? "", value: first?.value?.initial ?? "" });
  }

  function chooseChange(id: string): void {
    const next = changes.find((one) => one.id === id);
    setUp({ change: id, value: next?.value?.initial ?? "" });
  }

  return (
    <>
      <label>
        Change{" "}
        <select
          className="field"
          aria-label="Object to change"
          value={chosen}
          onChange={(event) => chooseObject(event.target.value)}
        >
          <option value="">choose an object …</option>
          {isGone && <option value={chosen}>{keyText(chosen)} (not there then)</option>}
          {kinds.map((kind) => (
            <optgroup key={kind} label={kind}>
              {objects
                .filter((one) => one.kind === kind)
                .map((one) => (
                  <option key={keyOf(one)} value={keyOf(one)}>
                    {one.metadata.namespace === "kube-system" ? "kube-system/" : ""}
                    {one.metadata.name}
                  </option>
                ))}
            </optgroup>
          ))}
          <option value="yaml">any object, as YAML …</option>
        </select>
      </label>
      {object && (
        <label>
          What{" "}
          <select
            className="field"
            aria-label="What to change"
            value={change}
            onChange={(event) => chooseChange(event.target.value)}
          >
            {changes.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </label>
      )}
      {current?.value && <ValueField value={current.value} />}
      {chosen === "yaml" && <YamlChange records={records} />}
    </>
  );
}

function ValueField({ value }: { readonly value: NonNullable<ChangeKind["value"]> }) {
  const text = useCompare((state) => state.setup.value);
  const id = useId();
  const { label, choices } = value;
  return (
    <div className="compare-value">
      <label htmlFor={id}>{choices ? "to" : label}</label>
      {choices ? (
        <select
          id={id}
          className="field"
          aria-label={`${label}, to be`}
          value={text}
          onChange={(event) => setUp({ value: event.target.value })}
        >
          {choices.map((choice) => (
            <option key={choice}>{choice}</option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          className="field"
          value={text}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setUp({ value: event.target.value })}
        />
      )}
    </div>
  );
}

/** The change as chosen, and in words; undefined while something is missing. */
export function useChosenChange(records: MirrorRecords) {
  const { object: key, change: id, value, yaml } = useCompare((state) => state.setup);
  if (key === "yaml") {
    const edit = { type: "apply", yaml } as const;
    return yaml.trim() === "" ? undefined : { label: "the YAML as edited", edit };
  }
  const object = key === "" ? undefined : findObject(records, key);
  const change = object && changesOf(object, records).find((one) => one.id === id);
  const edit = change?.edit(value);
  if (!object || !change || !edit) return undefined;
  const words = change.value ? `${change.label} ${value.trim()}` : change.label;
  return { label: `${object.kind} ${object.metadata.name}: ${words}`, edit };
}
