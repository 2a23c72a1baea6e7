import { macOf } from "../../../dataplane/mac";
import type { Netns, NetworkInterface, Route } from "../../../dataplane/netns";
import { cidrOf, contains } from "../../../net/cidr";
import { nextIndex, withDevice, withoutDevice } from "../bridge-port";
import type { Attached } from "../plugin";
import { netnsOfPod, type PodRef, vethName } from "../pod-ref";
import type { FurtherInterface } from "../sandbox-record";
import type { FurtherNetwork } from "./further-network";

export function furtherInterface(
  pod: PodRef,
  network: FurtherNetwork,
  name: string,
  ip: number,
): FurtherInterface {
  return { network, name, ip, hostDevice: vethName(pod, name) };
}

/** ADD of the bridge plugin for one more interface: the bridge where there is none yet, and a cable to it. */
export function attachFurther(
  { host, pod: netns }: Attached,
  pod: PodRef,
  added: FurtherInterface,
  hairpin: boolean,
): Attached {
  const { network, name, ip, hostDevice } = added;
  const bridged = withBridge(host, network);
  const port: NetworkInterface = {
    name: hostDevice,
    index: nextIndex(bridged),
    kind: "veth",
    mac: furtherHostMac(pod, name),
    mtu: network.mtu,
    addresses: [],
    peer: { netns: netns.id, name },
    master: network.bridge,
    hairpin,
  };
  const end: NetworkInterface = {
    name,
    index: nextIndex(netns),
    kind: "veth",
    mac: furtherMac(pod, name),
    mtu: network.mtu,
    addresses: [{ ip, prefix: network.subnet.prefix }],
    peer: { netns: host.id, name: hostDevice },
  };
  const routes: Route[] = network.routes.map((route) => ({
    ...route,
    dev: name,
    ...(route.via !== undefined && !contains(network.subnet, route.via) && { onlink: true }),
  }));
  routes.push({ destination: cidrOf(ip, network.subnet.prefix), dev: name, src: ip, kernel: true });
  return {
    host: withDevice(bridged, port),
    pod: { ...withDevice(netns, end), routes: [...netns.routes, ...routes] },
  };
}

/** DEL: the bridge stays. */
export function detachFurther(host: Netns, { hostDevice }: FurtherInterface): Netns {
  return withoutDevice(host, hostDevice);
}

export function furtherMac(pod: PodRef, name: string): string {
  return macOf(`${netnsOfPod(pod)}/${pod.uid}/${name}`);
}

export function furtherHostMac(pod: PodRef, name: string): string {
  return macOf(`${netnsOfPod(pod)}/${pod.uid}/host/${name}`);
}

function withBridge(host: Netns, { bridge, isGateway, mtu, subnet, range }: FurtherNetwork): Netns {
  if (host.interfaces.some(({ name }) => name === bridge)) return host;
  const addresses = isGateway ? [{ ip: range.gateway, prefix: subnet.prefix }] : [];
  const made = withDevice(host, {
    name: bridge,
    index: nextIndex(host),
    kind: "bridge",
    mac: macOf(`${host.id}/${bridge}`),
    mtu,
    addresses,
  });
  const route: Route = { destination: subnet, dev: bridge, src: range.gateway, kernel: true };
  return isGateway ? { ...made, routes: [...made.routes, route] } : made;
}
