import type { KubeObject } from "../../../core/api/types";
import { keyOfObject } from "../api";
import { failure, usageFailure } from "../failure";
import { alignColumns, columnWidths } from "../output/columns";
import { formatObjects } from "../output/format";
import { outputOf } from "../output/given";
import { compareByPath } from "../output/sort-by";
import { groupSingular } from "../resources";
import { tableOf } from "../tables/tables";
import { type Found, findTargets, parseTargets } from "../targets";
import type { Kubectl, Verb } from "../verb";

export const SELECTION_FLAGS = {
  selector: { short: "l", value: true },
  "field-selector": { value: true },
  "all-namespaces": { short: "A" },
} as const;

export const get: Verb = {
  name: "get",
  flags: {
    ...SELECTION_FLAGS,
    output: { short: "o", value: true },
    "no-headers": {},
    "show-labels": {},
    "show-kind": {},
    "show-managed-fields": {},
    "label-columns": { short: "L", value: true },
    "sort-by": { value: true },
    watch: { short: "w" },
    "watch-only": {},
    "output-watch-events": {},
    "ignore-not-found": {},
    "chunk-size": { value: true },
    "server-print": { value: "optional" },
    subresource: { value: true },
    raw: { value: true },
    filename: { short: "f", value: true },
    recursive: { short: "R" },
    kustomize: { short: "k", value: true },
    template: { value: true },
    "allow-missing-template-keys": { value: "optional" },
  },
  run: async (kubectl) => {
    const { args, flags } = kubectl;
    if (args.length === 0) {
      await kubectl.complain(
        'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n',
      );
      throw usageFailure(
        'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).',
        "get",
      );
    }
    const targets = parseTargets(args);
    const watches = flags.on("watch") || flags.on("watch-only");
    if (watches && targets.groups.length > 1)
      throw failure("you may only specify a single resource type");
    const { found, errors } = findTargets(kubectl.api, targets, scopeOf(kubectl), flags);
    const output = outputOf(kubectl);
    const lists = found.map(({ type, objects }) => ({ type, objects: sortedBy(kubectl, objects) }));
    const text = formatObjects(
      output,
      lists.flatMap(({ objects }) => objects),
      {
        single: targets.single,
        noHeaders: flags.on("no-headers"),
        columns: true,
        strict: !flags.on("allow-missing-template-keys", true),
      },
    );
    const reported = flags.on("ignore-not-found") ? [] : errors;
    if (text !== undefined) {
      const nothing = targets.single && errors.length > 0;
      if (!nothing) await kubectl.write(text);
    } else if (!flags.on("watch-only")) {
      await printTables(kubectl, lists, targets.groups.length > 1, errors.length > 0);
    }
    for (const error of reported) await kubectl.complain(error);
    const unmodelled = found.filter(({ type }) => !type.modelled);
    if (unmodelled.length > 0 && args[0] !== "all") {
      const names = unmodelled.map(({ type }) => type.plural).join(", ");
      await kubectl.hint(`${names}: not modelled here`);
    }
    if (reported.length > 0) return 1;
    if (watches) return watch(kubectl, lists[0] as Found);
    return 0;
  },
};

export function scopeOf({ namespace, flags }: Kubectl) {
  return { namespace, allNamespaces: flags.has("all-namespaces") && flags.on("all-namespaces") };
}

function sortedBy({ flags }: Kubectl, objects: readonly KubeObject[]): readonly KubeObject[] {
  const path = flags.text("sort-by");
  return path === undefined ? objects : [...objects].sort(compareByPath(path, objects));
}

async function printTables(
  kubectl: Kubectl,
  lists: readonly Found[],
  severalTypes: boolean,
  failed: boolean,
): Promise<void> {
  const full = lists.filter(({ objects }) => objects.length > 0);
  if (full.length === 0 && !failed) {
    const { namespace, allNamespaces } = scopeOf(kubectl);
    const namespaced = lists.some(({ type }) => type.namespaced);
    const where = namespaced && !allNamespaces ? ` in ${namespace} namespace.` : "";
    if (!kubectl.flags.on("ignore-not-found")) await kubectl.complain(`No resources found${where}`);
    return;
  }
  // What was named in `TYPE/NAME` pairs and is not there does not make another type.
  const several = severalTypes && (full.length > 1 || !failed);
  for (const [index, found] of full.entries()) {
    if (index > 0) await kubectl.print("");
    const rows = tableRows(kubectl, found, several);
    await kubectl.write(alignColumns(rows));
  }
}

/** The header and a row for each object. */
function tableRows(
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

/** A row for every change, until Ctrl-C. Columns only grow. */
async function watch(kubectl: Kubectl, first: Found): Promise<number> {
  const { api, args, flags, process } = kubectl;
  const targets = parseTargets(args);
  let known = versionsOf(first.objects);
  let headed = first.objects.length > 0 && !flags.on("watch-only");
  let widths = columnWidths(tableRows(kubectl, first, false));
  const output = outputOf(kubectl);
  const now = () => findTargets(api, targets, scopeOf(kubectl), flags).found[0] as Found;
  for (;;) {
    const before = known;
    await process.cluster.until(() => !sameVersions(before, versionsOf(now().objects)), {
      interrupt: process.interrupt,
    });
    const { type, objects } = now();
    known = versionsOf(objects);
    const gone = [...before].flatMap(([key, { object }]) => (known.has(key) ? [] : [object]));
    const changed = objects.filter((object) => {
      const key = keyOfObject(object);
      return before.get(key)?.version !== object.metadata.resourceVersion;
    });
    const rows = [...gone, ...changed];
    const text = formatObjects(output, rows, { single: true, noHeaders: true, columns: true });
    if (text !== undefined) {
      await kubectl.write(text);
      continue;
    }
    const [header, ...cells] = tableRows(kubectl, { type, objects: rows }, false);
    const lines = headed || !header ? cells : [header, ...cells];
    headed = true;
    for (const line of flags.on("no-headers") && header ? [header, ...cells] : lines) {
      widths = columnWidths([line], widths);
      await kubectl.write(alignColumns([line], widths));
    }
  }
}

type Versions = ReadonlyMap<string, { readonly version: string; readonly object: KubeObject }>;

function versionsOf(objects: readonly KubeObject[]): Versions {
  return new Map(
    objects.map((object) => [
      keyOfObject(object),
      { version: object.metadata.resourceVersion, object },
    ]),
  );
}

function sameVersions(a: Versions, b: Versions): boolean {
  if (a.size !== b.size) return false;
  for (const [key, { version }] of a) if (b.get(key)?.version !== version) return false;
  return true;
}
