import type { JsonObject } from "../../api/json";
import { matchesLabels } from "../../api/labels";
import {
  type Container,
  type DaemonSet,
  type Deployment,
  type Node,
  objectKey,
  type Pod,
  type ReplicaSet,
  type Service,
  type ServicePort,
} from "../../api/types";
import { controllerRef, internalIp, isNodeReady, nodeAddress } from "../../controllers/pod-facts";
import { isLoopback } from "../../dataplane/addresses";
import { formatIpv4, type Ipv4 } from "../../net/ipv4";
import type { Protocol } from "../../net/packet";
import type { SharedEdit } from "../command";
import type { World } from "../world";

export type Workload = Deployment | ReplicaSet | DaemonSet;

/** Whose template the pod was made from; a ReplicaSet's is its Deployment's. */
export function workloadOf({ store }: World, pod: Pod): Workload | undefined {
  const { namespace } = pod.metadata;
  const owner = controllerRef(pod);
  if (owner?.kind === "DaemonSet") return store.find("DaemonSet", namespace, owner.name);
  if (owner?.kind !== "ReplicaSet") return undefined;
  const set = store.find("ReplicaSet", namespace, owner.name);
  const above = set && controllerRef(set);
  return above?.kind === "Deployment" ? store.find("Deployment", namespace, above.name) : set;
}

/** Those that people wrote: a Deployment's ReplicaSets are left out. */
export function workloadsIn({ store }: World, namespace: string): readonly Workload[] {
  const all = [
    ...store.list("Deployment"),
    ...store.list("DaemonSet"),
    ...[...store.list("ReplicaSet")].filter((set) => !controllerRef(set)),
  ];
  return all.filter(({ metadata }) => metadata.namespace === namespace);
}

export function podsIn({ store }: World, namespace: string): readonly Pod[] {
  return [...store.list("Pod")].filter(({ metadata }) => metadata.namespace === namespace);
}

export function selectedPods(world: World, { metadata, spec }: Service): readonly Pod[] {
  return podsIn(world, metadata.namespace).filter((pod) =>
    matchesLabels(spec.selector, pod.metadata.labels),
  );
}

/** The one that has the address; of pods in their node's network none. */
export function podAt({ store }: World, ip: Ipv4): Pod | undefined {
  const text = formatIpv4(ip);
  return [...store.list("Pod")].find(
    ({ spec, status }) => status.podIP === text && !spec.hostNetwork,
  );
}

export function nodeAt({ store }: World, ip: Ipv4): Node | undefined {
  const text = formatIpv4(ip);
  return [...store.list("Node")].find(
    (node) => internalIp(node) === text || nodeAddress(node, "ExternalIP") === text,
  );
}

/** A machine that is off, or of which the cluster has not heard for long. */
export function isNodeDead(world: World, name: string): boolean {
  const node = world.store.find("Node", "", name);
  const isOff = world.plane.find(`node/${name}`)?.up === false;
  return isOff || (node !== undefined && !isNodeReady(node));
}

export interface Listening {
  readonly protocol: Protocol;
  readonly port: number;
  /** The only address that it is served at. */
  readonly ip?: Ipv4;
}

/** Whoever asks the pod from elsewhere can reach it. */
export function isOpen({ ip }: Listening): boolean {
  return ip === undefined || !isLoopback(ip);
}

/** What the pod's containers serve now. */
export function listeningOf(world: World, pod: Pod): readonly Listening[] {
  const owner = `pod/${pod.metadata.namespace}/${pod.metadata.name}`;
  const netns = pod.spec.hostNetwork ? `node/${pod.spec.nodeName}` : owner;
  return (world.plane.find(netns)?.listeners ?? []).filter((one) => one.owner === owner);
}

export function listeningText(listening: readonly Listening[]): string {
  if (listening.length === 0) return "nothing";
  return listening
    .map((one) => {
      const at = isOpen(one) ? "" : " (127.0.0.1 only)";
      return `${one.protocol.toUpperCase()} ${one.port}${at}`;
    })
    .join(", ");
}

/** Sets fields of one of a Service's ports. A merge patch replaces lists as a whole. */
export function patchPort(
  service: Service,
  port: ServicePort,
  change: Partial<ServicePort>,
): SharedEdit {
  const ports = (service.spec.ports ?? []).map((one) =>
    one === port ? { ...one, ...change } : one,
  );
  return patch(service, { spec: { ports: ports } });
}

export function patch(object: Parameters<typeof objectKey>[0], change: JsonObject): SharedEdit {
  return { type: "patch", key: objectKey(object), patch: change };
}

/** Changes a container of a workload's template. */
export function patchContainer(
  workload: Workload,
  name: string,
  change: (container: Container) => Container,
): SharedEdit {
  const containers = workload.spec.template.spec.containers.map((container) =>
    container.name === name ? change(container) : container,
  );
  return patch(workload, {
    spec: { template: { spec: { containers: containers } } },
  });
}

export function resourceText({ kind, metadata }: Parameters<typeof objectKey>[0]): string {
  const name = metadata.namespace === "" ? metadata.name : `${metadata.namespace}/${metadata.name}`;
  return `${kind} ${name}`;
}
