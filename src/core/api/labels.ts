import type { LabelSelector, Labels } from "./types";

/** A Service's selector: every pair must be there. Absent or empty selects nothing. */
export function matchesLabels(selector: Labels | undefined, labels: Labels | undefined): boolean {
  if (!selector) return false;
  let any = false;
  for (const key in selector) {
    if (labelOf(labels, key) !== selector[key]) return false;
    any = true;
  }
  return any;
}

/** A workload's selector: every pair and every expression must hold. Absent selects nothing, empty everything.
 *  Source: apimachinery/pkg/apis/meta/v1, LabelSelectorAsSelector. */
export function matchesSelector(
  selector: LabelSelector | undefined,
  labels: Labels | undefined,
): boolean {
  if (!selector) return false;
  for (const key in selector.matchLabels) {
    if (labelOf(labels, key) !== selector.matchLabels[key]) return false;
  }
  return (selector.matchExpressions ?? []).every((expression) => {
    const value = labelOf(labels, expression.key);
    const values = expression.values ?? [];
    switch (expression.operator) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
      default:
        return false;
    }
  });
}

export function sameLabels(a: Labels, b: Labels): boolean {
  let count = 0;
  for (const key in a) {
    if (labelOf(b, key) !== a[key]) return false;
    count++;
  }
  for (const _ in b) count--;
  return count === 0;
}

export function isEmptySelector(selector: LabelSelector): boolean {
  return (
    Object.keys(selector.matchLabels ?? {}).length === 0 &&
    (selector.matchExpressions ?? []).length === 0
  );
}

/** A label is an own property: `constructor` is a key like any other. */
function labelOf(labels: Labels | undefined, key: string): string | undefined {
  return labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
}
