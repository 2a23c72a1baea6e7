import type { Node, PodSpec, Taint, Toleration } from "../api/types";

/** Whether one toleration covers a taint. Source: Toleration.ToleratesTaint: empty key and effect match all. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  if (toleration.operator === "Exists") return true;
  return Boolean(toleration.key) && (toleration.value ?? "") === (taint.value ?? "");
}

/** The first taint with one of these effects that nothing tolerates. */
export function findUntolerated(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
  effects: readonly Taint["effect"][],
): Taint | undefined {
  return taints?.find(
    (taint) =>
      effects.includes(taint.effect) &&
      !tolerations?.some((toleration) => tolerates(toleration, taint)),
  );
}

/** The pod's nodeSelector against the node's labels.
 *  Simplified: node and pod affinity are not modelled. */
export function matchesNodeSelector(spec: PodSpec, node: Node): boolean {
  const { nodeSelector } = spec;
  for (const key in nodeSelector) {
    if (node.metadata.labels?.[key] !== nodeSelector[key]) return false;
  }
  return true;
}
