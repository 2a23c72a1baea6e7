import type { Condition, KubeObject, Node, OwnerReference, Pod } from "../api/types";
import { parseIpv4 } from "../net/ipv4";

export function findCondition(
  conditions: readonly Condition[] | undefined,
  type: string,
): Condition | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function isPodReady(pod: Pod): boolean {
  return findCondition(pod.status.conditions, "Ready")?.status === "True";
}

export function isTerminating(object: KubeObject): boolean {
  return object.metadata.deletionTimestamp !== undefined;
}

/** Succeeded or failed: it will never run again. */
export function isFinished(pod: Pod): boolean {
  return pod.status.phase === "Succeeded" || pod.status.phase === "Failed";
}

/** Counts towards its controller's replicas. */
export function isActive(pod: Pod): boolean {
  return !isFinished(pod) && !isTerminating(pod);
}

export function controllerRef(object: KubeObject): OwnerReference | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller);
}

export function isNodeReady(node: Node): boolean {
  return findCondition(node.status.conditions, "Ready")?.status === "True";
}

export function internalIp(node: Node): string | undefined {
  return nodeAddress(node, "InternalIP");
}

/** The IPv4 one: a dual-stack node has two. */
export function nodeAddress(node: Node, kind: "InternalIP" | "ExternalIP"): string | undefined {
  return node.status.addresses?.find(
    ({ type, address }) => type === kind && parseIpv4(address) !== undefined,
  )?.address;
}

/** `conditions` with this one set; its transition time moves only when its status does. */
export function withCondition(
  conditions: readonly Condition[] = [],
  next: Condition,
): readonly Condition[] {
  const previous = findCondition(conditions, next.type);
  if (!previous) return [...conditions, next];
  const merged =
    previous.status === next.status && previous.lastTransitionTime
      ? { ...next, lastTransitionTime: previous.lastTransitionTime }
      : next;
  return conditions.map((condition) => (condition === previous ? merged : condition));
}
