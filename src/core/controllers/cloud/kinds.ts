import type { ClusterConfig } from "../../api/cluster-config";
import type { Service } from "../../api/types";

const TYPE_ANNOTATION = "service.beta.kubernetes.io/aws-load-balancer-type";
const PROXY_PROTOCOL_ANNOTATION = "service.beta.kubernetes.io/aws-load-balancer-proxy-protocol";

/** proxy: ends the client's connection and opens one of its own (classic ELB); nlb: hands packets on to a node, with the
 *  client's address as their source. */
export type LoadBalancerKind = "proxy" | "nlb";

/** Source: cloud-provider-aws pkg/providers/v1, isNLB. */
export function kindOf(cloud: ClusterConfig["cloud"], { metadata }: Service): LoadBalancerKind {
  return cloud === "aws" && metadata.annotations?.[TYPE_ANNOTATION] === "nlb" ? "nlb" : "proxy";
}

/** A load balancer that another controller makes, which this cluster does not have.
 *  Source: cloud-provider-aws pkg/providers/v1, isLBExternal. */
export function isExternal(cloud: ClusterConfig["cloud"], { metadata }: Service): boolean {
  const type = metadata.annotations?.[TYPE_ANNOTATION] ?? "";
  return cloud === "aws" && (type === "external" || type === "nlb-ip");
}

/** What the annotation asks for: the client's address in a line before its first bytes. The cloud controller knows it of
 *  classic ELBs alone. */
export function proxyProtocolOf({ metadata }: Service): string | undefined {
  return metadata.annotations?.[PROXY_PROTOCOL_ANNOTATION];
}

export function speaksProxyProtocol(cloud: ClusterConfig["cloud"], service: Service): boolean {
  return cloud === "aws" && kindOf(cloud, service) === "proxy" && proxyProtocolOf(service) === "*";
}

/** Source: cloud-provider-aws pkg/providers/v1, EnsureLoadBalancer. */
export function badProxyProtocol(service: Service): string | undefined {
  const value = proxyProtocolOf(service);
  return !value || value === "*"
    ? undefined
    : `annotation "${PROXY_PROTOCOL_ANNOTATION}"="${value}" detected, but the only value supported currently is '*'`;
}
