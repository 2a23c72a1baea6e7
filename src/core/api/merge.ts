import { fieldOf, isList, isObject, type JsonObject } from "./json";

/** `kubectl apply`: what the manifest says is set, what the last one said and this one does not is removed, and
 *  everything else (what the server or a controller filled in) stays.
 *  Source: kubectl's three-way strategic merge. Simplified: of the lists with merge keys, those listed below. */
export function mergeApplied(live: unknown, last: unknown, manifest: unknown): unknown {
  return merge(live, last, manifest, []);
}

function merge(live: unknown, last: unknown, manifest: unknown, path: readonly string[]): unknown {
  // retainKeys in Kubernetes' words: Recreate must not keep the rollingUpdate that was defaulted before.
  if (path.join(".") === "spec.strategy") return manifest;
  if (isObject(live) && isObject(manifest)) return mergeObjects(live, last, manifest, path);
  const keyOf = mergeKey(path);
  if (keyOf && isList(live) && isList(manifest))
    return mergeLists(live, last, manifest, path, keyOf);
  return manifest;
}

function mergeObjects(
  live: JsonObject,
  last: unknown,
  manifest: JsonObject,
  path: readonly string[],
) {
  const merged = new Map(Object.entries(live));
  for (const key of isObject(last) ? Object.keys(last) : []) {
    if (!Object.hasOwn(manifest, key)) merged.delete(key);
  }
  for (const [key, value] of Object.entries(manifest)) {
    merged.set(key, merge(fieldOf(live, key), fieldOf(last, key), value, [...path, key]));
  }
  return Object.fromEntries(merged);
}

type KeyOf = (item: unknown) => string;

function mergeLists(
  live: readonly unknown[],
  last: unknown,
  manifest: readonly unknown[],
  path: readonly string[],
  keyOf: KeyOf,
): unknown[] {
  const index = (list: unknown) =>
    new Map((isList(list) ? list : []).map((item) => [keyOf(item), item]));
  const [liveByKey, lastByKey, wanted] = [index(live), index(last), index(manifest)];
  const kept = live.filter((item) => !wanted.has(keyOf(item)) && !lastByKey.has(keyOf(item)));
  const set = manifest.map((item) =>
    merge(liveByKey.get(keyOf(item)), lastByKey.get(keyOf(item)), item, path),
  );
  return [...set, ...kept];
}

/** Containers and their variables go by name, ports by number and protocol.
 *  Kubernetes has the number alone for Services, so that kubectl mixes up TCP 53 and UDP 53; we do not. */
function mergeKey(path: readonly string[]): KeyOf | undefined {
  const field = path[path.length - 1];
  const parent = path[path.length - 2];
  const text = (item: unknown, key: string) => String(fieldOf(item, key) ?? "");
  const protocol = (item: unknown) => text(item, "protocol") || "TCP";
  if (field === "containers" || field === "initContainers" || field === "env") {
    return (item) => text(item, "name");
  }
  if (field !== "ports") return undefined;
  if (parent === "spec") return (item) => `${text(item, "port")}/${protocol(item)}`;
  if (parent === "containers" || parent === "initContainers") {
    return (item) => `${text(item, "containerPort")}/${protocol(item)}`;
  }
  return undefined;
}
