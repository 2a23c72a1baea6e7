import { fieldOf, isList, isObject, sameJson } from "../json";

/** The fields in which two values differ, a line for each side.
 *  Simplified: Kubernetes prints go-cmp's diff of Go structs, whose layout promises nothing. */
export function diffJson(before: unknown, after: unknown, path: string): string[] {
  if (sameJson(before, after)) return [];
  if (isList(before) && isList(after)) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) =>
      diffJson(before[index], after[index], `${path}[${index}]`),
    ).flat();
  }
  if (isObject(before) && isObject(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...keys].flatMap((key) =>
      diffJson(fieldOf(before, key), fieldOf(after, key), `${path}.${key}`),
    );
  }
  return [...side("-", path, before), ...side("+", path, after)];
}

function side(sign: string, path: string, value: unknown): string[] {
  return value === undefined ? [] : [`${sign} ${path}: ${JSON.stringify(value)}`];
}
