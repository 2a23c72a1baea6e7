import { type RefObject, useLayoutEffect, useState } from "react";
import type { DocumentError } from "../../worker/protocol";
import { isWithin } from "./form-context";

type Control = HTMLInputElement | HTMLSelectElement | HTMLFieldSetElement;

/** Errors that no field on the screen tells of. */
export function useUnclaimed(
  form: RefObject<HTMLFormElement | null>,
  errors: readonly DocumentError[],
): readonly DocumentError[] {
  const [unclaimed, setUnclaimed] = useState(errors);
  useLayoutEffect(() => {
    const fields = controlsOf(form.current);
    const next = errors.filter(({ field }) => !fields.some((control) => claims(control, field)));
    setUnclaimed((before) => (isSame(before, next) ? before : next));
  });
  return unclaimed;
}

/** Puts the focus on the field that an error is about, or the nearest around it. */
export function focusField(form: HTMLFormElement | null, { field }: DocumentError): void {
  const found = controlsOf(form)
    .filter((control) => namesOf(control).some((name) => isWithin(field, name)))
    .sort((a, b) => b.name.length - a.name.length)[0];
  const target =
    found instanceof HTMLFieldSetElement
      ? found.querySelector<HTMLElement>("input, select, button")
      : found;
  for (let part = target?.closest("details"); part; part = part.parentElement?.closest("details"))
    part.open = true;
  target?.focus();
}

function controlsOf(form: HTMLFormElement | null): readonly Control[] {
  return [...(form?.querySelectorAll<Control>(".form-body [name]") ?? [])];
}

function namesOf(control: Control): readonly string[] {
  const also = control.dataset.also?.split(" ") ?? [];
  return control.name === "" ? also : [control.name, ...also];
}

/** A list tells of itself and its rows, not of all that is in them. */
function claims(control: Control, field: string | undefined): boolean {
  return control instanceof HTMLFieldSetElement || control.dataset.outer === ""
    ? control.name === field
    : namesOf(control).some((name) => isWithin(field, name));
}

function isSame(a: readonly DocumentError[], b: readonly DocumentError[]): boolean {
  return a.length === b.length && a.every((error, index) => error === b[index]);
}
