import { resourceOf } from "../resources";
import type { Kind, KubeObject, Labels, ObjectMeta } from "../types";
import { type FieldError, invalid, required } from "./field-error";
import {
  checkDns1035Label,
  checkDns1123Label,
  checkDns1123Subdomain,
  checkLabelValue,
  checkQualifiedName,
} from "./names";

/** One error for each problem that a rule finds. */
export function rule(
  field: string,
  value: string,
  check: (value: string) => readonly string[],
): FieldError[] {
  return check(value).map((problem) => invalid(field, value, problem));
}

const NAME_RULES: Partial<Record<Kind, (name: string) => string[]>> = {
  Service: checkDns1035Label,
  Namespace: checkDns1123Label,
};

export function validateObjectMeta(object: KubeObject): FieldError[] {
  const { metadata, kind } = object;
  const errors: FieldError[] = [];
  if (metadata.name === "") {
    errors.push(required("metadata.name", "name or generateName is required"));
  } else {
    errors.push(...rule("metadata.name", metadata.name, NAME_RULES[kind] ?? checkDns1123Subdomain));
  }
  if (resourceOf(kind).namespaced) {
    errors.push(...rule("metadata.namespace", metadata.namespace, checkDns1123Label));
  }
  return [...errors, ...validateLabelsAndAnnotations(metadata, "metadata")];
}

export function validateLabelsAndAnnotations(
  metadata: Pick<ObjectMeta, "labels" | "annotations"> | undefined,
  field: string,
): FieldError[] {
  return [
    ...validateLabels(metadata?.labels, `${field}.labels`),
    ...Object.keys(metadata?.annotations ?? {}).flatMap((key) =>
      checkQualifiedName(key.toLowerCase()).map((problem) =>
        invalid(`${field}.annotations`, key, problem),
      ),
    ),
  ];
}

export function validateLabels(labels: Labels | undefined, field: string): FieldError[] {
  return Object.entries(labels ?? {}).flatMap(([key, value]) => [
    ...rule(field, key, checkQualifiedName),
    ...rule(field, value, checkLabelValue),
  ]);
}
