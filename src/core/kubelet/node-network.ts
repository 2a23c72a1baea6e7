import { proxyHealthz } from "../controllers/cloud/healthz";
import type { ControlContext } from "../controllers/context";
import { LOOPBACK } from "../dataplane/loopback";
import { macOf } from "../dataplane/mac";
import type { Netns, NetworkInterface, PolicyRule } from "../dataplane/netns";
import { isPossible, sameRange } from "../dataplane/network-change";
import type { Ipv4 } from "../net/ipv4";
import { parseIpv4 } from "../net/ipv4";
import { BRIDGE } from "./cni/bridge-port";
import { type CniNode, cniNode } from "./cni/node";
import type { NodeTables } from "./cni/plugin";
import { pluginOf } from "./cni/plugins";
import { PodNetwork } from "./cni/pod-network";
import type { ControlState } from "./control";
import { joinedHosts } from "./joined-hosts";

/** Source: kubelet's API port. */
const KUBELET_PORT = 10_250;

/** All machines of the pod network, as they are now. */
export function podNetworkOf(ctx: ControlContext, state: ControlState): PodNetwork {
  const nodes = [...ctx.store.list("Node")].flatMap((node) => cniNode(node) ?? []);
  const { foreignIps, ipam } = state.kubelets;
  return new PodNetwork(ctx.config, {
    nodes,
    joined: joinedHosts(ctx, nodes),
    foreignIps: [...foreignIps],
    ipams: ipam,
    takenInVpc: takenInVpc(ctx, state, nodes),
  });
}

function* takenInVpc(
  { store }: ControlContext,
  { controllers }: ControlState,
  nodes: readonly CniNode[],
): Generator<Ipv4> {
  for (const { ip } of nodes) yield ip;
  for (const { spec } of store.list("Host")) {
    const ip = parseIpv4(spec.ip);
    if (ip !== undefined) yield ip;
  }
  for (const { vpcIp } of controllers.loadBalancers.values()) yield vpcIp;
}

/** The network of a machine that has just joined: no pods yet, and no way to others' pods. */
export function createNodeNetns(node: CniNode, network: PodNetwork): Netns {
  const { name, id } = node;
  const { config } = network;
  const plugin = pluginOf(config);
  const devices = plugin.devices(node, config, network.ipamOf(name));
  const alone = new PodNetwork(config, { nodes: [node], ipams: network });
  const { options, kubeProxy } = config;
  const sets = plugin.sets?.(config);
  return withTables(
    {
      id,
      machine: name,
      label: name,
      interfaces: [LOOPBACK, ...withCard(node, devices)],
      routes: [],
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
      ...(sets && { sets }),
      up: true,
    },
    plugin.tables(node, alone),
  );
}

function withCard(
  { id, ip, link }: CniNode,
  devices: readonly NetworkInterface[],
): readonly NetworkInterface[] {
  if (devices.some(({ name }) => name === "eth0")) return devices;
  const eth0: NetworkInterface = {
    name: "eth0",
    index: 2,
    kind: "ethernet",
    mac: macOf(`${id}/eth0`),
    mtu: 1_500,
    addresses: [{ ip, prefix: link.prefix }],
  };
  return [eth0, ...devices];
}

/** The machine with what its pod network says now; the rows of single pods stay, and what somebody typed.
 *  Simplified: a route that somebody deleted comes back when the nodes change, as daemons that write routes have it. */
export function withTables(host: Netns, given: NodeTables): Netns {
  const kept = host.interfaces.filter((device) => isPodEnd(device) || isFurtherBridge(device));
  const podEnds = new Set(kept.map(({ name }) => name));
  const { rules: oldRules = [], tables: _, neighbours: __, fdb: ___, ...rest } = host;
  const typed = host.routes.filter(({ byHand }) => byHand);
  const written = given.routes.filter(
    (route) =>
      isPossible(host, route) &&
      !typed.some(({ destination }) => sameRange(destination, route.destination)),
  );
  const ofPods = host.routes.filter(({ dev, byHand }) => podEnds.has(dev) && !byHand);
  const routes = [...written, ...ofPods, ...typed];
  const rules = [...(given.rules ?? []), ...oldRules.filter(isPodRule)];
  return {
    ...rest,
    routes: routes.sort(
      (a, b) =>
        a.destination.network - b.destination.network ||
        a.destination.prefix - b.destination.prefix,
    ),
    ...(rules.length > 0 && { rules: rules.sort((a, b) => a.priority - b.priority) }),
    ...(given.tables && { tables: given.tables }),
    ...(given.neighbours && { neighbours: given.neighbours }),
    ...(given.fdb && { fdb: given.fdb }),
  };
}

/** The node's end of a pod's cable that is no bridge port. */
export function isPodEnd({ kind, master }: NetworkInterface): boolean {
  return kind === "veth" && master === undefined;
}

/** Of a network beside the pod network: Multus' plugins made it. */
function isFurtherBridge({ kind, name }: NetworkInterface): boolean {
  return kind === "bridge" && name !== BRIDGE;
}

function isPodRule({ from, to }: PolicyRule): boolean {
  return from?.prefix === 32 || to?.prefix === 32;
}
