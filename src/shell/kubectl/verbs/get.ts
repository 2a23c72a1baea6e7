import type { KubeObject } from "../../../core/api/types";
import { failure, usageFailure } from "../failure";
import { alignColumns } from "../output/columns";
import { formatObjects } from "../output/format";
import { outputOf } from "../output/given";
import { compareByPath } from "../output/sort-by";
import { type Found, findTargets, parseTargets } from "../targets";
import type { Kubectl, Verb } from "../verb";
import { getRaw } from "./get-raw";
import { scopeOf, tableRows } from "./get-table";
import { watch } from "./get-watch";

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
    const raw = flags.text("raw");
    if (raw !== undefined) return getRaw(kubectl, raw);
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
    const lists = found.map(({ type, objects }) => ({ type, objects: sortedBy(kubectl, objects) }));
    const [first] = lists;
    if (watches && first && errors.length === 0) return watch(kubectl, first);
    const text = formatObjects(
      outputOf(kubectl),
      lists.flatMap(({ objects }) => objects),
      {
        single: targets.single,
        noHeaders: flags.on("no-headers"),
        columns: true,
        strict: !flags.on("allow-missing-template-keys", true),
      },
    );
    const reported = flags.on("ignore-not-found") ? [] : errors;
    const nothing = targets.single && errors.length > 0;
    if (text === undefined)
      await printTables(kubectl, lists, targets.groups.length > 1, errors.length > 0);
    else if (!nothing) await kubectl.write(text);
    for (const error of reported) await kubectl.complain(error);
    const unmodelled = found.filter(({ type }) => !type.modelled);
    if (unmodelled.length > 0 && args[0] !== "all") {
      const names = unmodelled.map(({ type }) => type.plural).join(", ");
      await kubectl.hint(`${names}: not modelled here`);
    }
    return reported.length > 0 ? 1 : 0;
  },
};

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
