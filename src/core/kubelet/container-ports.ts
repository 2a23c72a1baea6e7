import type { Container, Pod } from "../api/types";
import type { ControlContext, ServedPort } from "../controllers/context";
import { shortKey } from "../controllers/objects";
import { bindsClash, type Listener, type NetnsId } from "../dataplane/netns";
import { netnsOfPod } from "./cni/pod-ref";
import type { ControlState } from "./control";
import { probePort } from "./probe-check";

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
  const refuses = findRefused(state, pod, container);
  const served = ctx.programOf(container).filter(({ port }) => port !== refuses);
  const taken = served.find(isTaken);
  if (taken && !isGiven) return taken;
  const owner = netnsOfPod(pod.metadata);
  const listeners = served
    .filter((port) => !isTaken(port))
    .map((port): Listener => ({ ...port, owner, process: container.name }));
  if (listeners.length > 0) ctx.plane.addListeners(netns, listeners);
  return undefined;
}

/** The port that a program closes to say that it is not ready: a probe of the kind tcpSocket hears no other word. */
function findRefused(
  { kubelets }: ControlState,
  pod: Pod,
  container: Container,
): number | undefined {
  const { readinessProbe: probe } = container;
  if (!probe?.tcpSocket || !kubelets.pods.get(shortKey(pod))?.failedByHand) return undefined;
  return probePort(container, probe);
}

export function closePorts(ctx: ControlContext, pod: Pod, containers: readonly Container[]): void {
  const netns = ctx.plane.find(netnsOf(pod));
  if (!netns) return;
  const owner = netnsOfPod(pod.metadata);
  const names = new Set(containers.map(({ name }) => name));
  const isClosed = (one: Listener) =>
    one.owner === owner && one.process !== undefined && names.has(one.process);
  ctx.plane.put({ ...netns, listeners: netns.listeners.filter((one) => !isClosed(one)) });
}
