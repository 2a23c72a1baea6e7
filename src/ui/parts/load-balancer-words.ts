import type { Service } from "../../core/api/types";
import type { FabricView, LoadBalancerView } from "../../worker/protocol";

/** Source: cloud-provider-aws pkg/providers/v1. */
const TYPE_ANNOTATION = "service.beta.kubernetes.io/aws-load-balancer-type";

export function kindWords({ kind }: LoadBalancerView, cloud: FabricView["cloud"]): string {
  if (kind === "nlb") return "Network Load Balancer: hands packets on, the client's address stays";
  return cloud === "aws"
    ? "classic ELB: ends the client's connection, opens its own"
    : "proxy: ends the client's connection, opens its own";
}

/** Why a Service of type LoadBalancer has no address; undefined where it has one, or is of another type. */
export function pendingWords(
  { metadata, spec, status }: Service,
  cloud: FabricView["cloud"],
): string | undefined {
  if (spec.type !== "LoadBalancer" || status.loadBalancer.ingress?.length) return undefined;
  if (spec.loadBalancerClass !== undefined)
    return `EXTERNAL-IP is <pending>: load balancers of class ${spec.loadBalancerClass} are another controller's, and this cluster has none such`;
  const type = metadata.annotations?.[TYPE_ANNOTATION];
  if (cloud === "aws" && (type === "external" || type === "nlb-ip"))
    return `EXTERNAL-IP is <pending>: load balancers of type ${type} are made by the AWS Load Balancer Controller, which this cluster does not have`;
  return cloud === "none"
    ? "EXTERNAL-IP stays <pending>: the cluster has no cloud controller, as on bare metal; nodePort and externalIPs are ways in"
    : "EXTERNAL-IP is <pending>: the cloud has not answered; see the events";
}
