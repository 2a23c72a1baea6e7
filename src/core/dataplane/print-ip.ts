import { broadcast, cidrOf, contains, formatCidr } from "../net/cidr";
import { formatIpv4 } from "../net/ipv4";
import {
  findInterface,
  type InterfaceAddress,
  type Netns,
  type NetnsId,
  type NetworkInterface,
  type Route,
} from "./netns";

/** `10.244.2.0/24 via 10.0.1.12 dev eth0`: one line of `ip route`, which `ip route add` takes back. */
export function formatRoute(route: Route): string {
  const { type, destination, via, dev, src, proto } = route;
  let text = type === undefined ? "" : `${type} `;
  text += formatDestination(destination);
  if (via !== undefined) text += ` via ${formatIpv4(via)}`;
  if (type === undefined) text += ` dev ${dev}`;
  if (route.kernel) text += " proto kernel";
  if (proto !== undefined) text += ` proto ${proto}`;
  if (type === undefined && via === undefined) text += " scope link";
  if (src !== undefined) text += ` src ${formatIpv4(src)}`;
  if (route.metric) text += ` metric ${route.metric}`;
  return route.onlink ? `${text} onlink` : text;
}

function formatDestination(destination: Route["destination"]): string {
  if (destination.prefix === 0) return "default";
  return destination.prefix === 32 ? formatIpv4(destination.network) : formatCidr(destination);
}

/** The lines of `ip route`, in the kernel's order: by address, longer prefixes first. iproute2 ends each with a space. */
export function ipRoute(netns: Netns): string[] {
  return [...netns.routes]
    .sort(
      (a, b) =>
        a.destination.network - b.destination.network ||
        b.destination.prefix - a.destination.prefix ||
        (a.metric ?? 0) - (b.metric ?? 0),
    )
    .map((route) => `${formatRoute(route)} `);
}

/** The lines of iproute2's `ip addr`. `others` finds the namespace of a veth's peer, whose index `@if2` shows.
 *  Simplified: no IPv6 addresses. */
export function ipAddr(netns: Netns, others?: { find(id: NetnsId): Netns | undefined }): string[] {
  return [...netns.interfaces]
    .sort((a, b) => a.index - b.index)
    .flatMap((device) => [
      linkLine(netns, device, others),
      hardwareLine(device),
      ...device.addresses.flatMap((address, at) =>
        addressLines(device, address, device.addresses.slice(0, at)),
      ),
    ]);
}

function linkLine(
  netns: Netns,
  device: NetworkInterface,
  others?: { find(id: NetnsId): Netns | undefined },
): string {
  const peer = device.peer && others?.find(device.peer.netns);
  const peerIndex = peer && device.peer && findInterface(peer, device.peer.name)?.index;
  const name = peerIndex === undefined ? device.name : `${device.name}@if${peerIndex}`;
  const master = device.master === undefined ? "" : ` master ${device.master}`;
  const far = peer && device.peer && findInterface(peer, device.peer.name);
  const { flags, state } = linkState(netns, device, far?.down === true);
  const qdisc = device.kind === "ethernet" ? "fq_codel" : "noqueue";
  return `${device.index}: ${name}: <${flags}> mtu ${device.mtu} qdisc ${qdisc}${master} state ${state} group default qlen 1000`;
}

/** A bridge without ports has no carrier. */
function linkState(
  netns: Netns,
  device: NetworkInterface,
  isPeerDown: boolean,
): { flags: string; state: string } {
  if (device.down)
    return {
      flags: device.kind === "loopback" ? "LOOPBACK" : "BROADCAST,MULTICAST",
      state: "DOWN",
    };
  if (device.kind === "loopback") return { flags: "LOOPBACK,UP,LOWER_UP", state: "UNKNOWN" };
  if (isPeerDown) return { flags: "NO-CARRIER,BROADCAST,MULTICAST,UP", state: "LOWERLAYERDOWN" };
  const isEmptyBridge =
    device.kind === "bridge" && !netns.interfaces.some((port) => port.master === device.name);
  return isEmptyBridge
    ? { flags: "NO-CARRIER,BROADCAST,MULTICAST,UP", state: "DOWN" }
    : { flags: "BROADCAST,MULTICAST,UP,LOWER_UP", state: "UP" };
}

function hardwareLine(device: NetworkInterface): string {
  if (device.kind === "loopback")
    return "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00";
  const elsewhere = device.kind === "veth" ? " link-netnsid 0" : "";
  return `    link/ether ${device.mac} brd ff:ff:ff:ff:ff:ff${elsewhere}`;
}

function addressLines(
  device: NetworkInterface,
  { ip, prefix, noBroadcast }: InterfaceAddress,
  before: readonly InterfaceAddress[],
): string[] {
  const range = cidrOf(ip, prefix);
  const scope = contains({ network: 0x7f000000, prefix: 8 }, ip) ? "host" : "global";
  const isSecond = before.some((one) => one.prefix === prefix && contains(range, one.ip));
  const hasBroadcast = scope === "global" && prefix < 31 && !noBroadcast;
  const brd = hasBroadcast ? ` brd ${formatIpv4(broadcast(range))}` : "";
  return [
    `    inet ${formatIpv4(ip)}/${prefix}${brd} scope ${scope}${isSecond ? " secondary" : ""} ${device.name}`,
    "       valid_lft forever preferred_lft forever",
  ];
}
