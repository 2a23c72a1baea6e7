import type { ClusterConfig } from "../../api/cluster-config";
import type { Service } from "../../api/types";

const TYPE_ANNOTATION = "service.beta.kubernetes.io/aws-load-balancer-type";

/** Why the cloud will not make this load balancer, in its own words; undefined when it will.
 *  Source: cloud-provider-aws pkg/providers/v1/aws.go, EnsureLoadBalancer. */
export function refusalOf(cloud: ClusterConfig["cloud"], service: Service): string | undefined {
  const { ports = [], sessionAffinity, loadBalancerIP } = service.spec;
  if (cloud !== "aws") return undefined;
  const isNlb = service.metadata.annotations?.[TYPE_ANNOTATION] === "nlb";
  if (ports.length === 0) return "requested load balancer with no ports";
  if (!isNlb && sessionAffinity === "ClientIP") {
    return "unsupported load balancer affinity: ClientIP";
  }
  if (!isNlb && ports.some((port) => port.protocol !== "TCP")) {
    return "Only TCP LoadBalancer is supported for AWS ELB";
  }
  if (new Set(ports.map((port) => port.protocol)).size > 1) {
    return "mixed protocol is not supported for LoadBalancer";
  }
  return loadBalancerIP ? "LoadBalancerIP cannot be specified for AWS ELB" : undefined;
}
