import type { Service } from "../../api/types";
import type { Listener } from "../../dataplane/netns";
import type { Plane } from "../../dataplane/plane";
import type { ControlContext } from "../context";
import { findAll, shortKey } from "../objects";
import type { ControllerState } from "../state";

/** Source: KubeProxyConfiguration healthzBindAddress. */
export const KUBE_PROXY_HEALTHZ_PORT = 10_256;

/** Whether a kube-proxy serves on this node: its own /healthz is up. */
export function isProxyRunning(plane: Plane, node: string): boolean {
  return (
    plane
      .find(`node/${node}`)
      ?.listeners.some(
        ({ port, program }) => program === "healthz" && port === KUBE_PROXY_HEALTHZ_PORT,
      ) ?? false
  );
}

/** The /healthz of a kube-proxy that is a service of its machine and no pod. */
export function proxyHealthz(node: string): Listener {
  return {
    protocol: "tcp",
    port: KUBE_PROXY_HEALTHZ_PORT,
    owner: `node/${node}`,
    program: "healthz",
  };
}

/** What kube-proxy answers on a Service's healthCheckNodePort: 200 with local ready endpoints, else 503.
 *  Simplified: computed from the store as it is now, not as that node's proxy last saw it. */
export function healthzOk(
  ctx: ControlContext,
  state: ControllerState,
  node: string,
  service: Service,
): boolean {
  if (!isProxyRunning(ctx.plane, node)) return false;
  const slices = findAll(ctx.store, "EndpointSlice", state.slicesByService.keys(shortKey(service)));
  return slices.some((slice) =>
    slice.endpoints.some(
      ({ nodeName, conditions }) => nodeName === node && conditions?.ready !== false,
    ),
  );
}

/** Opens and closes the health check node ports: each kube-proxy serves one for every Service with policy Local. */
export function syncHealthzListeners(ctx: ControlContext): void {
  const ports = new Set<number>();
  for (const { spec } of ctx.store.list("Service")) {
    if (spec.type !== "LoadBalancer" || spec.externalTrafficPolicy !== "Local") continue;
    if (spec.healthCheckNodePort) ports.add(spec.healthCheckNodePort);
  }
  for (const { metadata } of ctx.store.list("Node")) {
    const netns = ctx.plane.find(`node/${metadata.name}`);
    if (!netns) continue;
    const owner = `node/${metadata.name}`;
    const wanted = isProxyRunning(ctx.plane, metadata.name) ? [...ports] : [];
    const isOurs = (one: Listener) =>
      one.program === "healthz" && one.owner === owner && one.port !== KUBE_PROXY_HEALTHZ_PORT;
    const present = netns.listeners.filter(isOurs).map((one) => one.port);
    if (present.join() === wanted.join()) continue;
    const added = wanted.map(
      (port) => ({ protocol: "tcp", port, owner, program: "healthz" }) as const,
    );
    ctx.plane.put({
      ...netns,
      listeners: [...netns.listeners.filter((one) => !isOurs(one)), ...added],
    });
  }
}
