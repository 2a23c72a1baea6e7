import { isList, isObject, type JsonObject } from "../../core/api/json";

/** Lists whose items are merged by a key. Source: patchMergeKey in k8s.io/api types. */
const MERGE_KEYS: Readonly<Record<string, readonly string[]>> = {
  addresses: ["type"],
  conditions: ["type"],
  containers: ["name"],
  env: ["name"],
  ephemeralContainers: ["name"],
  hostAliases: ["ip"],
  imagePullSecrets: ["name"],
  initContainers: ["name"],
  ownerReferences: ["uid"],
  // A container's ports go by containerPort, a Service's by port.
  ports: ["containerPort", "port"],
  taints: ["key"],
  tolerations: ["key"],
  topologySpreadConstraints: ["topologyKey"],
  volumeMounts: ["mountPath"],
  volumes: ["name"],
};

/** Lists of plain values that are united. */
const UNITED = ["finalizers", "podCIDRs"];
/** Lists that are replaced as a whole although they have a key in their name above. */
const REPLACED = ["tolerations", "taints"];

/** `kubectl patch` without `--type`: lists are merged by their keys, `$patch` says otherwise.
 *  Source: apimachinery/pkg/util/strategicpatch. */
export function strategicMerge(target: JsonObject, patch: JsonObject): JsonObject {
  if (patch.$patch === "replace") return without(patch, "$patch");
  const merged = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith("$")) continue;
    const old = merged.get(key);
    if (value === null) merged.delete(key);
    else if (isObject(value)) merged.set(key, strategicMerge(isObject(old) ? old : {}, value));
    else if (isList(value)) merged.set(key, mergeList(key, isList(old) ? old : [], value));
    else merged.set(key, value);
  }
  return Object.fromEntries(merged);
}

function mergeList(
  name: string,
  old: readonly unknown[],
  patch: readonly unknown[],
): readonly unknown[] {
  const replaces = patch.some((item) => isObject(item) && item.$patch === "replace");
  const plain = patch.filter((item) => !(isObject(item) && item.$patch === "replace"));
  if (replaces || REPLACED.includes(name)) return plain;
  if (UNITED.includes(name)) return [...new Set([...old, ...plain])];
  const keys = Object.hasOwn(MERGE_KEYS, name) ? (MERGE_KEYS[name] ?? []) : [];
  const key = keys.find((one) => plain.some((item) => isObject(item) && Object.hasOwn(item, one)));
  if (key === undefined) return plain;
  let merged = [...old];
  for (const item of plain) {
    if (!isObject(item)) continue;
    const at = merged.findIndex((one) => isObject(one) && one[key] === item[key]);
    if (item.$patch === "delete") merged = merged.filter((_, index) => index !== at);
    else if (at < 0) merged.push(item);
    else merged[at] = strategicMerge(merged[at] as JsonObject, item);
  }
  return merged;
}

function without(object: JsonObject, key: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key));
}
