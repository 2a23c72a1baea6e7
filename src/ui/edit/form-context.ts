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

/** What the API server says of a field and of what is in it, without the field's own name. */
export function useFieldErrors(path: Path): readonly string[] {
  const name = formatPath(path);
  return useForm().errors.flatMap(({ field, message }) => {
    if (field === undefined) return [];
    const isHere = field === name || field.startsWith(`${name}.`) || field.startsWith(`${name}[`);
    return isHere
      ? [message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message]
      : [];
  });
}
