import type { KubeObject } from "../../../core/api/types";
import { keyOfObject } from "../api";
import { failure } from "../failure";
import { findTargets, parseChosenTargets } from "../targets";
import type { Kubectl, Verb } from "../verb";
import { SELECTION_FLAGS } from "./get";
import { scopeOf } from "./get-table";
import { dryRunOf, printOutcome, WRITE_FLAGS } from "./writing";

const FLAGS = {
  ...WRITE_FLAGS,
  ...SELECTION_FLAGS,
  overwrite: {},
  all: {},
  list: {},
  local: {},
  "resource-version": { value: true },
  filename: { short: "f", value: true },
  recursive: { short: "R" },
} as const;

const LABEL_VALUE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

export const label: Verb = {
  name: "label",
  flags: FLAGS,
  run: (kubectl) => change(kubectl, "label"),
};

export const annotate: Verb = {
  name: "annotate",
  flags: FLAGS,
  run: (kubectl) => change(kubectl, "annotation"),
};

type What = "label" | "annotation";

async function change(kubectl: Kubectl, what: What): Promise<number> {
  const { api, args, flags } = kubectl;
  const { resources, pairs, removed } = splitArguments(args, what);
  if (resources.length === 0)
    throw failure(
      "one or more resources must be specified as <resource> <name> or <resource>/<name>",
    );
  if (pairs.size + removed.length === 0 && !flags.on("list"))
    throw failure(`at least one ${what} update is required`);
  const targets = parseChosenTargets(resources, flags);
  const { found, errors } = findTargets(api, targets, scopeOf(kubectl), flags);
  for (const object of found.flatMap(({ objects }) => objects)) {
    if (flags.on("list")) await list(kubectl, object, what);
    else await changeOne(kubectl, object, what, pairs, removed);
  }
  for (const error of errors) await kubectl.complain(error);
  return errors.length > 0 ? 1 : 0;
}

async function list(kubectl: Kubectl, object: KubeObject, what: What): Promise<void> {
  for (const [key, value] of Object.entries(valuesOf(object, what)).sort())
    await kubectl.print(`${key}=${value}`);
}

function valuesOf({ metadata }: KubeObject, what: What): Readonly<Record<string, string>> {
  return (what === "label" ? metadata.labels : metadata.annotations) ?? {};
}

async function changeOne(
  kubectl: Kubectl,
  object: KubeObject,
  what: What,
  pairs: ReadonlyMap<string, string>,
  removed: readonly string[],
): Promise<void> {
  const before = valuesOf(object, what);
  if (!kubectl.flags.on("overwrite")) refuseOverwriting(before, what, pairs);
  for (const key of removed)
    if (!Object.hasOwn(before, key)) await kubectl.print(`${what} "${key}" not found.`);
  const changes = Object.fromEntries([...pairs, ...removed.map((key) => [key, null] as const)]);
  const field = what === "label" ? "labels" : "annotations";
  const changed =
    [...pairs].some(([key, value]) => before[key] !== value) ||
    removed.some((key) => Object.hasOwn(before, key));
  const dryRun = dryRunOf(kubectl);
  const patch = { metadata: { [field]: changes } };
  const after = changed
    ? kubectl.api.must(
        { type: "patch", key: keyOfObject(object), patch },
        undefined,
        dryRun !== "none",
      )
    : object;
  await printOutcome(kubectl, after, outcome(what, changed, pairs.size > 0), dryRun);
}

function outcome(what: What, changed: boolean, sets: boolean): string {
  const word = what === "label" ? "labeled" : "annotated";
  if (what === "annotation") return word;
  return changed ? (sets ? word : "unlabeled") : "not labeled";
}

function refuseOverwriting(
  before: Readonly<Record<string, string>>,
  what: What,
  pairs: ReadonlyMap<string, string>,
): void {
  const taken = [...pairs]
    .filter(([key, value]) => Object.hasOwn(before, key) && before[key] !== value)
    .map(([key]) => `'${key}' already has a value (${before[key]})`);
  if (taken.length === 0) return;
  throw failure(
    what === "label"
      ? `${taken[0]}, and --overwrite is false`
      : `--overwrite is false but found the following declared annotation(s): ${taken.join("; ")}`,
  );
}

function splitArguments(args: readonly string[], what: What) {
  const resources: string[] = [];
  const pairs = new Map<string, string>();
  const removed: string[] = [];
  for (const argument of args) {
    const equals = argument.indexOf("=");
    if (equals > 0) {
      const [key, value] = [argument.slice(0, equals), argument.slice(equals + 1)];
      if (what === "label" && !/^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/.test(value))
        throw failure(`invalid label value: "${argument}": ${LABEL_VALUE}`);
      pairs.set(key, value);
    } else if (argument.length > 1 && argument.endsWith("-")) removed.push(argument.slice(0, -1));
    else resources.push(argument);
  }
  const both = removed.find((key) => pairs.has(key));
  if (both !== undefined)
    throw failure(
      `can not both modify and remove ${what === "label" ? "a label" : "an annotation"} in the same command`,
    );
  return { resources, pairs, removed };
}
