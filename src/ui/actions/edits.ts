import { addObject, FORM_KINDS, type FormKind } from "../../stores/edit";
import { newYaml } from "../../stores/view";
import type { Action } from "./action";

const group = "Add";

function addAction(kind: FormKind): Action {
  return {
    id: `add.${kind}`,
    group,
    label: `Add ${kind}`,
    also: "new create",
    edits: true,
    run: () => addObject(kind),
  };
}

export const addActions = Object.fromEntries(
  FORM_KINDS.map((kind) => [kind, addAction(kind)]),
) as Readonly<Record<FormKind, Action>>;

export const addYaml: Action = {
  id: "add.yaml",
  group,
  label: "Add objects as YAML",
  also: "new create write",
  edits: true,
  run: newYaml,
};

export const ADD_ACTIONS: readonly Action[] = [...Object.values(addActions), addYaml];
