import type { ClusterConfig } from "../../api/cluster-config";
import type { Service } from "../../api/types";
import { badProxyProtocol, kindOf } from "./kinds";

/** Why the cloud will not make this load balancer, in its own words; undefined when it will.
 *  Source: cloud-provider-aws pkg/providers/v1/aws.go, EnsureLoadBalancer. */
export function refusalOf(cloud: ClusterConfig["cloud"], service: Service): string | undefined {
  const { ports = [], sessionAffinity = "None", loadBalancerIP } = service.spec;
  if (cloud !== "aws") return undefined;
  const isNlb = kindOf(cloud, service) === "nlb";
  if (sessionAffinity !== "None") return `unsupported load balancer affinity: ${sessionAffinity}`;
  if (ports.length === 0) return "requested load balancer with no ports";
  if (new Set(ports.map((port) => port.protocol)).size > 1) {
    return "mixed protocol is not supported for LoadBalancer";
  }
  const refused = ports.find(
    ({ protocol }) => protocol !== "TCP" && !(isNlb && protocol === "UDP"),
  );
  if (refused) return `Protocol ${refused.protocol} not supported by LoadBalancer`;
  if (loadBalancerIP) return "LoadBalancerIP cannot be specified for AWS ELB";
  return isNlb ? undefined : badProxyProtocol(service);
}
