import type { ClusterConfig } from "../api/cluster-config";
import type { Node } from "../api/types";
import { proxyHealthz } from "../controllers/cloud/healthz";
import { internalIp } from "../controllers/pod-facts";
import { macOf } from "../dataplane/mac";
import type { Netns, NetworkInterface, Route } from "../dataplane/netns";
import { type Cidr, cidr, cidrOf, parseCidr } from "../net/cidr";
import { type Ipv4, ipv4 } from "../net/ipv4";
import { BRIDGE, loopback } from "./cni/bridge";
import { gatewayOf } from "./cni/host-local";

/** Subnets of the VPC, and so of a node's eth0. */
const NODE_PREFIX = 24;

/** Source: kubelet's API port. */
const KUBELET_PORT = 10_250;

/** The network of a machine that has just joined: no pods yet. */
export function createNodeNetns(
  node: Node,
  otherNodes: Iterable<Node>,
  config: ClusterConfig,
): Netns {
  const { name } = node.metadata;
  const id = `node/${name}`;
  const range = podCidrOfNode(node);
  const interfaces: NetworkInterface[] = [
    loopback(),
    {
      name: "eth0",
      index: 2,
      kind: "ethernet",
      mac: macOf(`${id}/eth0`),
      mtu: 1_500,
      addresses: [{ ip: ipOf(node), prefix: NODE_PREFIX }],
    },
  ];
  if (range) {
    interfaces.push({
      name: BRIDGE,
      index: 3,
      kind: "bridge",
      mac: macOf(`${id}/${BRIDGE}`),
      mtu: 1_500,
      addresses: [{ ip: gatewayOf(range), prefix: range.prefix }],
    });
  }
  const { options, kubeProxy } = config;
  return {
    id,
    machine: name,
    label: name,
    interfaces,
    routes: nodeRoutes(node, otherNodes, config),
    listeners: [
      { protocol: "tcp", port: KUBELET_PORT, owner: id, program: "kubelet" },
      ...(config.addons.length === 0 ? [proxyHealthz(name)] : []),
    ],
    sysctls: {
      ipForward: true,
      bridgeNfCallIptables: options.bridgeNfCallIptables,
      rpFilter: options.rpFilter,
      // kube-proxy turns it on for NodePorts on localhost. Source: iptables proxier, NewProxier.
      routeLocalnet: kubeProxy.iptables.localhostNodePorts,
    },
    up: true,
  };
}

/** A node's routes in the order `ip route` lists them. `foreignIps`: imported pod addresses outside their node's
 *  pod CIDR, each with its node. */
export function nodeRoutes(
  node: Node,
  otherNodes: Iterable<Node>,
  config: ClusterConfig,
  foreignIps: Iterable<readonly [Ipv4, string]> = [],
): readonly Route[] {
  const ip = ipOf(node);
  const link = cidrOf(ip, NODE_PREFIX);
  const routes: Route[] = [
    { destination: cidr("0.0.0.0/0"), via: link.network + 1, dev: "eth0" },
    { destination: link, dev: "eth0", src: ip, kernel: true },
  ];
  const own = podCidrOfNode(node);
  if (own) routes.push({ destination: own, dev: BRIDGE, src: gatewayOf(own), kernel: true });
  const nodeIps = new Map<string, Ipv4>();
  for (const other of otherNodes) {
    if (other.metadata.name === node.metadata.name || !internalIp(other)) continue;
    nodeIps.set(other.metadata.name, ipOf(other));
    const range = podCidrOfNode(other);
    if (range && config.podRoutes === "nodes") routes.push(routeVia(range, ipOf(other), link));
  }
  for (const [podIp, where] of foreignIps) {
    const via = nodeIps.get(where);
    const destination = cidrOf(podIp, 32);
    if (where === node.metadata.name) routes.push({ destination, dev: BRIDGE });
    else if (via !== undefined && config.podRoutes === "nodes") {
      routes.push(routeVia(destination, via, link));
    }
  }
  return routes.sort(
    (a, b) =>
      a.destination.network - b.destination.network || a.destination.prefix - b.destination.prefix,
  );
}

/** Nodes of another subnet are named as if on the same link, as host-gw routes need. */
function routeVia(destination: Cidr, via: Ipv4, link: Cidr): Route {
  const near = cidrOf(via, link.prefix).network === link.network;
  return { destination, via, dev: "eth0", ...(!near && { onlink: true }) };
}

function ipOf(node: Node): Ipv4 {
  return ipv4(internalIp(node) ?? "");
}

const podCidrs = new WeakMap<Node, { readonly range: Cidr | undefined }>();

export function podCidrOfNode(node: Node): Cidr | undefined {
  let known = podCidrs.get(node);
  if (!known) {
    const text = node.spec.podCIDR;
    known = { range: text === undefined ? undefined : parseCidr(text) };
    podCidrs.set(node, known);
  }
  return known.range;
}
