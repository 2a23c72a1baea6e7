import { any, int32, list, named, openStruct, string, strings, struct } from "../schema";
import { TYPE_META } from "./meta";

const BACKEND = struct("v1.IngressBackend", {
  service: struct("v1.IngressServiceBackend", {
    name: string,
    port: struct("v1.ServiceBackendPort", { name: string, number: int32 }),
  }),
  resource: struct("v1.TypedLocalObjectReference", {
    apiGroup: string,
    kind: string,
    name: string,
  }),
});

export const INGRESS = struct("v1.Ingress", {
  ...TYPE_META,
  spec: struct("v1.IngressSpec", {
    ingressClassName: string,
    defaultBackend: BACKEND,
    tls: list(struct("v1.IngressTLS", { hosts: strings, secretName: string })),
    rules: list(
      struct("v1.IngressRule", {
        host: string,
        http: struct("v1.HTTPIngressRuleValue", {
          paths: list(
            struct("v1.HTTPIngressPath", {
              path: string,
              pathType: named("v1.PathType"),
              backend: BACKEND,
            }),
          ),
        }),
      }),
    ),
  }),
  status: struct("v1.IngressStatus", {
    loadBalancer: struct("v1.IngressLoadBalancerStatus", {
      ingress: list(
        openStruct("v1.IngressLoadBalancerIngress", { ip: string, hostname: string, ports: any }),
      ),
    }),
  }),
});
