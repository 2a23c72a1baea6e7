import type { Container, Pod } from "../api/types";
import { KUBE_PROXY_HEALTHZ_PORT } from "../controllers/cloud/healthz";
import type { ControlContext, ServedPort } from "../controllers/context";
import { enqueue } from "../controllers/events";
import { bindsClash, type Listener, type NetnsId } from "../dataplane/netns";
import { netnsOfPod } from "./cni/pod-ref";
import type { ControlState } from "./control";

/** The namespace whose sockets a pod's programs open. */
export function netnsOf(pod: Pod): NetnsId {
  return pod.spec.hostNetwork ? `node/${pod.spec.nodeName}` : netnsOfPod(pod.metadata);
}

/** A container's program opens its sockets: all, or none where one is taken, which is answered.
 *  With `isGiven` the container runs already, whatever we think of its ports: those that are free are opened. */
export function openPorts(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  container: Container,
  isGiven = false,
): ServedPort | undefined {
  const netns = netnsOf(pod);
  const present = ctx.plane.find(netns)?.listeners ?? [];
  const isTaken = (port: ServedPort) => present.some((other) => bindsClash(port, other));
  const served = ctx.programOf(container);
  const taken = served.find(isTaken);
  if (taken && !isGiven) return taken;
  const owner = netnsOfPod(pod.metadata);
  const listeners = served
    .filter((port) => !isTaken(port))
    .map((port): Listener => ({ ...port, owner, process: container.name }));
  if (listeners.length > 0) ctx.plane.addListeners(netns, listeners);
  noteProxy(ctx, state, listeners);
  return undefined;
}

export function closePorts(
  ctx: ControlContext,
  state: ControlState,
  pod: Pod,
  containers: readonly Container[],
): void {
  const netns = ctx.plane.find(netnsOf(pod));
  if (!netns) return;
  const owner = netnsOfPod(pod.metadata);
  const names = new Set(containers.map(({ name }) => name));
  const isClosed = (one: Listener) =>
    one.owner === owner && one.process !== undefined && names.has(one.process);
  noteProxy(ctx, state, netns.listeners.filter(isClosed));
  ctx.plane.put({ ...netns, listeners: netns.listeners.filter((one) => !isClosed(one)) });
}

/** A kube-proxy that starts or stops takes its health check node ports along. */
function noteProxy(ctx: ControlContext, state: ControlState, listeners: readonly Listener[]): void {
  const isProxy = listeners.some(
    ({ port, program }) => program === "healthz" && port === KUBE_PROXY_HEALTHZ_PORT,
  );
  if (isProxy) enqueue(ctx, state.controllers, "healthzListenersDue", "");
}
