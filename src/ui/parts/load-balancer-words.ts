import type { FabricView, LoadBalancerView } from "../../worker/protocol";

export function kindWords({ kind }: LoadBalancerView, cloud: FabricView["cloud"]): string {
  if (kind === "nlb") return "Network Load Balancer: hands packets on, the client's address stays";
  return cloud === "aws"
    ? "classic ELB: ends the client's connection, opens its own"
    : "proxy: ends the client's connection, opens its own";
}
