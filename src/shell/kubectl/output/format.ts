import type { KubeObject } from "../../../core/api/types";
import { failure } from "../failure";
import { groupSingular, RESOURCE_TYPES } from "../resources";
import { alignColumns, parseCustomColumns } from "./columns";
import { printGoTemplate } from "./go-template/print";
import { findJsonPath, parseJsonPath, printJsonPath } from "./jsonpath";
import { formatJson, formatYaml } from "./yaml";

const ALLOWED =
  "custom-columns,custom-columns-file,go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,wide,yaml";
const ALLOWED_FOR_CREATE =
  "go-template,go-template-file,json,jsonpath,jsonpath-as-json,jsonpath-file,name,template,templatefile,yaml";

export interface OutputHow {
  /** One object was asked for by name: it is printed alone, not in a list. */
  readonly single: boolean;
  readonly noHeaders: boolean;
  /** The list of `kubectl get`; other commands know no columns. */
  readonly columns: boolean;
  /** Whether a template's field that is not there is an error. */
  readonly strict?: boolean;
}

/** Objects in the form that `-o` names; undefined for the human-readable ones, which are tables. */
export function formatObjects(
  output: string,
  objects: readonly KubeObject[],
  { single, noHeaders, columns, strict = false }: OutputHow,
): string | undefined {
  const equals = output.indexOf("=");
  const name = equals < 0 ? output : output.slice(0, equals);
  const template = equals < 0 ? undefined : output.slice(equals + 1);
  const value = single && objects.length === 1 ? objects[0] : listOf(objects);
  switch (name) {
    case "yaml":
      return single ? objects.map(formatYaml).join("---\n") : formatYaml(value);
    case "json":
      return single && objects.length > 0
        ? objects.map((object) => `${formatJson(object)}\n`).join("")
        : `${formatJson(value)}\n`;
    case "name":
      return objects.map((object) => `${objectName(object)}\n`).join("");
    case "jsonpath":
      if (!template) throw failure("template format specified but no template given");
      return printJsonPath(parseJsonPath(template), value);
    case "jsonpath-as-json":
      if (!template) throw failure("template format specified but no template given");
      return `${formatJson(findJsonPath(parseJsonPath(template), value))}\n`;
    case "go-template":
      if (!template) throw failure("template format specified but no template given");
      return single
        ? objects.map((object) => printGoTemplate(template, object, strict)).join("")
        : printGoTemplate(template, value, strict);
    case "custom-columns": {
      if (!columns) break;
      const spec = parseCustomColumns(template ?? "");
      const rows = objects.map((object) => spec.map(({ print }) => print(object)));
      const header = spec.map(({ header: title }) => title);
      return alignColumns(noHeaders ? rows : [header, ...rows]);
    }
    case "wide":
    case "":
      if (columns) return undefined;
      break;
  }
  throw failure(
    `unable to match a printer suitable for the output format "${output}", allowed formats are: ${columns ? ALLOWED : ALLOWED_FOR_CREATE}`,
  );
}

function listOf(objects: readonly KubeObject[]) {
  return { apiVersion: "v1", items: objects, kind: "List", metadata: { resourceVersion: "" } };
}

/** `deployment.apps/web` */
export function objectName(object: {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string };
}): string {
  const slash = object.apiVersion.indexOf("/");
  const group = slash < 0 ? "" : object.apiVersion.slice(0, slash);
  const type = RESOURCE_TYPES.find((one) => one.kind === object.kind && one.group === group);
  const singular = type ? groupSingular(type) : object.kind.toLowerCase();
  return `${singular}/${object.metadata.name}`;
}
