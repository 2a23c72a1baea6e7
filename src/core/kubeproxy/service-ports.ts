import type { Service, ServicePort } from "../api/types";
import { type Cidr, parseCidr } from "../net/cidr";
import { type Ipv4, parseIpv4 } from "../net/ipv4";
import type { Protocol } from "../net/packet";
import { serviceChainName } from "./names";

/** One port of a Service as kube-proxy sees it. */
export interface ProxiedPort {
  /** `namespace/name`. */
  readonly service: string;
  /** Name of the port; "" when it has none. */
  readonly portName: string;
  /** `namespace/name:portName`, as comments and chain names have it. */
  readonly label: string;
  readonly protocol: Protocol;
  readonly port: number;
  readonly clusterIP: Ipv4;
  readonly externalIPs: readonly Ipv4[];
  /** Load balancer addresses that kube-proxy answers for itself. */
  readonly vips: readonly Ipv4[];
  /** 0: none. */
  readonly nodePort: number;
  /** 0: none. */
  readonly healthCheckNodePort: number;
  readonly sourceRanges: readonly Cidr[];
  readonly internalLocal: boolean;
  readonly externalLocal: boolean;
  /** NodePort, external IP or VIP: reachable from outside. */
  readonly hasExternalFront: boolean;
  /** The Cluster set is needed: for itself, or for external Local's short-circuits. */
  readonly usesCluster: boolean;
  readonly usesLocal: boolean;
  /** Seconds; absent: no session affinity. */
  readonly affinitySeconds?: number;
  readonly chains: {
    readonly svc: string;
    readonly svl: string;
    readonly ext: string;
    readonly fw: string;
  };
}

const DEFAULT_AFFINITY_SECONDS = 10_800;

/** Objects with these labels are somebody else's. Source: kube-proxy's informers (cmd/kube-proxy). */
const FOREIGN_LABELS = [
  "service.kubernetes.io/service-proxy-name",
  "service.kubernetes.io/headless",
] as const;

export function isForeign(object: { readonly metadata: Service["metadata"] }): boolean {
  const { labels } = object.metadata;
  return labels !== undefined && FOREIGN_LABELS.some((label) => labels[label] !== undefined);
}

/** No rules for it: headless, ExternalName, IPv6 only, or left to another proxy. */
export function isSkipped(service: Service): boolean {
  return (
    service.spec.type === "ExternalName" || isForeign(service) || clusterIpv4(service) === undefined
  );
}

const portsOf = new WeakMap<Service, readonly ProxiedPort[]>();

/** Read once for each version of a Service: its slices change more often than itself. */
export function proxiedPorts(service: Service): readonly ProxiedPort[] {
  let ports = portsOf.get(service);
  if (!ports) {
    ports = readPorts(service);
    portsOf.set(service, ports);
  }
  return ports;
}

function readPorts(service: Service): readonly ProxiedPort[] {
  const clusterIP = clusterIpv4(service);
  if (clusterIP === undefined || isSkipped(service)) return [];
  return (service.spec.ports ?? []).map((port) => proxiedPort(service, port, clusterIP));
}

function clusterIpv4({ spec }: Service): Ipv4 | undefined {
  for (const text of spec.clusterIPs ?? []) {
    const ip = parseIpv4(text);
    if (ip !== undefined) return ip;
  }
  return parseIpv4(spec.clusterIP ?? "");
}

function proxiedPort(service: Service, port: ServicePort, clusterIP: Ipv4): ProxiedPort {
  const { metadata, spec } = service;
  const name = `${metadata.namespace}/${metadata.name}`;
  const portName = port.name ?? "";
  const label = portName === "" ? name : `${name}:${portName}`;
  const protocol = (port.protocol ?? "TCP").toLowerCase() as Protocol;
  const externalIPs = (spec.externalIPs ?? []).map(parseIpv4).filter((ip) => ip !== undefined);
  const vips = vipsOf(service);
  const nodePort = port.nodePort ?? 0;
  const hasExternalFront = nodePort !== 0 || vips.length > 0 || externalIPs.length > 0;
  const internalLocal = spec.internalTrafficPolicy === "Local";
  const externalLocal = spec.externalTrafficPolicy === "Local" && acceptsExternal(service);
  const needsHealthCheck = spec.type === "LoadBalancer" && externalLocal;
  return {
    service: name,
    portName,
    label,
    protocol,
    port: port.port,
    clusterIP,
    externalIPs,
    vips,
    nodePort,
    healthCheckNodePort: needsHealthCheck ? (spec.healthCheckNodePort ?? 0) : 0,
    sourceRanges: (spec.loadBalancerSourceRanges ?? [])
      .map((text) => parseCidr(text.trim()))
      .filter((range) => range !== undefined),
    internalLocal,
    externalLocal,
    hasExternalFront,
    usesCluster: !internalLocal || hasExternalFront,
    usesLocal: internalLocal || (externalLocal && hasExternalFront),
    ...(spec.sessionAffinity === "ClientIP" && {
      affinitySeconds:
        spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? DEFAULT_AFFINITY_SECONDS,
    }),
    chains: {
      svc: serviceChainName("KUBE-SVC", label, protocol),
      get svl() {
        return serviceChainName("KUBE-SVL", label, protocol);
      },
      ext: serviceChainName("KUBE-EXT", label, protocol),
      get fw() {
        return serviceChainName("KUBE-FW", label, protocol);
      },
    },
  };
}

/** Where externalTrafficPolicy counts. */
function acceptsExternal({ spec }: Service): boolean {
  if (spec.type === "LoadBalancer" || spec.type === "NodePort") return true;
  return spec.type === "ClusterIP" && (spec.externalIPs?.length ?? 0) > 0;
}

function vipsOf({ status }: Service): readonly Ipv4[] {
  return (status.loadBalancer.ingress ?? [])
    .filter(({ ipMode }) => ipMode === undefined || ipMode === "VIP")
    .map(({ ip }) => (ip === undefined ? undefined : parseIpv4(ip)))
    .filter((ip) => ip !== undefined);
}
