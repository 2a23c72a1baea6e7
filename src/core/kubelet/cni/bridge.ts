import type { ClusterConfig } from "../../api/cluster-config";
import { cidrOf, contains, parseCidr } from "../../net/cidr";
import { attachToBridge, BRIDGE, bridgeDevice, withoutDevice } from "./bridge-port";
import { allocateIp, gatewayOf } from "./host-local";
import { machineRoutes, routeVia } from "./machine-routes";
import { masqueradeChains } from "./masquerade";
import type { CniNode } from "./node";
import type { CniPlugin, NodeTables } from "./plugin";
import type { PodNetwork } from "./pod-network";
import { vethName } from "./pod-ref";

const MTU = 1_500;

/** The reference plugins bridge and host-local; nodes have routes to each other's pod CIDRs (host-gw). */
export const bridge: CniPlugin = {
  devices: (node) => (node.podCidr ? [bridgeDevice(node, node.podCidr, MTU)] : []),
  tables,
  joined: { leases: false, devices: () => [], tables },
  chains: (node, config) => (node.podCidr ? masqueradeChains(podRangeOf(config)) : {}),
  owns: ({ podCidr }, _ipam, ip) => podCidr !== undefined && contains(podCidr, ip),
  allocate: (ipam, { podCidr }) => allocateIp(ipam, podCidr),
  attach: (host, attachment) => attachToBridge(host, attachment, MTU),
  detach: (host, pod) => withoutDevice(host, vethName(pod)),
};

function tables(node: CniNode, network: PodNetwork): NodeTables {
  const { podCidr, link } = node;
  const nodesRoute = network.config.podRoutes === "nodes";
  const toOthers = nodesRoute
    ? network.fromOthers(node, `host-gw ${link.network}`, (other) =>
        other.podCidr ? [routeVia(other.podCidr, other.ip, link)] : [],
      )
    : [];
  const foreign = network.foreignIps.flatMap(([ip, where]) => {
    const destination = cidrOf(ip, 32);
    if (where === node.name) return [{ destination, dev: BRIDGE }];
    const via = network.find(where)?.ip;
    return via !== undefined && nodesRoute ? [routeVia(destination, via, link)] : [];
  });
  return {
    routes: [
      ...machineRoutes(node),
      ...(podCidr
        ? [{ destination: podCidr, dev: BRIDGE, src: gatewayOf(podCidr), kernel: true }]
        : []),
      ...toOthers,
      ...foreign,
    ],
  };
}

/** The whole pod network's range; undefined where the scenario names none that can be read. */
export function podRangeOf({ clusterCIDR }: ClusterConfig) {
  return parseCidr(clusterCIDR.split(",")[0]?.trim() ?? "");
}
