import type { Listener } from "../../dataplane/netns";

/** Source: KubeProxyConfiguration healthzBindAddress. */
export const KUBE_PROXY_HEALTHZ_PORT = 10_256;

/** The /healthz of a kube-proxy that is a service of its machine and no pod. */
export function proxyHealthz(node: string): Listener {
  return {
    protocol: "tcp",
    port: KUBE_PROXY_HEALTHZ_PORT,
    owner: `node/${node}`,
    program: "healthz",
  };
}
