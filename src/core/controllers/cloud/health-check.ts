import type { Service } from "../../api/types";
import { SECOND } from "../../sim/time";
import type { LoadBalancerKind } from "./kinds";
import type { HealthCheck, LoadBalancerPort } from "./load-balancer";

/** Source: cloud-provider-aws, ensureLoadBalancerHealthCheck (classic) and the defaults of elbv2's target groups,
 *  buildNLBHealthCheckConfiguration. */
const TIMING = {
  proxy: { periodUs: 10 * SECOND, healthyThreshold: 2, unhealthyThreshold: 6 },
  nlb: { periodUs: 30 * SECOND, healthyThreshold: 3, unhealthyThreshold: 3 },
  nlbLocal: { periodUs: 10 * SECOND, healthyThreshold: 2, unhealthyThreshold: 2 },
} as const;

/** How a load balancer of that kind asks nodes whether they serve the Service.
 *  Simplified: an NLB has a target group for each port and checks each; here it checks the first port's. */
export function healthCheckOf(
  kind: LoadBalancerKind,
  { spec }: Service,
  [first]: readonly LoadBalancerPort[],
): HealthCheck {
  const { externalTrafficPolicy, healthCheckNodePort } = spec;
  if (externalTrafficPolicy === "Local" && healthCheckNodePort) {
    const timing = kind === "nlb" ? TIMING.nlbLocal : TIMING.proxy;
    return { kind: "http", port: healthCheckNodePort, ...timing };
  }
  return { kind: "tcp", port: first?.nodePort ?? 0, ...TIMING[kind] };
}
