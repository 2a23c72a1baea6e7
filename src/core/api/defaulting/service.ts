import { compact } from "../json";
import type { Service, ServicePort } from "../types";

export type ServiceSpec = Service["spec"];

/** Reachable from outside the cluster, so that externalTrafficPolicy means something. */
export function isExternallyAccessible(spec: ServiceSpec): boolean {
  return (
    spec.type === "LoadBalancer" ||
    spec.type === "NodePort" ||
    (spec.type === "ClusterIP" && (spec.externalIPs?.length ?? 0) > 0)
  );
}

export function needsClusterIp(spec: ServiceSpec): boolean {
  return spec.type === "ClusterIP" || spec.type === "NodePort" || spec.type === "LoadBalancer";
}

export function needsNodePorts(spec: ServiceSpec): boolean {
  return spec.type === "NodePort" || spec.type === "LoadBalancer";
}

export function needsHealthCheckNodePort(spec: ServiceSpec): boolean {
  return spec.type === "LoadBalancer" && spec.externalTrafficPolicy === "Local";
}

export function isHeadless(spec: ServiceSpec): boolean {
  return spec.clusterIP === "None" || spec.clusterIPs?.[0] === "None";
}

const AFFINITY_TIMEOUT_SECONDS = 10_800;

/** Source: SetDefaults_Service in core/v1/defaults.go; clusterIPs and families as the registry fills them in.
 *  Simplified: the cluster is IPv4 single-stack. */
export function defaultServiceSpec(given: Partial<ServiceSpec>): ServiceSpec {
  const type = given.type || "ClusterIP";
  const sessionAffinity = given.sessionAffinity || "None";
  const spec: ServiceSpec = {
    ...given,
    type,
    sessionAffinity,
    sessionAffinityConfig:
      sessionAffinity === "None" ? undefined : defaultAffinity(given.sessionAffinityConfig),
    ...(given.ports && { ports: given.ports.map(defaultServicePort) }),
  };
  const routed = needsClusterIp(spec);
  const clusterIP = given.clusterIP || undefined;
  const clusterIPs = given.clusterIPs?.length
    ? given.clusterIPs
    : clusterIP
      ? [clusterIP]
      : undefined;
  return compact({
    ...spec,
    clusterIP,
    clusterIPs,
    internalTrafficPolicy: given.internalTrafficPolicy || (routed ? "Cluster" : undefined),
    externalTrafficPolicy:
      given.externalTrafficPolicy || (isExternallyAccessible(spec) ? "Cluster" : undefined),
    allocateLoadBalancerNodePorts:
      given.allocateLoadBalancerNodePorts ?? (type === "LoadBalancer" ? true : undefined),
    ipFamilies: given.ipFamilies ?? (routed ? ["IPv4"] : undefined),
    ipFamilyPolicy: given.ipFamilyPolicy || (routed ? "SingleStack" : undefined),
  });
}

function defaultAffinity(
  given: ServiceSpec["sessionAffinityConfig"],
): ServiceSpec["sessionAffinityConfig"] {
  if (given?.clientIP?.timeoutSeconds !== undefined) return given;
  return { clientIP: { timeoutSeconds: AFFINITY_TIMEOUT_SECONDS } };
}

function defaultServicePort(given: Partial<ServicePort>): ServicePort {
  const port = given.port ?? 0;
  const targetPort =
    given.targetPort === undefined || given.targetPort === 0 || given.targetPort === ""
      ? port
      : given.targetPort;
  return compact({
    ...given,
    name: given.name === "" ? undefined : given.name,
    protocol: given.protocol || "TCP",
    port,
    targetPort,
    nodePort: given.nodePort === 0 ? undefined : given.nodePort,
  });
}
