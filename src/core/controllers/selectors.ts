import type { LabelSelector, Labels } from "../api/types";

/** A Service's selector: every pair must be there. Absent or empty selects nothing. */
export function matchesLabels(selector: Labels | undefined, labels: Labels | undefined): boolean {
  if (!selector) return false;
  let any = false;
  for (const key in selector) {
    if (labels?.[key] !== selector[key]) return false;
    any = true;
  }
  return any;
}

/** A workload's selector; an empty one selects nothing here, as validation refuses it. */
export function matchesSelector(selector: LabelSelector, labels: Labels = {}): boolean {
  const pairs = selector.matchLabels ?? {};
  const expressions = selector.matchExpressions ?? [];
  for (const key in pairs) if (labels[key] !== pairs[key]) return false;
  for (const { key, operator, values = [] } of expressions) {
    const value = labels[key];
    switch (operator) {
      case "In":
        if (value === undefined || !values.includes(value)) return false;
        break;
      case "NotIn":
        if (value !== undefined && values.includes(value)) return false;
        break;
      case "Exists":
        if (value === undefined) return false;
        break;
      case "DoesNotExist":
        if (value !== undefined) return false;
        break;
    }
  }
  return expressions.length > 0 || Object.keys(pairs).length > 0;
}

/** The bucket under which what carries or asks for `key: value` is found. */
export function labelBucket(namespace: string, key: string, value: string): string {
  return `${namespace} ${key}=${value}`;
}

/** One pair that everything selected must carry; undefined when there is none. */
export function narrowestBucket(namespace: string, pairs: Labels | undefined): string | undefined {
  for (const key in pairs) return labelBucket(namespace, key, pairs[key] ?? "");
  return undefined;
}
