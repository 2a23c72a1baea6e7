import { locate } from "../../scenario/locate";
import { parseYaml } from "../../scenario/parse-yaml";
import type { DocumentError } from "../../worker/protocol";
import { isJson, type Json } from "./manifest";

/** One request, read from YAML: a manifest, or what is wrong with the text. */
export type ReadRequest =
  | { readonly ok: true; readonly manifest: Json }
  | { readonly ok: false; readonly errors: readonly DocumentError[] };

export function readRequest(text: string): ReadRequest {
  const { documents, errors } = parseYaml(text);
  if (errors.length > 0) return { ok: false, errors };
  const [first, second] = documents;
  if (!first) return refused("the text is empty: a request is one object");
  if (second)
    return refused("a form sends one object; “Write YAML” among the things to add takes several");
  return isJson(first.value)
    ? { ok: true, manifest: first.value }
    : refused("the text is no object: a request begins with apiVersion, kind and metadata");
}

function refused(message: string): ReadRequest {
  return { ok: false, errors: [{ message, line: 1, column: 1 }] };
}

/** The API server's errors at the lines of a text that says the same as the request. */
export function placedErrors(
  text: string,
  errors: readonly DocumentError[],
): readonly DocumentError[] {
  if (errors.length === 0) return errors;
  const { documents, lineCounter } = parseYaml(text);
  const [first] = documents;
  if (!first) return errors;
  const where = { document: first.document, lineCounter, root: [] };
  return errors.map((error) => ({ ...error, ...locate(where, error.field ?? "") }));
}
