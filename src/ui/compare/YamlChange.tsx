import { formatManifest } from "../../scenario/format-manifest";
import { setUp, useCompare } from "../../stores/compare";
import { findObject, type MirrorRecords } from "../../stores/mirror";
import { keyOf } from "../../stores/related";
import { LazyEditor } from "../editor/LazyEditor";
import { keyText } from "../parts/describe";
import { changeable } from "./changes";

const NO_ERRORS = [] as const;

/** Objects as they were then, to be edited here and applied to the copy only. */
export function YamlChange({ records }: { readonly records: MirrorRecords }) {
  const yaml = useCompare((state) => state.setup.yaml);
  const report = useCompare((state) => state.report);
  const request = useCompare((state) => state.request);
  const isAbout = request?.edit.type === "apply" && request.edit.yaml === yaml;
  const errors = isAbout && report && !report.ok ? report.errors : NO_ERRORS;

  function take(key: string): void {
    const object = findObject(records, key);
    if (object) setUp({ yaml: formatManifest(object) });
  }

  return (
    <div className="compare-yaml">
      <label>
        Begin with{" "}
        <select
          className="field"
          aria-label="Object to begin with"
          value=""
          onChange={(event) => take(event.target.value)}
        >
          <option value="">{yaml.trim() === "" ? "an object, or write" : "another object"}</option>
          {changeable(records).map((one) => (
            <option key={keyOf(one)} value={keyOf(one)}>
              {keyText(keyOf(one))}
            </option>
          ))}
        </select>
      </label>
      <div className="compare-editor">
        <LazyEditor
          label="YAML to apply to the copy"
          value={yaml}
          errors={errors}
          goTo={null}
          onChange={(text) => setUp({ yaml: text })}
        />
      </div>
    </div>
  );
}
