import type { ClusterConfig } from "../../api/cluster-config";
import type { Service } from "../../api/types";
import { isExternal } from "./kinds";
import { refusalOf } from "./refusals";

/** Why a Service of type LoadBalancer has no external address; undefined where it has one, or is of another type. */
export function whyPending(cloud: ClusterConfig["cloud"], service: Service): string | undefined {
  const { spec, status } = service;
  if (spec.type !== "LoadBalancer" || status.loadBalancer.ingress?.length) return undefined;
  const { loadBalancerClass } = spec;
  if (cloud === "none")
    return "EXTERNAL-IP stays <pending>: the cluster has no cloud controller, as on bare metal. Its nodePort and externalIPs are ways in";
  if (loadBalancerClass !== undefined)
    return `EXTERNAL-IP stays <pending>: load balancers of class ${loadBalancerClass} are made by another controller, which this cluster does not have`;
  if (isExternal(cloud, service))
    return "EXTERNAL-IP stays <pending>: its annotation leaves it to the AWS Load Balancer Controller, which this cluster does not have";
  const refusal = refusalOf(cloud, service);
  return refusal === undefined
    ? "EXTERNAL-IP is <pending>: the cloud is making the load balancer"
    : `EXTERNAL-IP stays <pending>: the cloud refuses: ${refusal}`;
}
