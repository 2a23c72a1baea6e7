import type { Pod } from "../../api/types";
import { LOOPBACK } from "../../dataplane/loopback";
import { macOf } from "../../dataplane/mac";
import {
  HOST_SYSCTLS,
  type Netns,
  type NetnsId,
  type NetworkInterface,
  type Route,
} from "../../dataplane/netns";
import type { Plane } from "../../dataplane/plane";
import { type Cidr, cidr, cidrOf, contains } from "../../net/cidr";
import type { Ipv4 } from "../../net/ipv4";
import { hash32 } from "../../sim/random";
import { gatewayOf } from "./host-local";

export const BRIDGE = "cni0";

const ANYWHERE = cidr("0.0.0.0/0");

export function podNetnsId(pod: Pod): NetnsId {
  return `pod/${pod.metadata.namespace}/${pod.metadata.name}`;
}

export interface Attachment {
  readonly pod: Pod;
  readonly node: string;
  readonly ip: Ipv4;
  readonly podCidr: Cidr;
  readonly hairpin: boolean;
  readonly up: boolean;
}

/** CNI ADD of the bridge plugin: the pod's namespace with eth0, and its other end as a port of cni0. */
export function addPodNetns(plane: Plane, attachment: Attachment): void {
  const { pod, node, hairpin } = attachment;
  const host = plane.get(`node/${node}`);
  const veth = vethName(pod);
  const id = podNetnsId(pod);
  plane.put(podNetns(attachment, veth));
  let index = 1;
  for (const one of host.interfaces) if (one.index >= index) index = one.index + 1;
  const port: NetworkInterface = {
    name: veth,
    index,
    kind: "veth",
    mac: macOf(`${id}/${pod.metadata.uid}/host`),
    mtu: 1_500,
    addresses: [],
    peer: { netns: id, name: "eth0" },
    master: BRIDGE,
    hairpin,
  };
  plane.put({ ...host, interfaces: [...host.interfaces, port] });
}

/** CNI DEL: succeeds also when things are gone. */
export function removePodNetns(plane: Plane, pod: Pod, node: string): void {
  plane.remove(podNetnsId(pod));
  const host = plane.find(`node/${node}`);
  if (!host) return;
  const veth = vethName(pod);
  plane.put({ ...host, interfaces: host.interfaces.filter((one) => one.name !== veth) });
}

function vethName(pod: Pod): string {
  const { namespace, name, uid } = pod.metadata;
  return `veth${hash32(`${namespace}/${name}/${uid}/veth`).toString(16).padStart(8, "0")}`;
}

function podNetns(attachment: Attachment, veth: string): Netns {
  const { pod, node, ip, podCidr, up } = attachment;
  const id = podNetnsId(pod);
  // An imported address from elsewhere has no neighbours but the bridge.
  const prefix = contains(podCidr, ip) ? podCidr.prefix : 32;
  const via = gatewayOf(podCidr);
  const routes: Route[] = [
    { destination: ANYWHERE, via, dev: "eth0", ...(prefix === 32 && { onlink: true }) },
  ];
  if (prefix < 32)
    routes.push({ destination: cidrOf(ip, prefix), dev: "eth0", src: ip, kernel: true });
  return {
    id,
    machine: node,
    label: pod.metadata.name,
    interfaces: [
      LOOPBACK,
      {
        name: "eth0",
        index: 2,
        kind: "veth",
        mac: macOf(`${id}/${pod.metadata.uid}/eth0`),
        mtu: 1_500,
        addresses: [{ ip, prefix }],
        peer: { netns: `node/${node}`, name: veth },
      },
    ],
    routes,
    listeners: [],
    sysctls: HOST_SYSCTLS,
    up,
  };
}
