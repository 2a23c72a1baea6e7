/** Plain JSON, as the API takes it. */
export type Json = Readonly<Record<string, unknown>>;
export type Path = readonly (string | number)[];

/** `spec.ports[0].port`, as the API server names fields. */
export function formatPath(path: Path): string {
  return path.reduce<string>(
    (text, step) =>
      typeof step === "number" ? `${text}[${step}]` : text === "" ? step : `${text}.${step}`,
    "",
  );
}

export function getAt(value: unknown, path: Path): unknown {
  let found = value;
  for (const step of path) {
    if (typeof found !== "object" || found === null || !Object.hasOwn(found, step))
      return undefined;
    found = (found as Readonly<Record<string | number, unknown>>)[step];
  }
  return found;
}

/** With another value there; undefined takes the field away, and the objects that this empties. */
export function setAt(value: unknown, path: Path, to: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return to;
  if (typeof step === "number") {
    const items = Array.isArray(value) ? [...(value as readonly unknown[])] : [];
    const item = setAt(items[step], rest, to);
    if (item === undefined && rest.length === 0) items.splice(step, 1);
    else items[step] = item ?? {};
    return items.length > 0 ? items : undefined;
  }
  const fields = new Map(isJson(value) ? Object.entries(value) : []);
  const field = setAt(fields.get(step), rest, to);
  if (field === undefined) fields.delete(step);
  else fields.set(step, field);
  return fields.size > 0 ? Object.fromEntries(fields) : undefined;
}

/** The JSON merge patch that makes `next` of `base`; undefined where they are the same. */
export function patchBetween(base: unknown, next: unknown): Json | undefined {
  if (!isJson(base) || !isJson(next)) return undefined;
  const patch = new Map<string, unknown>();
  for (const key of new Set([...Object.keys(base), ...Object.keys(next)])) {
    const [before, after] = [base[key], next[key]];
    if (after === undefined) {
      if (before !== undefined) patch.set(key, null);
    } else if (isJson(before) && isJson(after)) {
      const inner = patchBetween(before, after);
      if (inner) patch.set(key, inner);
    } else if (JSON.stringify(before) !== JSON.stringify(after)) patch.set(key, after);
  }
  return patch.size > 0 ? Object.fromEntries(patch) : undefined;
}

const SERVER_METADATA = [
  "uid",
  "resourceVersion",
  "generation",
  "creationTimestamp",
  "deletionTimestamp",
  "ownerReferences",
];

/** What a client may say of an object that is there: without status and what only servers write. */
export function editable(object: object): Json {
  const { status: _, metadata, ...rest } = object as Json;
  const kept = Object.entries(isJson(metadata) ? metadata : {}).filter(
    ([key, value]) => !SERVER_METADATA.includes(key) && value !== "",
  );
  const { apiVersion, kind, ...fields } = rest;
  return { apiVersion, kind, metadata: Object.fromEntries(kept), ...fields };
}

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
