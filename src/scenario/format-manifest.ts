import { stringify } from "yaml";
import { fieldOf, isObject, type JsonObject } from "../core/api/json";

const FIRST = ["apiVersion", "kind", "metadata"];
const LAST = ["status"];
const NOISE = ["managedFields", "selfLink"];
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** An object as `kubectl get -o yaml` prints it: keys in alphabetical order, managed noise left out. */
export function formatManifest(object: object): string {
  const entries = Object.entries(tidy(object)).sort(
    ([a], [b]) => rank(a) - rank(b) || compare(a, b),
  );
  // YAML 1.1: `yes` and times are quoted, so that every reader takes them for strings.
  return stringify(Object.fromEntries(entries), {
    version: "1.1",
    lineWidth: 0,
    indentSeq: false,
    aliasDuplicateObjects: false,
    sortMapEntries: false,
  });
}

function tidy(object: object): JsonObject {
  const sorted = sortKeys(object) as JsonObject;
  const metadata = fieldOf(sorted, "metadata");
  if (!isObject(metadata)) return sorted;
  const kept = Object.entries(metadata).flatMap(([key, value]): [string, unknown][] => {
    if (NOISE.includes(key) || value === "") return [];
    if (key !== "annotations" || !isObject(value)) return [[key, value]];
    const annotations = Object.entries(value).filter(([name]) => name !== LAST_APPLIED);
    return annotations.length === 0 ? [] : [[key, Object.fromEntries(annotations)]];
  });
  return { ...sorted, metadata: Object.fromEntries(kept) };
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(
    entries.sort(([a], [b]) => compare(a, b)).map(([key, item]) => [key, sortKeys(item)]),
  );
}

function rank(key: string): number {
  if (FIRST.includes(key)) return FIRST.indexOf(key);
  return LAST.includes(key) ? 100 : 50;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
