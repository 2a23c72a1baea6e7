import type { LabelSelector } from "../types";

/** One wrong field. Source: apimachinery/pkg/util/validation/field/errors.go. */
export interface FieldError {
  /** `spec.ports[0].port` */
  readonly field: string;
  /** What follows the field and a colon. */
  readonly message: string;
}

/** A value as Go's `%#v` writes it: slices, maps and structs. */
export interface GoLiteral {
  readonly go: string;
}

export type ErrorValue = string | number | boolean | GoLiteral;

export function invalid(field: string, value: ErrorValue, detail: string): FieldError {
  return { field, message: `Invalid value: ${formatValue(value)}: ${detail}` };
}

export function required(field: string, detail = ""): FieldError {
  return { field, message: detail === "" ? "Required value" : `Required value: ${detail}` };
}

export function forbidden(field: string, detail: string): FieldError {
  return { field, message: `Forbidden: ${detail}` };
}

export function duplicate(field: string, value: ErrorValue): FieldError {
  return { field, message: `Duplicate value: ${formatValue(value)}` };
}

export function tooMany(field: string, count: number, max: number): FieldError {
  return { field, message: `Too many: ${count}: must have at most ${max} items` };
}

export function unsupported(
  field: string,
  value: string,
  supported: readonly string[],
): FieldError {
  const list = supported.map((one) => JSON.stringify(one)).join(", ");
  return {
    field,
    message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${list}`,
  };
}

export function goStrings(items: readonly string[]): GoLiteral {
  return { go: `[]string{${items.map((item) => JSON.stringify(item)).join(", ")}}` };
}

export function goStringMap(map: Readonly<Record<string, string>> | undefined): GoLiteral {
  if (!map) return { go: "map[string]string(nil)" };
  const pairs = Object.keys(map)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(map[key])}`);
  return { go: `map[string]string{${pairs.join(", ")}}` };
}

export function goLabelSelector(selector: LabelSelector): GoLiteral {
  const expressions = selector.matchExpressions?.map((one) => {
    const values = one.values ? goStrings(one.values).go : "[]string(nil)";
    return `v1.LabelSelectorRequirement{Key:${JSON.stringify(one.key)}, Operator:${JSON.stringify(one.operator)}, Values:${values}}`;
  });
  const list = expressions ? `{${expressions.join(", ")}}` : "(nil)";
  return {
    go: `v1.LabelSelector{MatchLabels:${goStringMap(selector.matchLabels).go}, MatchExpressions:[]v1.LabelSelectorRequirement${list}}`,
  };
}

function formatValue(value: ErrorValue): string {
  if (typeof value === "object") return value.go;
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
