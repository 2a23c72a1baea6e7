import type { KubeObject } from "../../../core/api/types";
import { failure } from "../failure";
import { follow, parseSteps } from "./jsonpath";

/** `--sort-by=.metadata.creationTimestamp`: numbers as numbers, the rest as text; what lacks the field comes first. */
export function compareByPath(
  given: string,
  objects: readonly KubeObject[],
): (a: KubeObject, b: KubeObject) => number {
  const path = given.replace(/^\{(.*)\}$/, "$1");
  const steps = parseSteps(path);
  const fieldIn = (object: KubeObject) => follow(object, steps)[0];
  if (objects.length > 0 && objects.every((object) => fieldIn(object) === undefined))
    throw failure(
      `couldn't find any field with path "{${path.startsWith(".") ? path : `.${path}`}}" in the list of objects`,
    );
  return (a, b) => {
    const [left, right] = [fieldIn(a), fieldIn(b)];
    if (left === undefined || right === undefined)
      return Number(left !== undefined) - Number(right !== undefined);
    if (typeof left === "number" && typeof right === "number") return left - right;
    return naturalOrder(String(left), String(right));
  };
}

/** kubectl sorts text naturally: `node-2` before `node-10`. */
function naturalOrder(a: string, b: string): number {
  const parts = (text: string) => text.match(/\d+|\D+/g) ?? [];
  const [left, right] = [parts(a), parts(b)];
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (part === other) continue;
    if (/^\d/.test(part) && /^\d/.test(other)) return Number(part) - Number(other);
    return part < other ? -1 : 1;
  }
  return left.length - right.length;
}
