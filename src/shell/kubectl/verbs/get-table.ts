import { groupSingular } from "../resources";
import { tableOf } from "../tables/tables";
import type { Found } from "../targets";
import type { Kubectl } from "../verb";

export function scopeOf({ namespace, flags }: Kubectl) {
  return { namespace, allNamespaces: flags.has("all-namespaces") && flags.on("all-namespaces") };
}

/** The header and a row for each object. */
export function tableRows(
  kubectl: Kubectl,
  { type, objects }: Found,
  severalTypes: boolean,
): readonly (readonly string[])[] {
  const { flags, api } = kubectl;
  if (!type.modelled) return [];
  const { columns, row } = tableOf(type.modelled);
  const wide = flags.text("output") === "wide";
  const shown = columns.flatMap((column, index) => (column.wide && !wide ? [] : [index]));
  const namespaces = scopeOf(kubectl).allNamespaces && (type.namespaced || severalTypes);
  const labelColumns = flags.list("label-columns");
  const labels = flags.on("show-labels");
  const header = [
    ...(namespaces ? ["NAMESPACE"] : []),
    ...shown.map((index) => (columns[index]?.name ?? "").toUpperCase()),
    ...labelColumns.map((key) => key.slice(key.lastIndexOf("/") + 1).toUpperCase()),
    ...(labels ? ["LABELS"] : []),
  ];
  const rows = objects.map((object) => {
    const cells = row(object, { nowUs: api.nowUs }).map(String);
    const named = columns[0]?.name === "Name" ? 0 : -1;
    const all = object.metadata.labels ?? {};
    return [
      ...(namespaces ? [object.metadata.namespace ?? ""] : []),
      ...shown.map((index) => {
        const cell = cells[index] ?? "";
        return (severalTypes || flags.on("show-kind")) && index === named
          ? `${groupSingular(type)}/${cell}`
          : cell;
      }),
      ...labelColumns.map((key) => (Object.hasOwn(all, key) ? (all[key] ?? "") : "")),
      ...(labels ? [showLabels(all)] : []),
    ];
  });
  return flags.on("no-headers") ? rows : [header, ...rows];
}

function showLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? "<none>" : pairs.sort().join(",");
}
