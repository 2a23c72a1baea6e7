import { useMemo } from "react";
import { closeForm, type FormRequest, isFormKind } from "../../stores/edit";
import { findObject, useMirror } from "../../stores/mirror";
import { lazyPart } from "../parts/lazy-part";
import { editable } from "./manifest";
import { newManifest } from "./presets";

const EditForm = lazyPart(() => import("./EditForm"));

/** The form that was asked for. It keeps the object as it was then: the cluster goes on meanwhile. */
export function FormPane({ request }: { readonly request: FormRequest }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: one beginning for each request
  const start = useMemo(() => startOf(request), [request.id]);
  if (!start)
    return (
      <div className="empty">
        <p>There is no form for this object; edit it as YAML.</p>
        <p>
          <button type="button" className="button" onClick={closeForm}>
            Back
          </button>
        </p>
      </div>
    );
  return <EditForm key={request.id} {...start} />;
}

function startOf(request: FormRequest) {
  const { records } = useMirror.getState();
  if ("kind" in request) {
    const { kind, preset } = request;
    return { kind, base: newManifest(kind, records, preset) };
  }
  const object = findObject(records, request.key);
  if (!object || !isFormKind(object.kind)) return undefined;
  return { kind: object.kind, base: editable(object), objectKey: request.key };
}
