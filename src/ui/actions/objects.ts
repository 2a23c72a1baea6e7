import type { Kind, KubeObject, ObjectKey } from "../../core/api/types";
import { kubectlEquivalent } from "../../shell/kubectl/equivalent";
import { useCamera } from "../../stores/camera";
import { setUp } from "../../stores/compare";
import { findObject, objectsOf, useMirror } from "../../stores/mirror";
import { keyOf } from "../../stores/related";
import { useSelection } from "../../stores/selection";
import { actionsFor } from "../edit/object-actions";
import { addressOf, statusOf } from "../objects/object-status";
import { keyText } from "../parts/describe";
import type { Action } from "./action";
import { objectActionId } from "./object-id";
import { openDock } from "./view";

/** In the order in which people look for them. */
const FOUND: readonly Kind[] = [
  "Service",
  "Deployment",
  "Pod",
  "Node",
  "Host",
  "Namespace",
  "DaemonSet",
  "ReplicaSet",
  "EndpointSlice",
  "Endpoints",
];

export function foundObjects(): readonly KubeObject[] {
  const { records } = useMirror.getState();
  return FOUND.flatMap((kind) => objectsOf(records, kind));
}

/** `Pod default/web`, with what tells it from others. */
export function objectDetail(object: KubeObject): string {
  return [addressOf(object), statusOf(object).text].filter(Boolean).join(" · ");
}

/** All that can be done to an object, wherever it is shown. */
export function objectActions(key: ObjectKey): readonly Action[] {
  const { records } = useMirror.getState();
  const object = findObject(records, key);
  if (!object) return [];
  const group = keyText(key);
  const own = (id: string, label: string, run: () => unknown): Action => ({
    id: objectActionId(key, id),
    group,
    label,
    run,
  });
  return [
    own("select", "Select and show it", () => useSelection.getState().select(key)),
    own("zoom", "Zoom to it", () => {
      useSelection.getState().select(key);
      const { camera } = useCamera.getState();
      if (!camera?.showBoxes([key])) camera?.showBoxes(useSelection.getState().related);
    }),
    ...actionsFor(object, records).map(
      ({ id, label, action, isLook = false, run }): Action => ({
        ...own(id, label, run),
        edits: !isLook,
        ...(action && { command: () => kubectlEquivalent(action) }),
      }),
    ),
    own("compare", "Compare: what if it were different …", () => {
      setUp({ object: key });
      openDock("compare");
    }),
  ];
}

/** Of all objects: to be searched, not to be read. */
export function allObjectActions(): readonly Action[] {
  return foundObjects().flatMap((object) => objectActions(keyOf(object)));
}
