import type { Status } from "../core/api/status";
import type { ScenarioObject } from "./parse-manifests";

/** A mistake in a document, where it is. */
export interface DocumentError {
  readonly message: string;
  /** 1-based. */
  readonly line?: number;
  readonly column?: number;
  /** `Service default/kuard`, where the document could be read. */
  readonly object?: string;
  /** `spec.ports[0].port`, where the API server names one. */
  readonly field?: string;
}

/** The API server's refusal of a document: one error for each wrong field, at its line. */
export function documentErrors(object: ScenarioObject, status: Status): DocumentError[] {
  const { causes = [] } = status;
  if (causes.length === 0) return [errorAt(object, "", status.message)];
  return causes.map(({ field, message }) => {
    const text = status.reason === "Invalid" ? `${field}: ${message}` : describe(status, message);
    return errorAt(object, field, text);
  });
}

export function errorAt(object: ScenarioObject, field: string, message: string): DocumentError {
  const where = { ...object.locate(field), object: object.source };
  return { message, ...where, ...(field !== "" && { field }) };
}

function describe(status: Status, message: string): string {
  return status.message.includes("strict decoding error: ")
    ? `strict decoding error: ${message}`
    : message;
}
