import { expect, test } from "vitest";
import { schemaOf } from "../../../core/api/decode";
import type { Schema } from "../../../core/api/schema";
import { KINDS, type Kind } from "../../../core/api/types";
import { describedKeys, descriptionOf } from "./descriptions";

/** Every Go type of some kinds, with its fields. */
function typesOf(kinds: readonly Kind[]): ReadonlyMap<string, ReadonlySet<string>> {
  const types = new Map<string, Set<string>>();
  const add = (schema: Schema): void => {
    if (schema.type === "list" || schema.type === "map") add(schema.of);
    if (schema.type !== "struct") return;
    const known = types.get(schema.go);
    const fields = known ?? new Set<string>();
    for (const name of Object.keys(schema.fields)) fields.add(name);
    if (known) return;
    types.set(schema.go, fields);
    for (const field of Object.values(schema.fields)) add(field);
  };
  for (const kind of kinds) add(schemaOf(kind));
  return types;
}

const CORE: readonly Kind[] = [
  "Deployment",
  "DaemonSet",
  "Endpoints",
  "EndpointSlice",
  "Event",
  "Namespace",
  "Node",
  "Pod",
  "ReplicaSet",
  "Service",
];

test("every field of the core kinds has a description", () => {
  const missing: string[] = [];
  for (const [go, fields] of typesOf(CORE)) {
    if (descriptionOf(go) === "") missing.push(go);
    for (const field of fields) if (descriptionOf(go, field) === "") missing.push(`${go}.${field}`);
  }
  expect(missing).toEqual([]);
});

test("nothing is described that is not there", () => {
  const types = typesOf(KINDS);
  const stale = describedKeys().filter((key) => {
    const [version, name, field] = key.split(".");
    if (version === "*") return false;
    const fields = types.get(`${version}.${name}`);
    return !fields || (field !== undefined && !fields.has(field));
  });
  expect(stale).toEqual([]);
});
