import { fieldOf } from "../../core/api/json";
import type { KubeObject, LabelSelector, Labels } from "../../core/api/types";

export type Selector = (labels: Labels | undefined) => boolean;

export type ParsedSelector =
  | { readonly ok: true; readonly matches: Selector }
  | { readonly ok: false; readonly error: string };

const KEY = "[A-Za-z0-9][A-Za-z0-9._/-]*";
const VALUE = "[A-Za-z0-9._-]*";

/** `-l app=web,tier!=db,env in (a,b),!old,key`. Source: apimachinery/pkg/labels, Parse. */
export function parseSelector(text: string): ParsedSelector {
  const checks: Selector[] = [];
  for (const part of splitTop(text)) {
    const trimmed = part.trim();
    if (trimmed === "") continue;
    const check = requirement(trimmed);
    if (!check)
      return {
        ok: false,
        error: `unable to parse requirement: found '${trimmed}', expected: a label selector`,
      };
    checks.push(check);
  }
  return { ok: true, matches: (labels) => checks.every((check) => check(labels)) };
}

function requirement(text: string): Selector | undefined {
  const value = (labels: Labels | undefined, key: string) =>
    labels && Object.hasOwn(labels, key) ? labels[key] : undefined;
  const equality = new RegExp(`^(${KEY})\\s*(==|=|!=)\\s*(${VALUE})$`).exec(text);
  if (equality) {
    const [, key = "", operator, wanted = ""] = equality;
    return (labels) => (value(labels, key) === wanted) === (operator !== "!=");
  }
  const set = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\((.*)\\)$`).exec(text);
  if (set) {
    const [, key = "", operator, list = ""] = set;
    const wanted = list.split(",").map((one) => one.trim());
    return (labels) => {
      const present = value(labels, key);
      return operator === "in"
        ? present !== undefined && wanted.includes(present)
        : present === undefined || !wanted.includes(present);
    };
  }
  const existence = new RegExp(`^(!?)\\s*(${KEY})$`).exec(text);
  if (!existence) return undefined;
  const [, not, key = ""] = existence;
  return (labels) => (value(labels, key) !== undefined) === (not === "");
}

/** At commas outside parentheses. */
function splitTop(text: string): readonly string[] {
  const parts = [""];
  let depth = 0;
  for (const char of text) {
    if (char === "(") depth++;
    if (char === ")") depth--;
    if (char === "," && depth === 0) parts.push("");
    else parts[parts.length - 1] += char;
  }
  return parts;
}

export interface FieldRequirement {
  readonly path: string;
  readonly equal: boolean;
  readonly value: string;
}

/** `status.phase=Running,spec.nodeName!=node-1`. Undefined where it is none. */
export function parseFieldSelector(text: string): readonly FieldRequirement[] | undefined {
  const found: FieldRequirement[] = [];
  for (const part of text.split(",").filter((one) => one !== "")) {
    const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(part);
    if (!match) return undefined;
    const [, path = "", operator, value = ""] = match;
    found.push({ path, equal: operator !== "!=", value });
  }
  return found;
}

/** Fields that the server can select by, beside metadata.name and metadata.namespace. */
const SELECTABLE: Readonly<Record<string, readonly string[]>> = {
  Event: [
    "involvedObject.kind",
    "involvedObject.namespace",
    "involvedObject.name",
    "involvedObject.uid",
    "involvedObject.apiVersion",
    "involvedObject.resourceVersion",
    "involvedObject.fieldPath",
    "reason",
    "reportingComponent",
    "source",
    "type",
  ],
  Namespace: ["status.phase"],
  Node: ["spec.unschedulable"],
  Pod: [
    "spec.nodeName",
    "spec.restartPolicy",
    "spec.schedulerName",
    "spec.serviceAccountName",
    "spec.hostNetwork",
    "status.phase",
    "status.podIP",
    "status.podIPs",
    "status.nominatedNodeName",
  ],
  ReplicaSet: ["status.replicas"],
  Service: ["spec.clusterIP", "spec.type"],
};

export function isSelectable(kind: string, path: string): boolean {
  return (
    path === "metadata.name" ||
    path === "metadata.namespace" ||
    (SELECTABLE[kind]?.includes(path) ?? false)
  );
}

export function matchesFields(
  object: KubeObject,
  requirements: readonly FieldRequirement[],
): boolean {
  return requirements.every(({ path, equal, value }) => {
    const found = path
      .split(".")
      .reduce<unknown>(
        (inner, key) => fieldOf(inner, key),
        path === "source" ? { source: fieldOf(fieldOf(object, "source"), "component") } : object,
      );
    const text = found === undefined || found === null ? defaultOf(path) : String(found);
    return (text === value) === equal;
  });
}

function defaultOf(path: string): string {
  return path === "spec.unschedulable" || path === "spec.hostNetwork" ? "false" : "";
}

/** `app=web,tier in (a,b)`. Source: apimachinery, metav1.FormatLabelSelector. */
export function formatSelector(selector: LabelSelector | undefined): string {
  const expressions = (selector?.matchExpressions ?? []).map((one) => ({
    key: one.key,
    text: formatExpression(one),
  }));
  const pairs = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({
    key,
    text: `${key}=${value}`,
  }));
  const all = [...pairs, ...expressions].sort((a, b) =>
    a.key < b.key ? -1 : a.key > b.key ? 1 : 0,
  );
  return all.length === 0 ? "<none>" : all.map(({ text }) => text).join(",");
}

function formatExpression({
  key,
  operator,
  values = [],
}: NonNullable<LabelSelector["matchExpressions"]>[number]): string {
  const list = [...values].sort().join(",");
  switch (operator) {
    case "In":
      return `${key} in (${list})`;
    case "NotIn":
      return `${key} notin (${list})`;
    case "Exists":
      return key;
    case "DoesNotExist":
      return `!${key}`;
  }
}
