import { keyOf, objectKey } from "../core/api/types";
import type { World } from "../core/cluster/world";
import { servedBackends } from "../core/gateway/routes";
import { gatewayIn } from "../core/gateway/status";
import type { GatewayRoute, GatewayView } from "./gateway-protocol";

export function gatewayViews(world: World): readonly GatewayView[] {
  const views: GatewayView[] = [];
  for (const pod of world.store.list("Pod")) {
    const gateway = gatewayIn(pod);
    if (!gateway) continue;
    const { namespace, name } = pod.metadata;
    const view = world.gatewayView(`pod/${namespace}/${name}`);
    const routes = servedBackends(view, gateway).map(
      ({ ingress, service }): GatewayRoute => ({
        ingress: objectKey(ingress),
        service: keyOf("Service", ingress.metadata.namespace, service),
      }),
    );
    views.push({ pod: objectKey(pod), routes });
  }
  return views;
}
