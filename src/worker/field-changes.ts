/** A field that is not the same in two objects. Values as YAML would have them in one line; undefined: not there. */
export interface FieldChange {
  readonly field: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** What only servers write, and nobody reads here. */
const NOISE = [
  "metadata.uid",
  "metadata.resourceVersion",
  "metadata.generation",
  "metadata.creationTimestamp",
  "metadata.namespace",
];

/** Field by field, in the order of the second object; what is gone comes last. */
export function fieldChanges(before: unknown, after: unknown): readonly FieldChange[] {
  const [was, is] = [leavesOf(before), leavesOf(after)];
  const changes: FieldChange[] = [];
  for (const [field, value] of is)
    if (was.get(field) !== value) changes.push({ field, before: was.get(field), after: value });
  for (const [field, value] of was)
    if (!is.has(field)) changes.push({ field, before: value, after: undefined });
  return changes.filter(({ field }) => !NOISE.includes(field));
}

function leavesOf(object: unknown): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const visit = (value: unknown, field: string) => {
    if (value === undefined || value === null) return;
    if (typeof value !== "object") {
      leaves.set(field, String(value));
      return;
    }
    const entries = Array.isArray(value)
      ? value.map((item, index) => [`${field}[${index}]`, item as unknown] as const)
      : Object.entries(value).map(
          ([key, item]) => [field ? `${field}.${key}` : key, item] as const,
        );
    if (entries.length === 0 && field !== "") leaves.set(field, Array.isArray(value) ? "[]" : "{}");
    for (const [inner, item] of entries) visit(item, inner);
  };
  visit(object, "");
  return leaves;
}
