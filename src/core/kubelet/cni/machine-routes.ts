import type { Route } from "../../dataplane/netns";
import { type Cidr, cidr, cidrOf } from "../../net/cidr";
import type { Ipv4 } from "../../net/ipv4";
import type { CniNode } from "./node";

export const ANYWHERE = cidr("0.0.0.0/0");

/** What a node's machine has without any pod network: its subnet, and the VPC router for the rest. */
export function machineRoutes({ ip, link }: CniNode): readonly Route[] {
  return [
    { destination: ANYWHERE, via: link.network + 1, dev: "eth0" },
    { destination: link, dev: "eth0", src: ip, kernel: true },
  ];
}

/** Through another node. Nodes of another subnet are named as if on the same link, as host-gw routes need. */
export function routeVia(destination: Cidr, via: Ipv4, { prefix, network }: Cidr): Route {
  const near = cidrOf(via, prefix).network === network;
  return { destination, via, dev: "eth0", ...(!near && { onlink: true }) };
}
