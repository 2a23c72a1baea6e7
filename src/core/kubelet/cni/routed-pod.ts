import { macOf } from "../../dataplane/mac";
import type { Netns, NetworkInterface, Route } from "../../dataplane/netns";
import { cidrOf } from "../../net/cidr";
import { type Ipv4, ipv4 } from "../../net/ipv4";
import { hostEnd, podNetns, withDevice, withoutDevice } from "./bridge-port";
import { ANYWHERE } from "./machine-routes";
import type { Attached, Attachment } from "./plugin";
import { netnsOfPod, type PodRef } from "./pod-ref";

/** Nobody's address: whoever is at the other end of the cable takes what is sent there. */
export const LINK_LOCAL_GATEWAY = ipv4("169.254.1.1");

/** The pod's only neighbour. */
export const POD_ROUTES: readonly Route[] = [
  { destination: ANYWHERE, via: LINK_LOCAL_GATEWAY, dev: "eth0" },
  { destination: cidrOf(LINK_LOCAL_GATEWAY, 32), dev: "eth0" },
];

/** A pod with a /32 address and no bridge: the node routes to the device of its own end. */
export function attachRouted(
  host: Netns,
  { pod, ip }: Attachment,
  {
    name,
    mtu,
    ...more
  }: { readonly name: string; readonly mtu: number } & Partial<NetworkInterface>,
): Attached {
  const device = { ...hostEnd(host, pod, name, mtu), ...more };
  const routed = withRoute(withDevice(host, device), ip, name);
  return {
    host: routed,
    pod: podNetns(host, pod, { ip, prefix: 32, mtu, peer: name, routes: POD_ROUTES }),
  };
}

export function detachRouted(host: Netns, name: string): Netns {
  const gone = withoutDevice(host, name);
  return { ...gone, routes: gone.routes.filter(({ dev }) => dev !== name) };
}

function withRoute(host: Netns, ip: Ipv4, dev: string): Netns {
  return { ...host, routes: [...host.routes, { destination: cidrOf(ip, 32), dev }] };
}

/** The MAC address of the pod's end. */
export function podMac(pod: PodRef): string {
  return macOf(`${netnsOfPod(pod)}/${pod.uid}/eth0`);
}
