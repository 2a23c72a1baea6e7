import { createContext, useContext } from "react";
import type { DocumentError } from "../../worker/protocol";
import { formatPath, getAt, type Json, type Path } from "./manifest";

interface FormState {
  readonly manifest: Json;
  /** Undefined takes the field away. */
  readonly set: (path: Path, value: unknown) => void;
  readonly errors: readonly DocumentError[];
  /** The object is in the cluster already: what names it stays. */
  readonly exists: boolean;
}

export const FormContext = createContext<FormState | null>(null);

export function useForm(): FormState {
  const form = useContext(FormContext);
  if (!form) throw new Error("a field outside of a form");
  return form;
}

export function useValue(path: Path): unknown {
  return getAt(useForm().manifest, path);
}

/** What the API server says of a field and of what is in it, without the field's own name. `also` are other names that
 *  it has for the field. */
export function useFieldErrors(path: Path, also: readonly string[] = []): readonly string[] {
  const names = [formatPath(path), ...also];
  return useForm().errors.flatMap((error) =>
    names.some((name) => isWithin(error.field, name)) ? [messageOf(error)] : [],
  );
}

/** What is said of the very field: of an item of a list, not of the fields in it. */
export function useOwnErrors(path: Path): readonly string[] {
  const name = formatPath(path);
  return useForm().errors.flatMap((error) => (error.field === name ? [messageOf(error)] : []));
}

/** Kubernetes spells one of its fields with a capital letter in errors. */
export function isWithin(field: string | undefined, name: string): boolean {
  if (field === undefined) return false;
  const [inner, outer] = [field.toLowerCase(), name.toLowerCase()];
  return inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
}

function messageOf({ field, message }: DocumentError): string {
  return message.startsWith(`${field}: `) ? message.slice(`${field}: `.length) : message;
}
