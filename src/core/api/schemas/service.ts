import {
  any,
  bool,
  int32,
  intOrString,
  list,
  named,
  openStruct,
  string,
  stringMap,
  strings,
  struct,
} from "../schema";
import { TYPE_META } from "./meta";

const SERVICE_PORT = struct("v1.ServicePort", {
  name: string,
  protocol: named("v1.Protocol"),
  appProtocol: string,
  port: int32,
  targetPort: intOrString,
  nodePort: int32,
});

const SERVICE_SPEC = struct("v1.ServiceSpec", {
  ports: list(SERVICE_PORT),
  selector: stringMap,
  clusterIP: string,
  clusterIPs: strings,
  type: named("v1.ServiceType"),
  externalIPs: strings,
  sessionAffinity: named("v1.ServiceAffinity"),
  loadBalancerIP: string,
  loadBalancerSourceRanges: strings,
  externalName: string,
  externalTrafficPolicy: named("v1.ServiceExternalTrafficPolicy"),
  healthCheckNodePort: int32,
  publishNotReadyAddresses: bool,
  sessionAffinityConfig: struct("v1.SessionAffinityConfig", {
    clientIP: struct("v1.ClientIPConfig", { timeoutSeconds: int32 }),
  }),
  ipFamilies: list(named("v1.IPFamily")),
  ipFamilyPolicy: named("v1.IPFamilyPolicy"),
  allocateLoadBalancerNodePorts: bool,
  loadBalancerClass: string,
  internalTrafficPolicy: named("v1.ServiceInternalTrafficPolicy"),
  trafficDistribution: string,
});

export const SERVICE = struct("v1.Service", {
  ...TYPE_META,
  spec: SERVICE_SPEC,
  status: struct("v1.ServiceStatus", {
    loadBalancer: struct("v1.LoadBalancerStatus", {
      ingress: list(
        openStruct("v1.LoadBalancerIngress", {
          ip: string,
          hostname: string,
          ipMode: named("v1.LoadBalancerIPMode"),
        }),
      ),
    }),
    conditions: any,
  }),
});
