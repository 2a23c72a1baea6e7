import { sameJson } from "../json";
import type { Container, ContainerPort, Pod, PodSpec, Probe } from "../types";
import { diffJson } from "./diff";
import {
  duplicate,
  type FieldError,
  forbidden,
  invalid,
  required,
  unsupported,
} from "./field-error";
import { rule, validateLabels, validateObjectMeta } from "./meta";
import { checkDns1123Label, checkDns1123Subdomain, checkPortName, checkPortNumber } from "./names";

const RESTART_POLICIES = ["Always", "OnFailure", "Never"];
const DNS_POLICIES = ["ClusterFirst", "ClusterFirstWithHostNet", "Default", "None"];
const PROTOCOLS = ["SCTP", "TCP", "UDP"];

/** Source: ValidatePod in core/validation. Simplified: volumes, security, resources and scheduling are not looked at. */
export function validatePod(pod: Pod): FieldError[] {
  return [...validateObjectMeta(pod), ...validatePodSpec(pod.spec, "spec")];
}

/** Source: ValidatePodUpdate. */
export function validatePodUpdate(pod: Pod, old: Pod): FieldError[] {
  const errors = validatePod(pod);
  const before = withoutMutableFields(old.spec, old.spec);
  const after = withoutMutableFields(pod.spec, old.spec);
  if (!sameJson(before, after)) {
    errors.push(
      forbidden(
        "spec",
        "pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)\n" +
          diffJson(before, after, "spec").join("\n"),
      ),
    );
  }
  return errors;
}

/** What may not change: images are blanked, added tolerations left out. */
function withoutMutableFields(spec: PodSpec, old: PodSpec): object {
  const blank = (containers: readonly Container[] | undefined) =>
    containers?.map((container) => ({ ...container, image: "" }));
  const tolerations = spec.tolerations?.filter((one) =>
    (old.tolerations ?? []).some((known) => sameJson(one, known)),
  );
  return {
    ...spec,
    containers: blank(spec.containers),
    initContainers: blank(spec.initContainers),
    tolerations: tolerations?.length ? tolerations : undefined,
    activeDeadlineSeconds: undefined,
  };
}

export function validatePodSpec(spec: PodSpec, field: string): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  if (spec.containers.length === 0) errors.push(required(`${field}.containers`));
  for (const [list, containers] of [
    ["containers", spec.containers],
    ["initContainers", spec.initContainers ?? []],
  ] as const) {
    for (const [index, container] of containers.entries()) {
      const at = `${field}.${list}[${index}]`;
      errors.push(...validateContainer(container, at, spec.hostNetwork === true));
      if (container.name !== "" && names.has(container.name)) {
        errors.push(duplicate(`${at}.name`, container.name));
      }
      names.add(container.name);
    }
  }
  const { restartPolicy = "Always", dnsPolicy = "ClusterFirst" } = spec;
  if (!RESTART_POLICIES.includes(restartPolicy)) {
    errors.push(unsupported(`${field}.restartPolicy`, restartPolicy, RESTART_POLICIES));
  }
  if (!DNS_POLICIES.includes(dnsPolicy)) {
    errors.push(unsupported(`${field}.dnsPolicy`, dnsPolicy, DNS_POLICIES));
  }
  const grace = spec.terminationGracePeriodSeconds ?? 0;
  if (grace < 0) {
    const at = `${field}.terminationGracePeriodSeconds`;
    errors.push(invalid(at, grace, "must be greater than or equal to 0"));
  }
  for (const [index, { lifecycle }] of spec.containers.entries()) {
    const seconds = lifecycle?.preStop?.sleep && (lifecycle.preStop.sleep.seconds ?? 0);
    if (seconds === undefined || (seconds > 0 && seconds <= grace)) continue;
    const at = `${field}.containers[${index}].lifecycle.preStop.sleep`;
    errors.push(invalid(at, seconds, wrongSleep(grace)));
  }
  errors.push(...validateLabels(spec.nodeSelector, `${field}.nodeSelector`));
  if (spec.nodeName)
    errors.push(...rule(`${field}.nodeName`, spec.nodeName, checkDns1123Subdomain));
  if (spec.hostname) errors.push(...rule(`${field}.hostname`, spec.hostname, checkDns1123Label));
  if (spec.subdomain) errors.push(...rule(`${field}.subdomain`, spec.subdomain, checkDns1123Label));
  return errors;
}

/** Source: Kubernetes 1.32, validateSleepAction. */
function wrongSleep(grace: number): string {
  return `must be greater than 0 and less than terminationGracePeriodSeconds (${grace}). Please enable PodLifecycleSleepActionAllowZero feature gate if you need a sleep of zero duration.`;
}

function validateContainer(
  container: Container,
  field: string,
  hostNetwork: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  if (container.name === "") errors.push(required(`${field}.name`));
  else errors.push(...rule(`${field}.name`, container.name, checkDns1123Label));
  if (container.image.trim() === "") errors.push(required(`${field}.image`));
  else if (container.image !== container.image.trim()) {
    const detail = "must not have leading or trailing whitespace";
    errors.push(invalid(`${field}.image`, container.image, detail));
  }
  const names = new Set<string>();
  for (const [index, port] of (container.ports ?? []).entries()) {
    const at = `${field}.ports[${index}]`;
    if (port.name) {
      errors.push(...rule(`${at}.name`, port.name, checkPortName));
      if (names.has(port.name)) errors.push(duplicate(`${at}.name`, port.name));
      names.add(port.name);
    }
    errors.push(...validateContainerPort(port, at, hostNetwork));
  }
  for (const probe of ["livenessProbe", "readinessProbe", "startupProbe"] as const) {
    const value = container[probe];
    if (value) errors.push(...validateProbe(value, `${field}.${probe}`, probe));
  }
  return errors;
}

function validateContainerPort(
  port: ContainerPort,
  field: string,
  hostNetwork: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  const { containerPort, hostPort } = port;
  if (containerPort === 0) errors.push(required(`${field}.containerPort`));
  else {
    errors.push(
      ...checkPortNumber(containerPort).map((problem) =>
        invalid(`${field}.containerPort`, containerPort, problem),
      ),
    );
  }
  if (hostPort !== undefined) {
    errors.push(
      ...checkPortNumber(hostPort).map((problem) =>
        invalid(`${field}.hostPort`, hostPort, problem),
      ),
    );
    if (hostNetwork && hostPort !== containerPort) {
      const detail = "must match `containerPort` when `hostNetwork` is true";
      errors.push(invalid(`${field}.hostPort`, hostPort, detail));
    }
  }
  if (!PROTOCOLS.includes(port.protocol)) {
    errors.push(unsupported(`${field}.protocol`, port.protocol, PROTOCOLS));
  }
  return errors;
}

const PROBE_NUMBERS = [
  "initialDelaySeconds",
  "timeoutSeconds",
  "periodSeconds",
  "successThreshold",
  "failureThreshold",
] as const;

function validateProbe(probe: Probe, field: string, kind: string): FieldError[] {
  const errors: FieldError[] = [];
  const handlers = [probe.exec, probe.httpGet, probe.tcpSocket, probe.grpc].filter(Boolean);
  if (handlers.length === 0) errors.push(required(field, "must specify a handler type"));
  for (const handler of ["httpGet", "tcpSocket"] as const) {
    const action = probe[handler];
    if (!action) continue;
    const at = `${field}.${handler}.port`;
    // The decoder lets it be absent; Go's zero is then 0.
    const port: number | string = action.port ?? 0;
    const problems = typeof port === "number" ? checkPortNumber(port) : checkPortName(port);
    errors.push(...problems.map((problem) => invalid(at, port, problem)));
  }
  if (probe.grpc) {
    const port = probe.grpc.port ?? 0;
    errors.push(
      ...checkPortNumber(port).map((problem) => invalid(`${field}.grpc.port`, port, problem)),
    );
  }
  for (const name of PROBE_NUMBERS) {
    const value = probe[name] ?? 0;
    if (value < 0)
      errors.push(invalid(`${field}.${name}`, value, "must be greater than or equal to 0"));
  }
  if (kind !== "readinessProbe" && (probe.successThreshold ?? 1) !== 1) {
    errors.push(invalid(`${field}.successThreshold`, probe.successThreshold ?? 1, "must be 1"));
  }
  return errors;
}
