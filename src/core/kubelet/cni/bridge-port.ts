import { LOOPBACK } from "../../dataplane/loopback";
import { macOf } from "../../dataplane/mac";
import { HOST_SYSCTLS, type Netns, type NetworkInterface, type Route } from "../../dataplane/netns";
import type { Cidr } from "../../net/cidr";
import { cidrOf, contains } from "../../net/cidr";
import type { Ipv4 } from "../../net/ipv4";
import { gatewayOf } from "./host-local";
import { ANYWHERE } from "./machine-routes";
import type { CniNode } from "./node";
import type { Attached, Attachment } from "./plugin";
import { netnsOfPod, type PodRef, vethName } from "./pod-ref";

export const BRIDGE = "cni0";

/** The bridge with the gateway's address. */
export function bridgeDevice({ id }: CniNode, range: Cidr, mtu: number): NetworkInterface {
  return {
    name: BRIDGE,
    index: 3,
    kind: "bridge",
    mac: macOf(`${id}/${BRIDGE}`),
    mtu,
    addresses: [{ ip: gatewayOf(range), prefix: range.prefix }],
  };
}

/** What the bridge plugin does: the pod's namespace with eth0, and its other end as a port of cni0. */
export function attachToBridge(host: Netns, attachment: Attachment, mtu: number): Attached {
  const { pod, node, ip, hairpin } = attachment;
  const range = node.podCidr;
  // An imported address from elsewhere has no neighbours but the bridge.
  const prefix = range && contains(range, ip) ? range.prefix : 32;
  const via = range === undefined ? undefined : gatewayOf(range);
  const routes: Route[] =
    via === undefined
      ? []
      : [{ destination: ANYWHERE, via, dev: "eth0", ...(prefix === 32 && { onlink: true }) }];
  if (prefix < 32)
    routes.push({ destination: cidrOf(ip, prefix), dev: "eth0", src: ip, kernel: true });
  const port = hostEnd(host, pod, vethName(pod), mtu);
  return {
    host: withDevice(host, { ...port, master: BRIDGE, hairpin }),
    pod: podNetns(host, pod, { ip, prefix, mtu, peer: port.name, routes }),
  };
}

/** The node's end of a pod's cable, without addresses. */
export function hostEnd(host: Netns, pod: PodRef, name: string, mtu: number): NetworkInterface {
  const id = netnsOfPod(pod);
  return {
    name,
    index: nextIndex(host),
    kind: "veth",
    mac: hostMac(pod),
    mtu,
    addresses: [],
    peer: { netns: id, name: "eth0" },
  };
}

export function hostMac(pod: PodRef): string {
  return macOf(`${netnsOfPod(pod)}/${pod.uid}/host`);
}

export interface PodEnd {
  readonly ip: Ipv4;
  readonly prefix: number;
  readonly mtu: number;
  /** The node's end. */
  readonly peer: string;
  readonly routes: readonly Route[];
}

/** A pod's namespace with lo and eth0. */
export function podNetns(host: Netns, pod: PodRef, end: PodEnd): Netns {
  const { ip, prefix, mtu, peer, routes } = end;
  const id = netnsOfPod(pod);
  return {
    id,
    machine: host.machine,
    label: pod.name,
    interfaces: [
      LOOPBACK,
      {
        name: "eth0",
        index: 2,
        kind: "veth",
        mac: macOf(`${id}/${pod.uid}/eth0`),
        mtu,
        addresses: [{ ip, prefix }],
        peer: { netns: host.id, name: peer },
      },
    ],
    routes,
    listeners: [],
    sysctls: HOST_SYSCTLS,
    up: true,
  };
}

export function nextIndex({ interfaces }: Netns): number {
  return Math.max(0, ...interfaces.map(({ index }) => index)) + 1;
}

export function withDevice(netns: Netns, device: NetworkInterface): Netns {
  return { ...netns, interfaces: [...netns.interfaces, device] };
}

export function withoutDevice(netns: Netns, name: string): Netns {
  return { ...netns, interfaces: netns.interfaces.filter((one) => one.name !== name) };
}
