import type { ClusterConfig } from "../../api/cluster-config";
import { macOf } from "../../dataplane/mac";
import type { Chain, Match, Rule, RuleTarget } from "../../dataplane/netfilter/rules";
import type { FdbEntry, Neighbour, Netns, NetworkInterface, Route } from "../../dataplane/netns";
import { type Cidr, cidr, cidrOf, contains } from "../../net/cidr";
import type { Ipv4 } from "../../net/ipv4";
import { podRangeOf } from "./bridge";
import { attachToBridge, BRIDGE, bridgeDevice, withoutDevice } from "./bridge-port";
import { allocateIp, gatewayOf } from "./host-local";
import { machineRoutes } from "./machine-routes";
import type { CniNode } from "./node";
import { cniOrigin } from "./origin";
import type { CniPlugin, NodeChains, NodeTables } from "./plugin";
import type { PodNetwork } from "./pod-network";
import { vethName } from "./pod-ref";

/** flannel with its vxlan backend: the bridge and host-local plugins on each node, and a tunnel between nodes. Networks
 *  in between see nodes' addresses only. Source: flannel pkg/backend/vxlan. */
export const vxlan: CniPlugin = {
  devices: (node) =>
    node.podCidr ? [bridgeDevice(node, node.podCidr, MTU), tunnelDevice(node, node.podCidr)] : [],
  tables,
  joined: {
    leases: true,
    devices: (host) => (host.podCidr ? [tunnelDevice(host, host.podCidr)] : []),
    tables: tunnelTables,
  },
  chains: (node, config) => (node.podCidr ? flannelChains(node.podCidr, config) : {}),
  owns: ({ podCidr }, _ipam, ip) => podCidr !== undefined && contains(podCidr, ip),
  allocate: (ipam, { podCidr }) => allocateIp(ipam, podCidr),
  attach: (host, attachment, config) => {
    const attached = attachToBridge(host, attachment, MTU);
    return { ...attached, pod: withNetworkRoute(attached.pod, attachment.node, config) };
  },
  detach: (host, pod) => withoutDevice(host, vethName(pod)),
};

/** Beside the default route, one to all pods: flannel's plugin asks for it. */
function withNetworkRoute(pod: Netns, { podCidr }: CniNode, config: ClusterConfig): Netns {
  const destination = podRangeOf(config);
  if (!destination || !podCidr) return pod;
  const via = gatewayOf(podCidr);
  const onlink = !contains(podCidr, pod.interfaces[1]?.addresses[0]?.ip ?? 0);
  const route: Route = { destination, via, dev: "eth0", ...(onlink && { onlink }) };
  return { ...pod, routes: [...pod.routes, route] };
}

/** 50 bytes go to the outer headers: Ethernet 14, IP 20, UDP 8, VXLAN 8. */
export const MTU = 1_450;
export const TUNNEL = "flannel.1";
/** Source: flannel's defaults, which are those of the Linux kernel before VXLAN had a port of its own. */
const VNI = 1;
const PORT = 8_472;

function tunnelDevice(node: CniNode, range: Cidr): NetworkInterface {
  return {
    name: TUNNEL,
    index: 4,
    kind: "vxlan",
    mac: tunnelMac(node),
    mtu: MTU,
    addresses: [{ ip: range.network, prefix: 32 }],
    vxlan: { vni: VNI, local: node.ip, port: PORT },
  };
}

function tunnelMac({ id }: CniNode): string {
  return macOf(`${id}/${TUNNEL}`);
}

function tables(node: CniNode, network: PodNetwork): NodeTables {
  const { podCidr } = node;
  const tunnels = tunnelTables(node, network);
  if (!podCidr) return tunnels;
  const toPods = { destination: podCidr, dev: BRIDGE, src: gatewayOf(podCidr), kernel: true };
  return { ...tunnels, routes: [...tunnels.routes, toPods] };
}

/** For each other machine a route, and what tells its kernel where that leads: the tunnel's MAC address over there, and
 *  the machine behind which that is. flanneld writes all three from the nodes' annotations. */
function tunnelTables(node: CniNode, network: PodNetwork): NodeTables {
  const routes = network.fromOthers(node, "vxlan routes", ({ podCidr: theirs }) =>
    theirs ? [tunnelRoute(theirs, theirs.network)] : [],
  );
  const foreign = network.foreignIps.flatMap(([ip, where]) => {
    const destination = cidrOf(ip, 32);
    if (where === node.name) return [{ destination, dev: BRIDGE }];
    const via = network.find(where)?.podCidr?.network;
    return via === undefined ? [] : [tunnelRoute(destination, via)];
  });
  return {
    routes: [...machineRoutes(node), ...routes, ...foreign],
    neighbours: network.fromOthers(node, "vxlan neighbours", (other) =>
      other.podCidr ? [neighbour(other, other.podCidr.network)] : [],
    ),
    fdb: network.fromOthers(node, "vxlan fdb", (other) => (other.podCidr ? [fdbEntry(other)] : [])),
  };
}

function tunnelRoute(destination: Cidr, via: Ipv4): Route {
  return { destination, via, dev: TUNNEL, onlink: true };
}

function neighbour(node: CniNode, ip: Ipv4): Neighbour {
  return { ip, dev: TUNNEL, mac: tunnelMac(node) };
}

function fdbEntry(node: CniNode): FdbEntry {
  return { mac: tunnelMac(node), dev: TUNNEL, remote: node.ip };
}

const NOT_MULTICAST: Match = {
  kind: "destination",
  range: cidr("224.0.0.0/4"),
  negate: true,
};
const MASQUERADE: RuleTarget = { kind: "MASQUERADE", randomFully: true };
const RETURN: RuleTarget = { kind: "RETURN" };

/** Source: flannel pkg/trafficmngr/iptables. */
function flannelChains(podCidr: Cidr, config: ClusterConfig): NodeChains {
  const network = podRangeOf(config);
  if (!network) return {};
  const masq = (matches: readonly Match[], target: RuleTarget, commentAfter?: number): Rule => ({
    matches,
    target,
    comment: "flanneld masq",
    ...(commentAfter !== undefined && { commentAfter }),
    origin: cniOrigin("flannel", "masquerade"),
  });
  const forward = (matches: readonly Match[], target: RuleTarget): Rule => ({
    matches,
    target,
    comment: "flanneld forward",
    origin: cniOrigin("flannel", "forward"),
  });
  const from = (range: Cidr): Match => ({ kind: "source", range });
  const to = (range: Cidr): Match => ({ kind: "destination", range });
  const notFrom = (range: Cidr): Match => ({ kind: "source", range, negate: true });
  const mark: Match = { kind: "mark", value: 0x4000, mask: 0x4000 };
  const nat: Chain[] = [
    {
      name: "POSTROUTING",
      policy: "ACCEPT",
      rules: [masq([], { kind: "jump", chain: "FLANNEL-POSTRTG" })],
    },
    {
      name: "FLANNEL-POSTRTG",
      rules: [
        masq([mark], RETURN, 1),
        masq([from(podCidr), to(network)], RETURN),
        masq([from(network), to(podCidr)], RETURN),
        masq([notFrom(network), to(podCidr)], RETURN),
        masq([from(network), NOT_MULTICAST], MASQUERADE),
        masq([notFrom(network), to(network)], MASQUERADE),
      ],
    },
  ];
  const filter: Chain[] = [
    {
      name: "FORWARD",
      policy: "ACCEPT",
      rules: [forward([], { kind: "jump", chain: "FLANNEL-FWD" })],
    },
    {
      name: "FLANNEL-FWD",
      rules: [
        forward([from(network)], { kind: "ACCEPT" }),
        forward([to(network)], { kind: "ACCEPT" }),
      ],
    },
  ];
  return { nat, filter };
}
