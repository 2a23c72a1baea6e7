import type { ClusterConfig } from "../../../api/cluster-config";
import { macOf } from "../../../dataplane/mac";
import type { Ipv4 } from "../../../net/ipv4";
import { BRIDGE, hostMac } from "../bridge-port";
import { type Eni, gatewayOf } from "../host-local";
import { furtherHostMac, furtherMac } from "../multus/attach-further";
import type { CniNode } from "../node";
import { podMac } from "../routed-pod";
import type { SandboxRecord } from "../sandbox-record";
import type { ResultRoute } from "./results";

/** One pod's network, and the node that it was made on. */
export interface Story {
  readonly config: ClusterConfig;
  readonly node: CniNode;
  readonly record: SandboxRecord;
  /** The node's network cards, where pods have their addresses. */
  readonly cards: readonly Eni[];
}

/** Both ends of one of the pod's cables. */
export interface Cable {
  readonly ip: Ipv4;
  readonly prefix: number;
  readonly mac: string;
  readonly hostDevice: string;
  readonly hostMac: string;
}

export interface BridgedCable extends Cable {
  readonly bridge: string;
  readonly bridgeMac: string;
  readonly gateway: Ipv4;
  /** The bridge has the gateway's address. */
  readonly isGateway: boolean;
  /** As host-local gives them. */
  readonly routes: readonly ResultRoute[];
}

/** The pod's main interface; undefined where the plugin refused. */
export function mainCable({ record }: Story): Cable | undefined {
  const { pod, ip, prefix, hostDevice } = record;
  return ip === undefined
    ? undefined
    : { ip, prefix, hostDevice, mac: podMac(pod), hostMac: hostMac(pod) };
}

/** The cable of that name in the pod, where it leads to a bridge. */
export function bridgedCable(
  story: Story,
  interfaceName: string,
  routes: readonly ResultRoute[],
): BridgedCable | undefined {
  const { node, record } = story;
  if (interfaceName === "eth0") {
    const cable = mainCable(story);
    if (!cable || !node.podCidr) return undefined;
    const bridgeMac = macOf(`${node.id}/${BRIDGE}`);
    const gateway = gatewayOf(node.podCidr);
    return { ...cable, bridge: BRIDGE, bridgeMac, gateway, isGateway: true, routes };
  }
  const further = record.further.find(({ name }) => name === interfaceName);
  if (!further) return undefined;
  const { network, ip, hostDevice } = further;
  return {
    ip,
    prefix: network.subnet.prefix,
    hostDevice,
    mac: furtherMac(record.pod, interfaceName),
    hostMac: furtherHostMac(record.pod, interfaceName),
    bridge: network.bridge,
    bridgeMac: macOf(`${node.id}/${network.bridge}`),
    gateway: network.range.gateway,
    isGateway: network.isGateway,
    routes,
  };
}
