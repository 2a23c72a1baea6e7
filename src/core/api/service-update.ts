import {
  isExternallyAccessible,
  needsClusterIp,
  needsHealthCheckNodePort,
  needsNodePorts,
  type ServiceSpec,
} from "./defaulting/service";
import { compact, sameJson } from "./json";

/** A new spec before validation: values that were allocated for the client are filled in again, and values that the
 *  new type cannot have are dropped where the client did not touch them.
 *  Source: patchAllocatedValues, NormalizeClusterIPs and dropTypeDependentFields in pkg/registry/core/service. */
export function prepareServiceUpdate(next: ServiceSpec, old: ServiceSpec): ServiceSpec {
  return compact(dropTypeDependentFields(patchAllocated(normalizeClusterIps(next, old), old), old));
}

/** Who changes clusterIP alone means clusterIPs too. */
function normalizeClusterIps(next: ServiceSpec, old: ServiceSpec): ServiceSpec {
  if (next.clusterIP === old.clusterIP || !sameJson(next.clusterIPs, old.clusterIPs)) return next;
  return { ...next, clusterIPs: next.clusterIP ? [next.clusterIP] : undefined };
}

function patchAllocated(next: ServiceSpec, old: ServiceSpec): ServiceSpec {
  let spec = next;
  if (needsClusterIp(old) && needsClusterIp(spec)) {
    const clusterIP = spec.clusterIP || old.clusterIP;
    const clusterIPs = spec.clusterIPs?.length ? spec.clusterIPs : old.clusterIPs;
    spec = { ...spec, clusterIP, clusterIPs };
  }
  if (needsNodePorts(old) && needsNodePorts(spec)) spec = patchNodePorts(spec, old);
  if (needsHealthCheckNodePort(old) && needsHealthCheckNodePort(spec)) {
    spec = { ...spec, healthCheckNodePort: spec.healthCheckNodePort || old.healthCheckNodePort };
  }
  return spec;
}

/** By name, since that is what stays when a port's number changes; not where the number is taken in the new spec. */
function patchNodePorts(next: ServiceSpec, old: ServiceSpec): ServiceSpec {
  const byName = new Map((old.ports ?? []).map((port) => [port.name ?? "", port.nodePort]));
  const used = new Set((next.ports ?? []).map((port) => port.nodePort));
  const ports = next.ports?.map((port) => {
    const known = byName.get(port.name ?? "");
    if (port.nodePort !== undefined || known === undefined || used.has(known)) return port;
    used.add(known);
    return { ...port, nodePort: known };
  });
  return { ...next, ports };
}

function dropTypeDependentFields(next: ServiceSpec, old: ServiceSpec): ServiceSpec {
  const spec: { -readonly [K in keyof ServiceSpec]: ServiceSpec[K] } = { ...next };
  const drop = (lost: boolean, ...fields: readonly (keyof ServiceSpec)[]) => {
    if (!lost) return;
    for (const field of fields) if (sameJson(spec[field], old[field])) delete spec[field];
  };
  drop(
    needsClusterIp(old) && !needsClusterIp(next),
    "clusterIP",
    "clusterIPs",
    "ipFamilies",
    "ipFamilyPolicy",
  );
  drop(needsHealthCheckNodePort(old) && !needsHealthCheckNodePort(next), "healthCheckNodePort");
  drop(
    old.type === "LoadBalancer" && next.type !== "LoadBalancer",
    "allocateLoadBalancerNodePorts",
    "loadBalancerClass",
  );
  drop(isExternallyAccessible(old) && !isExternallyAccessible(next), "externalTrafficPolicy");
  if (needsNodePorts(old) && !needsNodePorts(next) && sameNodePorts(next, old)) {
    spec.ports = next.ports?.map((port) => compact({ ...port, nodePort: undefined }));
  }
  return spec;
}

/** No nodePort in the new spec that was not in the old one. */
function sameNodePorts(next: ServiceSpec, old: ServiceSpec): boolean {
  const known = new Set((old.ports ?? []).map((port) => port.nodePort));
  return (next.ports ?? []).every(
    (port) => port.nodePort === undefined || known.has(port.nodePort),
  );
}
