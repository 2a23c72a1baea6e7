import type { KubeObject } from "../../core/api/types";
import { keyOf } from "../../stores/related";
import type { Edit } from "../../worker/what-if-protocol";

/** One thing of an object that could be different. */
export interface ChangeKind {
  readonly id: string;
  readonly label: string;
  /** What has to be said beside it. */
  readonly value?: {
    readonly label: string;
    readonly initial: string;
    readonly choices?: readonly string[];
  };
  /** What is wrong with a value is for the API server to say; undefined where there is none. */
  readonly edit: (value: string) => Edit | undefined;
}

export function patchOf(
  object: KubeObject,
  patch: Extract<Edit, { type: "patch" }>["patch"],
): Edit {
  return { type: "patch", key: keyOf(object), patch };
}
