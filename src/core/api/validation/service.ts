import {
  isExternallyAccessible,
  isHeadless,
  needsHealthCheckNodePort,
  type ServiceSpec,
} from "../defaulting/service";
import type { Service, ServicePort } from "../types";
import { isCidr, isIp, NOT_A_CIDR, NOT_AN_IP, validateNonSpecialIp } from "./addresses";
import {
  duplicate,
  type FieldError,
  forbidden,
  goStrings,
  invalid,
  required,
  unsupported,
} from "./field-error";
import { rule, validateLabels, validateObjectMeta } from "./meta";
import {
  checkDns1123Label,
  checkDns1123Subdomain,
  checkPortName,
  checkPortNumber,
  checkQualifiedName,
} from "./names";

const TYPES = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
const PROTOCOLS = ["SCTP", "TCP", "UDP"];
const POLICIES = ["Cluster", "Local"];
const KUBELET_PORT = 10_250;
const MAX_AFFINITY_TIMEOUT_SECONDS = 86_400;

/** Source: ValidateService in core/validation. */
export function validateService(service: Service): FieldError[] {
  const { spec } = service;
  return [
    ...validateObjectMeta(service),
    ...validateType(spec),
    ...validatePorts(spec),
    ...validateLabels(spec.selector, "spec.selector"),
    ...validateAffinity(spec),
    ...validateClusterIps(spec),
    ...(spec.externalIPs ?? []).flatMap((ip, index) => {
      const field = `spec.externalIPs[${index}]`;
      return isIp(ip) ? validateNonSpecialIp(field, ip) : [invalid(field, ip, NOT_AN_IP)];
    }),
    ...validateNodePorts(spec),
    ...validateLoadBalancerFields(spec),
    ...validateTrafficPolicies(spec),
  ];
}

/** Source: ValidateServiceUpdate. */
export function validateServiceUpdate(service: Service, old: Service): FieldError[] {
  const errors: FieldError[] = [];
  const [from, to] = [old.spec, service.spec];
  if (needsHealthCheckNodePort(from) && needsHealthCheckNodePort(to)) {
    if (from.healthCheckNodePort !== to.healthCheckNodePort) {
      errors.push(forbidden("spec.healthCheckNodePort", "field is immutable"));
    }
  }
  if (from.type !== "ExternalName" && to.type !== "ExternalName") {
    const clusterIPs = to.clusterIPs ?? [];
    if (from.clusterIPs?.[0] !== undefined && from.clusterIPs[0] !== clusterIPs[0]) {
      errors.push(invalid("spec.clusterIPs[0]", goStrings(clusterIPs), "may not change once set"));
    }
  }
  if (from.type === "LoadBalancer" && to.type === "LoadBalancer") {
    if (from.loadBalancerClass !== to.loadBalancerClass) {
      const value = to.loadBalancerClass ?? { go: "(*string)(nil)" };
      errors.push(invalid("spec.loadBalancerClass", value, "may not change once set"));
    }
  }
  return [...errors, ...validateService(service)];
}

function validateType(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  if ((spec.ports?.length ?? 0) === 0 && !isHeadless(spec) && spec.type !== "ExternalName") {
    errors.push(required("spec.ports"));
  }
  switch (spec.type) {
    case "LoadBalancer":
    case "NodePort":
      if (spec.type === "LoadBalancer") errors.push(...forbidKubeletPort(spec));
      if (isHeadless(spec)) {
        const detail = `may not be set to 'None' for ${spec.type} services`;
        errors.push(invalid("spec.clusterIPs[0]", "None", detail));
      }
      return errors;
    case "ExternalName": {
      const notForThem = "may not be set for ExternalName services";
      if ((spec.clusterIPs?.length ?? 0) > 0) errors.push(forbidden("spec.clusterIPs", notForThem));
      if ((spec.ipFamilies?.length ?? 0) > 0) errors.push(forbidden("spec.ipFamilies", notForThem));
      if (spec.ipFamilyPolicy) errors.push(forbidden("spec.ipFamilyPolicy", notForThem));
      const name = (spec.externalName ?? "").replace(/\.$/, "");
      if (name === "") errors.push(required("spec.externalName"));
      else errors.push(...rule("spec.externalName", name, checkDns1123Subdomain));
      return errors;
    }
    case "ClusterIP":
      return errors;
    default:
      return [...errors, unsupported("spec.type", spec.type, TYPES)];
  }
}

function forbidKubeletPort(spec: ServiceSpec): FieldError[] {
  const detail = `may not expose port ${KUBELET_PORT} externally since it is used by kubelet`;
  return (spec.ports ?? []).flatMap((port, index) =>
    port.port === KUBELET_PORT ? [invalid(`spec.ports[${index}].port`, port.port, detail)] : [],
  );
}

function validatePorts({ ports = [] }: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const names = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const field = `spec.ports[${index}]`;
    if (port.name === undefined) {
      if (ports.length > 1) errors.push(required(`${field}.name`));
    } else {
      errors.push(...rule(`${field}.name`, port.name, checkDns1123Label));
      if (names.has(port.name)) errors.push(duplicate(`${field}.name`, port.name));
      names.add(port.name);
    }
    errors.push(...validatePort(port, field));
  }
  const seen = new Set<string>();
  for (const [index, port] of ports.entries()) {
    const key = `${port.protocol}/${port.port}`;
    if (seen.has(key)) errors.push(duplicate(`spec.ports[${index}]`, goServicePort(port)));
    seen.add(key);
  }
  return errors;
}

function validatePort(port: ServicePort, field: string): FieldError[] {
  const errors = checkPortNumber(port.port).map((problem) =>
    invalid(`${field}.port`, port.port, problem),
  );
  if (!PROTOCOLS.includes(port.protocol)) {
    errors.push(unsupported(`${field}.protocol`, port.protocol, PROTOCOLS));
  }
  const { targetPort } = port;
  const problems =
    typeof targetPort === "number" ? checkPortNumber(targetPort) : checkPortName(targetPort);
  errors.push(...problems.map((problem) => invalid(`${field}.targetPort`, targetPort, problem)));
  if (port.appProtocol !== undefined) {
    errors.push(...rule(`${field}.appProtocol`, port.appProtocol, checkQualifiedName));
  }
  return errors;
}

/** The key by which duplicates are found, as Go prints it. */
function goServicePort({ protocol, port }: ServicePort) {
  return {
    go: `core.ServicePort{Name:"", Protocol:"${protocol}", AppProtocol:(*string)(nil), Port:${port}, TargetPort:intstr.IntOrString{Type:0, IntVal:0, StrVal:""}, NodePort:0}`,
  };
}

function validateAffinity(spec: ServiceSpec): FieldError[] {
  const config = spec.sessionAffinityConfig;
  switch (spec.sessionAffinity) {
    case "None": {
      const detail = "must not be set when session affinity is None";
      return config ? [forbidden("spec.sessionAffinityConfig", detail)] : [];
    }
    case "ClientIP": {
      const seconds = config?.clientIP?.timeoutSeconds;
      if (seconds === undefined)
        return [required("spec.sessionAffinityConfig.clientIP.timeoutSeconds")];
      if (seconds > 0 && seconds <= MAX_AFFINITY_TIMEOUT_SECONDS) return [];
      const detail = `must be greater than 0 and less than ${MAX_AFFINITY_TIMEOUT_SECONDS}`;
      return [invalid("spec.sessionAffinityConfig.clientIP.timeoutSeconds", seconds, detail)];
    }
    default:
      return [
        unsupported("spec.sessionAffinity", spec.sessionAffinity ?? "", ["ClientIP", "None"]),
      ];
  }
}

/** Simplified: IPv4 single-stack; an IPv6 family is refused as a cluster without it does. */
function validateClusterIps(spec: ServiceSpec): FieldError[] {
  if (spec.type === "ExternalName") return [];
  const errors: FieldError[] = [];
  const clusterIPs = spec.clusterIPs ?? [];
  if (clusterIPs.length > 0 && spec.clusterIP === undefined) {
    const detail = "must be empty when `clusterIP` is not specified";
    errors.push(invalid("spec.clusterIPs", goStrings(clusterIPs), detail));
  } else if (clusterIPs.length > 0 && clusterIPs[0] !== spec.clusterIP) {
    errors.push(
      invalid("spec.clusterIPs", goStrings(clusterIPs), "first value must match `clusterIP`"),
    );
  }
  for (const [index, family] of (spec.ipFamilies ?? []).entries()) {
    const field = `spec.ipFamilies[${index}]`;
    if (family === "IPv6") errors.push(invalid(field, family, "not configured on this cluster"));
    else if (family !== "IPv4") errors.push(unsupported(field, family, ["IPv4", "IPv6"]));
  }
  if (spec.ipFamilyPolicy === "RequireDualStack") {
    const detail = "this cluster is not configured for dual-stack services";
    errors.push(invalid("spec.ipFamilyPolicy", spec.ipFamilyPolicy, detail));
  }
  for (const [index, ip] of clusterIPs.entries()) {
    const field = `spec.clusterIPs[${index}]`;
    if (ip === "None") {
      if (index > 0) errors.push(invalid(field, ip, NOT_AN_IP));
    } else if (!isIp(ip)) errors.push(invalid(field, ip, NOT_AN_IP));
  }
  if (clusterIPs.length > 1) {
    const detail = "may only hold up to 1 value";
    errors.push(invalid("spec.clusterIPs", goStrings(clusterIPs), detail));
  }
  return errors;
}

function validateNodePorts(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const seen = new Set<string>();
  for (const [index, { nodePort, protocol }] of (spec.ports ?? []).entries()) {
    if (nodePort === undefined) continue;
    const field = `spec.ports[${index}].nodePort`;
    if (spec.type === "ClusterIP") {
      errors.push(forbidden(field, "may not be used when `type` is 'ClusterIP'"));
    }
    const key = `${protocol}/${nodePort}`;
    if (seen.has(key)) errors.push(duplicate(field, nodePort));
    seen.add(key);
  }
  return errors;
}

function validateLoadBalancerFields(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const isLoadBalancer = spec.type === "LoadBalancer";
  const onlyThere = "may only be used when `type` is 'LoadBalancer'";
  const ranges = spec.loadBalancerSourceRanges ?? [];
  // The capital letter is Kubernetes'.
  const field = "spec.LoadBalancerSourceRanges";
  if (ranges.length > 0 && !isLoadBalancer) errors.push(forbidden(field, onlyThere));
  for (const [index, range] of ranges.entries()) {
    if (!isCidr(range.trim())) errors.push(invalid(`${field}[${index}]`, range, NOT_A_CIDR));
  }
  if (spec.allocateLoadBalancerNodePorts !== undefined && !isLoadBalancer) {
    errors.push(forbidden("spec.allocateLoadBalancerNodePorts", onlyThere));
  }
  if (spec.loadBalancerClass !== undefined) {
    if (!isLoadBalancer) errors.push(forbidden("spec.loadBalancerClass", onlyThere));
    else errors.push(...rule("spec.loadBalancerClass", spec.loadBalancerClass, checkQualifiedName));
  }
  return errors;
}

function validateTrafficPolicies(spec: ServiceSpec): FieldError[] {
  const errors: FieldError[] = [];
  const { externalTrafficPolicy: external, internalTrafficPolicy: internal } = spec;
  if (external !== undefined) {
    const field = "spec.externalTrafficPolicy";
    if (!isExternallyAccessible(spec)) {
      errors.push(invalid(field, external, "may only be set for externally-accessible services"));
    } else if (!POLICIES.includes(external)) errors.push(unsupported(field, external, POLICIES));
  }
  if (spec.healthCheckNodePort !== undefined && spec.healthCheckNodePort !== 0) {
    const field = "spec.healthCheckNodePort";
    const port = spec.healthCheckNodePort;
    if (!needsHealthCheckNodePort(spec)) {
      const detail =
        "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'";
      errors.push(invalid(field, port, detail));
    } else errors.push(...checkPortNumber(port).map((problem) => invalid(field, port, problem)));
  }
  if (internal !== undefined && !POLICIES.includes(internal)) {
    errors.push(unsupported("spec.internalTrafficPolicy", internal, POLICIES));
  }
  if (spec.trafficDistribution !== undefined && spec.trafficDistribution !== "PreferClose") {
    errors.push(unsupported("spec.trafficDistribution", spec.trafficDistribution, ["PreferClose"]));
  }
  return errors;
}
