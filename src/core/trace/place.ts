/** Where a hop happens, as a stable name that the canvas has an anchor for:
 *
 *  - `host/NAME`                    an off-cluster host, the API server, the cloud's resolver
 *  - `internet`, `igw`, `natgw`, `vpc`   the fabric: internet, internet gateway, NAT gateway, VPC router
 *  - `elb/NAMESPACE/NAME`           the load balancer of a Service
 *  - `node/NAME/PART`               PART: iptables, route, local (the node's own processes), or a device: eth0, eth1, cni0, flannel.1 …
 *  - `pod/NAMESPACE/NAME`           a pod's own network namespace
 */
export type PlaceId = string;

export const INTERNET: PlaceId = "internet";
export const INTERNET_GATEWAY: PlaceId = "igw";
export const NAT_GATEWAY: PlaceId = "natgw";
export const VPC_ROUTER: PlaceId = "vpc";

export function nodePlace(node: string, part: string): PlaceId {
  return `node/${node}/${part}`;
}
