import type { Service } from "../../core/api/types";
import type { ClientsSeen, SeenClient } from "../../core/cluster/clients-seen";

/** Why the pods see whom they see. What was seen decides, and the Service's policy says why it was so. */
export function whySeen(way: ClientsSeen, { spec }: Service): string {
  const isLocal = spec.externalTrafficPolicy === "Local";
  const reasons = new Set(way.seen.map((one) => reasonOf(one, way, isLocal)));
  return [...reasons].join("; ");
}

function reasonOf({ ip, owner = "" }: SeenClient, way: ClientsSeen, isLocal: boolean): string {
  if (ip === way.fromIp) {
    if (way.way === "clusterIP") return "only the destination is rewritten inside the cluster";
    return isLocal
      ? "externalTrafficPolicy Local: the node has no reason to masquerade, its own pod answers"
      : "nothing on the way rewrites the source";
  }
  if (owner.startsWith("elb/"))
    return "the load balancer opens a connection of its own; policy Local keeps that one's address";
  if (owner === "natgw") return "the NAT gateway puts its own address in the place of the client's";
  if (owner.startsWith("node/") && way.way !== "clusterIP")
    return "externalTrafficPolicy Cluster: the node that took it masquerades, so that the answer comes back through it";
  return way.way === "clusterIP"
    ? "masqueraded: the Service sent the pod to itself, or kube-proxy masquerades everything"
    : "it was masqueraded on the way";
}
