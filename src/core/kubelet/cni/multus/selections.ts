import { fieldOf, isList } from "../../../api/json";
import type { Pod } from "../../../api/types";

/** What a pod asks for beside the pod network. */
export interface Selection {
  readonly namespace: string;
  readonly name: string;
  /** The interface's name in the pod. */
  readonly interfaceName: string;
}

export type Selections =
  | { readonly ok: true; readonly selections: readonly Selection[] }
  | { readonly ok: false; readonly error: string };

const MAX_SELECTIONS = 16;
const ANNOTATION = "k8s.v1.cni.cncf.io/networks";

/** The networks that a pod's annotation names: `storage, infra/backup@net7`, or a list of objects as JSON.
 *  Source: multus-cni, pkg/k8sclient, parsePodNetworkAnnotation. */
export function selectionsOf({ metadata }: Pod): Selections {
  const text = metadata.annotations?.[ANNOTATION] ?? "";
  if (text.trim() === "") return { ok: true, selections: [] };
  const asked = /[[{"]/.test(text) ? fromJson(text) : fromNames(text);
  if (typeof asked === "string") return { ok: false, error: `parsePodNetworkAnnotation: ${asked}` };
  if (asked.length > MAX_SELECTIONS)
    return { ok: false, error: `kubehop plugs a pod into at most ${MAX_SELECTIONS} networks more` };
  const selections = asked.map(({ namespace, name, interfaceName }, index) => ({
    namespace: namespace || metadata.namespace,
    name,
    interfaceName: interfaceName || `net${index + 1}`,
  }));
  return { ok: true, selections };
}

function fromJson(text: string): readonly Selection[] | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  if (!isList(parsed))
    return `failed to parse pod Network Attachment Selection Annotation JSON format`;
  const word = (item: unknown, key: string) => {
    const value = fieldOf(item, key);
    return typeof value === "string" ? value : "";
  };
  const selections = parsed.map((item) => ({
    namespace: word(item, "namespace"),
    name: word(item, "name"),
    interfaceName: word(item, "interface"),
  }));
  return selections.some(({ name }) => name === "") ? "network name is required" : selections;
}

function fromNames(text: string): readonly Selection[] | string {
  const selections: Selection[] = [];
  for (const item of text.split(",").map((one) => one.trim())) {
    const [path = "", interfaceName = "", ...more] = item.split("@");
    if (more.length > 0) return "Invalid network object (failed at '@')";
    const parts = path.split("/");
    if (parts.length > 2) return "Invalid network object (failed at '/')";
    const [name = "", namespace = ""] = parts.reverse();
    if (
      ![name, namespace, interfaceName].every((word) =>
        /^$|^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(word),
      )
    )
      return `Failed to parse: one or more items did not match comma-delimited format (must consist of lower case alphanumeric characters). Must start and end with an alphanumeric character), mismatch @ '${item}'`;
    selections.push({ namespace, name, interfaceName });
  }
  return selections;
}
