import type { Suggestion } from "../core/api/cluster-config";
import {
  type FieldError,
  forbidden,
  invalid,
  required,
  tooMany,
} from "../core/api/validation/field-error";
import type { SuggestionSpec } from "./scenario-spec";

const MAX_SUGGESTIONS = 12;
const MAX_CHARACTERS = { title: 100, from: 300, to: 300, url: 300, command: 500 } as const;

/** Things to try, as far as they are right. Whether what they name exists, whoever tries them is told. */
export function suggestionsOf(
  specs: readonly SuggestionSpec[] | undefined,
  errors: FieldError[],
): readonly Suggestion[] | undefined {
  if (specs === undefined) return undefined;
  const field = "spec.suggestions";
  if (specs.length > MAX_SUGGESTIONS) {
    errors.push(tooMany(field, specs.length, MAX_SUGGESTIONS));
    return undefined;
  }
  return specs.flatMap((spec, index) => suggestionOf(spec, `${field}[${index}]`, errors) ?? []);
}

function suggestionOf(
  spec: SuggestionSpec,
  at: string,
  errors: FieldError[],
): Suggestion | undefined {
  const wrong = Object.entries(MAX_CHARACTERS).flatMap(([name, most]) =>
    checkText(`${at}.${name}`, spec[name as keyof SuggestionSpec], most),
  );
  const { title, from, to, url, command } = spec;
  if (!title) wrong.push(required(`${at}.title`));
  if (command !== undefined) {
    for (const name of ["to", "url"] as const) {
      if (spec[name] !== undefined)
        wrong.push(forbidden(`${at}.${name}`, "may not be set with `command`"));
    }
  } else {
    const detail = "a suggestion has `from` and `to`, or `command`";
    if (!from) wrong.push(required(`${at}.from`, detail));
    if (!to) wrong.push(required(`${at}.to`, detail));
  }
  errors.push(...wrong);
  if (wrong.length > 0 || !title) return undefined;
  if (command !== undefined) return { title, command, ...(from !== undefined && { from }) };
  return from && to ? { title, from, to, ...(url !== undefined && { url }) } : undefined;
}

const CONTROL_CHARACTERS = /\p{Cc}/u;

function checkText(field: string, value: string | undefined, most: number): FieldError[] {
  if (value === undefined) return [];
  if (value.trim() === "") return [required(field)];
  if (value.length > most)
    return [invalid(field, value.length, `must have at most ${most} characters`)];
  return CONTROL_CHARACTERS.test(value)
    ? [invalid(field, value, "must be one line of text, without control characters")]
    : [];
}
