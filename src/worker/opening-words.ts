import type { Journey } from "../core/cluster/connection";

/** Who sends, and what for, where that is nobody's request by name or address: before the first hop's own words. */
export function openingWords({ to, options }: Pick<Journey, "to" | "options">): string {
  const { check } = options;
  if (check?.kind === "probe")
    return `The ${check.probe} probe of pod ${check.pod}: its kubelet connects from the node's own network to the pod's address. `;
  if (check?.kind === "target")
    return `A health check of the load balancer of ${check.service}: does ${check.node} answer? `;
  return to.startsWith("endpoints/")
    ? "The client has read the Service's endpoints itself and picked this one: it dials the pod, so no rule of the Service is asked. "
    : "";
}
