import type { ClusterConfig } from "../api/cluster-config";
import type { Node } from "../api/types";
import { proxyHealthz } from "../controllers/cloud/healthz";
import { internalIp } from "../controllers/pod-facts";
import { LOOPBACK } from "../dataplane/loopback";
import { macOf } from "../dataplane/mac";
import type { Netns, NetworkInterface, Route } from "../dataplane/netns";
import { type Cidr, cidr, cidrOf, parseCidr } from "../net/cidr";
import { type Ipv4, ipv4 } from "../net/ipv4";
import { BRIDGE } from "./cni/bridge";
import { gatewayOf } from "./cni/host-local";

/** Subnets of the VPC, and so of a node's eth0. */
const NODE_PREFIX = 24;

const ANYWHERE = cidr("0.0.0.0/0");

/** Source: kubelet's API port. */
const KUBELET_PORT = 10_250;

/** The network of a machine that has just joined: no pods yet. */
export function createNodeNetns(node: Node, config: ClusterConfig): Netns {
  const { name } = node.metadata;
  const id = `node/${name}`;
  const range = podCidrOfNode(node);
  const interfaces: NetworkInterface[] = [
    LOOPBACK,
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
    routes: nodeRoutes(node, new RoutesToNodes([]), config),
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

/** Ways to other nodes' pods: the very same objects for all nodes of a subnet, as there are nodes × nodes of them. */
export class RoutesToNodes {
  readonly #nodes: readonly Node[];
  readonly #ips = new Map<string, Ipv4>();
  readonly #byLink = new Map<number, readonly { readonly node: string; readonly route: Route }[]>();

  constructor(nodes: Iterable<Node>) {
    this.#nodes = [...nodes].filter((node) => internalIp(node));
    for (const node of this.#nodes) this.#ips.set(node.metadata.name, ipOf(node));
  }

  ipOf(node: string): Ipv4 | undefined {
    return this.#ips.get(node);
  }

  /** In their order, without those to `self`. */
  from(self: string, link: Cidr): Route[] {
    let all = this.#byLink.get(link.network);
    if (!all) {
      all = this.#nodes.flatMap((node) => {
        const range = podCidrOfNode(node);
        return range
          ? [{ node: node.metadata.name, route: routeVia(range, ipOf(node), link) }]
          : [];
      });
      this.#byLink.set(link.network, all);
    }
    const routes: Route[] = [];
    for (const { node, route } of all) if (node !== self) routes.push(route);
    return routes;
  }
}

/** A node's routes in the order `ip route` lists them. `foreignIps`: imported pod addresses outside their node's
 *  pod CIDR, each with its node. */
export function nodeRoutes(
  node: Node,
  others: RoutesToNodes,
  config: ClusterConfig,
  foreignIps: Iterable<readonly [Ipv4, string]> = [],
): readonly Route[] {
  const { name } = node.metadata;
  const ip = ipOf(node);
  const link = cidrOf(ip, NODE_PREFIX);
  const routes: Route[] = [
    { destination: ANYWHERE, via: link.network + 1, dev: "eth0" },
    { destination: link, dev: "eth0", src: ip, kernel: true },
  ];
  const own = podCidrOfNode(node);
  if (own) routes.push({ destination: own, dev: BRIDGE, src: gatewayOf(own), kernel: true });
  if (config.podRoutes === "nodes") routes.push(...others.from(name, link));
  for (const [podIp, where] of foreignIps) {
    const via = where === name ? undefined : others.ipOf(where);
    const destination = cidrOf(podIp, 32);
    if (where === name) routes.push({ destination, dev: BRIDGE });
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
