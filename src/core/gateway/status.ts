import { matchesLabels } from "../api/labels";
import type { Ingress, LoadBalancerIngress, Pod } from "../api/types";
import type { ControlContext } from "../controllers/context";
import type { View } from "../controllers/older-view";
import { internalIp, isPodReady, isTerminating } from "../controllers/pod-facts";
import { type Gateway, gatewayOf } from "../programs/gateways";
import { servedIngresses } from "./routes";

/** A gateway writes into the Ingresses that it serves where clients find it, as one of its pods: the first by name.
 *  Simplified: at once, where ingress-nginx does it once a minute; it takes nothing away when it goes. */
export function publishStatus(ctx: ControlContext, server: string, view: View): void {
  const [, namespace = "", name = ""] = server.split("/");
  const pod = ctx.store.find("Pod", namespace, name);
  const gateway = pod && gatewayIn(pod);
  if (!pod || !gateway || !isLeader(ctx, pod, gateway)) return;
  const ingress = addressesOf(ctx, pod);
  if (ingress === undefined) return;
  for (const served of servedIngresses(view, gateway)) {
    const { metadata } = served;
    const now = ctx.store.find("Ingress", metadata.namespace, metadata.name);
    if (now && now.metadata.uid === metadata.uid) write(ctx, now, ingress, gateway);
  }
}

function write(
  ctx: ControlContext,
  ingress: Ingress,
  addresses: readonly LoadBalancerIngress[],
  { program }: Gateway,
): void {
  const has = ingress.status.loadBalancer.ingress ?? [];
  if (JSON.stringify(has) === JSON.stringify(addresses)) return;
  const loadBalancer = addresses.length > 0 ? { ingress: addresses } : {};
  const stored = ctx.store.put({ ...ingress, status: { ...ingress.status, loadBalancer } });
  // Only ingress-nginx tells. Source: its internal/ingress/controller/store.
  if (program === "nginx")
    ctx.recordEvent(stored, "Normal", "Sync", "Scheduled for sync", "nginx-ingress-controller");
}

export function gatewayIn({ spec }: Pod): Gateway | undefined {
  for (const container of spec.containers) {
    const gateway = gatewayOf(container);
    if (gateway) return gateway;
  }
  return undefined;
}

function isLeader({ store }: ControlContext, pod: Pod, { ingressClass }: Gateway): boolean {
  const own = (one: Pod) => one.metadata.namespace === pod.metadata.namespace;
  for (const other of store.list("Pod"))
    if (
      own(other) &&
      other.metadata.name < pod.metadata.name &&
      isPodReady(other) &&
      !isTerminating(other) &&
      gatewayIn(other)?.ingressClass === ingressClass
    )
      return false;
  return isPodReady(pod) && !isTerminating(pod);
}

/** Of the Service in front of it: its load balancer, or else the node that it runs on. */
function addressesOf(
  { store }: ControlContext,
  pod: Pod,
): readonly LoadBalancerIngress[] | undefined {
  const { namespace, labels } = pod.metadata;
  let isExposed = false;
  for (const { metadata, spec, status } of store.list("Service")) {
    if (metadata.namespace !== namespace || !matchesLabels(spec.selector, labels)) continue;
    if (spec.type === "LoadBalancer")
      return (status.loadBalancer.ingress ?? []).map(({ ip, hostname }) => ({
        ...(ip !== undefined && { ip }),
        ...(hostname !== undefined && { hostname }),
      }));
    isExposed ||= spec.type === "NodePort";
  }
  const node = store.find("Node", "", pod.spec.nodeName ?? "");
  const ip = node && (isExposed || pod.spec.hostNetwork) ? internalIp(node) : undefined;
  return ip === undefined ? undefined : [{ ip }];
}
