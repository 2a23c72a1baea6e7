import { sameJson } from "../json";
import { isEmptySelector, matchesSelector } from "../labels";
import type { DaemonSet, Deployment, LabelSelector, PodTemplate, ReplicaSet } from "../types";
import {
  type FieldError,
  forbidden,
  goLabelSelector,
  goStringMap,
  invalid,
  required,
  unsupported,
} from "./field-error";
import { rule, validateLabels, validateLabelsAndAnnotations, validateObjectMeta } from "./meta";
import { checkQualifiedName } from "./names";
import { validatePodSpec } from "./pod";

export type Workload = Deployment | ReplicaSet | DaemonSet;

/** Source: ValidateDeployment, ValidateReplicaSet and ValidateDaemonSet in apps/validation. */
export function validateWorkload(workload: Workload): FieldError[] {
  const { spec } = workload;
  const errors = validateObjectMeta(workload);
  if (workload.kind !== "DaemonSet" && workload.spec.replicas < 0) {
    const { replicas } = workload.spec;
    errors.push(invalid("spec.replicas", replicas, "must be greater than or equal to 0"));
  }
  errors.push(...validateSelector(workload));
  errors.push(...validateTemplate(spec.template));
  if (workload.kind === "Deployment") errors.push(...validateStrategy(workload.spec));
  return errors;
}

export function validateWorkloadUpdate(workload: Workload, old: Workload): FieldError[] {
  const errors: FieldError[] = [];
  const { selector } = workload.spec;
  if (selector && !sameJson(selector, old.spec.selector)) {
    errors.push(invalid("spec.selector", goLabelSelector(selector), "field is immutable"));
  }
  return [...validateWorkload(workload), ...errors];
}

function validateSelector(workload: Workload): FieldError[] {
  const selector = workload.spec.selector as LabelSelector | undefined;
  const labels = workload.spec.template.metadata?.labels;
  const errors: FieldError[] = [];
  if (!selector) errors.push(required("spec.selector"));
  else {
    errors.push(...validateLabels(selector.matchLabels, "spec.selector.matchLabels"));
    errors.push(...validateExpressions(selector));
    if (isEmptySelector(selector)) {
      // Kubernetes says "deployment" of ReplicaSets too.
      const kind = workload.kind === "DaemonSet" ? "daemonset" : "deployment";
      const detail = `empty selector is invalid for ${kind}`;
      errors.push(invalid("spec.selector", goLabelSelector(selector), detail));
    }
  }
  if (!matchesSelector(selector, labels)) {
    const detail = "`selector` does not match template `labels`";
    errors.push(invalid("spec.template.metadata.labels", goStringMap(labels), detail));
  }
  return errors;
}

function validateExpressions(selector: LabelSelector): FieldError[] {
  return (selector.matchExpressions ?? []).flatMap((expression, index) => {
    const field = `spec.selector.matchExpressions[${index}]`;
    const errors = rule(`${field}.key`, expression.key ?? "", checkQualifiedName);
    const count = expression.values?.length ?? 0;
    switch (expression.operator) {
      case "In":
      case "NotIn":
        if (count === 0) {
          const detail = "must be specified when `operator` is 'In' or 'NotIn'";
          errors.push(required(`${field}.values`, detail));
        }
        break;
      case "Exists":
      case "DoesNotExist":
        if (count > 0) {
          const detail = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
          errors.push(forbidden(`${field}.values`, detail));
        }
        break;
      default:
        errors.push(
          invalid(`${field}.operator`, expression.operator ?? "", "not a valid selector operator"),
        );
    }
    return errors;
  });
}

function validateTemplate(template: PodTemplate): FieldError[] {
  const field = "spec.template";
  const errors = [
    ...validateLabelsAndAnnotations(template.metadata, `${field}.metadata`),
    ...validatePodSpec(template.spec, `${field}.spec`),
  ];
  const { restartPolicy = "Always" } = template.spec;
  if (restartPolicy !== "Always") {
    // It is refused once, here, even where it is no policy at all.
    const at = `${field}.spec.restartPolicy`;
    return [
      ...errors.filter((one) => one.field !== at),
      unsupported(at, restartPolicy, ["Always"]),
    ];
  }
  return errors;
}

function validateStrategy({ strategy }: Deployment["spec"]): FieldError[] {
  const field = "spec.strategy";
  switch (strategy?.type) {
    case undefined:
      return [];
    case "Recreate": {
      const detail = "may not be specified when strategy `type` is 'Recreate'";
      return strategy.rollingUpdate ? [forbidden(`${field}.rollingUpdate`, detail)] : [];
    }
    case "RollingUpdate": {
      const { maxSurge = 0, maxUnavailable = 0 } = strategy.rollingUpdate ?? {};
      const errors = [
        ...validateIntOrPercent(maxUnavailable, `${field}.rollingUpdate.maxUnavailable`),
        ...validateIntOrPercent(maxSurge, `${field}.rollingUpdate.maxSurge`),
      ];
      if (errors.length === 0 && isZero(maxSurge) && isZero(maxUnavailable)) {
        const detail = "may not be 0 when `maxSurge` is 0";
        errors.push(invalid(`${field}.rollingUpdate.maxUnavailable`, maxUnavailable, detail));
      }
      return errors;
    }
    default:
      return [unsupported(`${field}.type`, strategy?.type ?? "", ["Recreate", "RollingUpdate"])];
  }
}

function isZero(value: number | string): boolean {
  return value === 0 || value === "0%";
}

function validateIntOrPercent(value: number | string, field: string): FieldError[] {
  if (typeof value === "number") {
    return value < 0 ? [invalid(field, value, "must be greater than or equal to 0")] : [];
  }
  const detail =
    "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";
  return /^[0-9]+%$/.test(value) ? [] : [invalid(field, value, detail)];
}
