import { identify } from "../core/api/decode";
import { fieldOf, isList, isObject } from "../core/api/json";
import { findResource } from "../core/api/resources";
import { type DocumentError, errorAt } from "./document-error";
import { classify, noteOf } from "./kinds";
import { type Located, locate, type Position } from "./locate";
import { parseYaml } from "./parse-yaml";

/** A manifest, and where it came from. */
export interface ScenarioObject {
  readonly manifest: unknown;
  readonly line: number;
  readonly column: number;
  /** `Service default/kuard` */
  readonly source: string;
  /** Where one of its fields is written. */
  locate(fieldPath: string): Partial<Position>;
}

export interface ParsedManifests {
  readonly scenarios: readonly ScenarioObject[];
  readonly objects: readonly ScenarioObject[];
  /** `ServiceAccount default/frontend`: kinds that do not matter to the network. */
  readonly ignored: readonly string[];
  readonly errors: readonly DocumentError[];
}

/** A multi-document YAML text, sorted by what is to be done with each document. Lists are opened. */
export function parseManifests(text: string): ParsedManifests {
  const { documents, lineCounter, errors: syntaxErrors } = parseYaml(text);
  const scenarios: ScenarioObject[] = [];
  const objects: ScenarioObject[] = [];
  const ignored: string[] = [];
  const errors = [...syntaxErrors];

  const sort = (manifest: unknown, where: Located) => {
    if (
      openList(manifest, (item, index) =>
        sort(item, { ...where, root: [...where.root, "items", index] }),
      )
    ) {
      return;
    }
    const { apiVersion, kind } = identify(manifest);
    const object = scenarioObject(manifest, where);
    if (kind === "" || apiVersion === "") {
      objects.push(object);
      return;
    }
    switch (classify(apiVersion, kind)) {
      case "scenario":
        scenarios.push(object);
        break;
      case "object":
        objects.push(object);
        break;
      case "ignored":
        ignored.push(object.source + noteOf(kind));
        break;
      case "unknown":
        errors.push(
          errorAt(object, "kind", `no matches for kind "${kind}" in version "${apiVersion}"`),
        );
        break;
    }
  };

  for (const { document, value } of documents) sort(value, { document, lineCounter, root: [] });
  return { scenarios, objects, ignored, errors };
}

/** `kind: List`, and `ServiceList` with its like. Whether it was one. */
function openList(manifest: unknown, visit: (item: unknown, index: number) => void): boolean {
  const { kind, apiVersion } = identify(manifest);
  const items = fieldOf(manifest, "items");
  if (!kind.endsWith("List") || !isList(items)) return false;
  const itemKind = kind.slice(0, -"List".length);
  for (const [index, item] of items.entries()) {
    const typed =
      itemKind === "" || !isObject(item) ? item : { apiVersion, kind: itemKind, ...item };
    visit(typed, index);
  }
  return true;
}

function scenarioObject(manifest: unknown, where: Located): ScenarioObject {
  const start = locate(where, "");
  return {
    manifest,
    ...start,
    source: labelOf(manifest),
    locate: (fieldPath) => locate(where, fieldPath),
  };
}

/** `Service default/kuard`; cluster-scoped kinds have no namespace. */
function labelOf(manifest: unknown): string {
  const { apiVersion, kind, namespace, name } = identify(manifest);
  if (kind === "") return "document";
  const clusterScoped =
    findResource(apiVersion, kind)?.namespaced === false || CLUSTER_SCOPED.includes(kind);
  const shown = name === "" ? "" : ` ${name}`;
  return clusterScoped || name === "" ? kind + shown : `${kind} ${namespace || "default"}/${name}`;
}

const CLUSTER_SCOPED = [
  "Scenario",
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "IngressClass",
  "PersistentVolume",
  "PriorityClass",
  "StorageClass",
];
