import { qualifiedKind, qualifiedPlural } from "./resources";
import type { Result, Status } from "./status";
import type { Kind } from "./types";
import type { FieldError } from "./validation/field-error";

/** Every way the API server says no. Source: apimachinery/pkg/api/errors/errors.go. */

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}

export function refuse<T>(status: Status): Result<T> {
  return { ok: false, status };
}

export function notFound(kind: Kind, name: string): Status {
  return { reason: "NotFound", code: 404, message: `${qualifiedPlural(kind)} "${name}" not found` };
}

export function alreadyExists(kind: Kind, name: string): Status {
  return {
    reason: "AlreadyExists",
    code: 409,
    message: `${qualifiedPlural(kind)} "${name}" already exists`,
  };
}

export function conflict(kind: Kind, name: string): Status {
  return {
    reason: "Conflict",
    code: 409,
    message: `Operation cannot be fulfilled on ${qualifiedPlural(kind)} "${name}": the object has been modified; please apply your changes to the latest version and try again`,
  };
}

export function forbiddenRequest(kind: Kind, name: string, why: string): Status {
  return {
    reason: "Forbidden",
    code: 403,
    message: `${qualifiedPlural(kind)} "${name}" is forbidden: ${why}`,
  };
}

export function badRequest(message: string, causes?: readonly FieldError[]): Status {
  return { reason: "BadRequest", code: 400, message, ...(causes && { causes }) };
}

export function internalError(message: string): Status {
  return { reason: "InternalError", code: 500, message: `Internal error occurred: ${message}` };
}

/** Equal errors are said once; several are put in brackets. */
export function invalidObject(kind: Kind, name: string, errors: readonly FieldError[]): Status {
  const causes = errors.filter(
    (error, index) =>
      errors.findIndex((one) => one.field === error.field && one.message === error.message) ===
      index,
  );
  const texts = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const all = texts.length === 1 ? texts[0] : `[${texts.join(", ")}]`;
  return {
    reason: "Invalid",
    code: 422,
    message: `${qualifiedKind(kind)} "${name}" is invalid: ${all}`,
    causes,
  };
}
