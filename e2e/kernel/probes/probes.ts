import type { Topology } from "../../../src/core/cluster/topology";

/** One datagram made by hand: with any addresses, put onto the wire right in front of a node's interface. */
export interface Probe {
  readonly id: string;
  /** Machine whose eth0 it leaves by. */
  readonly from: string;
  /** Interface that it arrives at, and the interface whose MAC address it is sent to: a bridge's for its ports. */
  readonly into: { readonly netns: string; readonly dev: string; readonly mac: string };
  readonly src: string;
  readonly dst: string;
  readonly sport: number;
  readonly dport: number;
  readonly ttl: number;
}

type Addresses = Pick<Probe, "src" | "dst"> & { readonly ttl?: number };
type Entrance = Pick<Probe, "from" | "into">;

/** Nothing listens here: whoever takes it in says so. */
const UNSERVED_PORT = 9;
const FIRST_SOURCE_PORT = 20_000;
const LONG_LIFE = 64;

/** Addresses that are nobody's, to come from or to go to. */
const NOBODYS = ["127.0.0.1", "127.0.0.5", "0.0.0.0", "0.1.2.3", "224.0.0.5", "255.255.255.255"];

/** Packets that tell how a node routes, filters and reports, rules apart: sources from the wrong side, martians, and
 *  lives that end on the way. */
export function allProbes(topology: Topology): readonly Probe[] {
  // The lab's security groups stand behind interfaces, not in front of them.
  if (topology.securityGroups.length > 0) return [];
  const found = [...fromVpc(topology), ...fromPod(topology)];
  return found.map(({ from, into, src, dst, ttl = LONG_LIFE }, index) => ({
    id: `probe ${index} ${from}: ${src} > ${dst} ttl ${ttl}`,
    from,
    into,
    src,
    dst,
    sport: FIRST_SOURCE_PORT + index,
    dport: UNSERVED_PORT,
    ttl,
  }));
}

function fromVpc(topology: Topology): readonly (Entrance & Addresses)[] {
  const host = topology.hosts.find(({ zone }) => zone === "vpc");
  const node = topology.nodes[0];
  const device = node && deviceOf(topology, `node/${node.name}`, "eth0");
  if (!host || !node || !device) return [];
  const near = podOn(topology, node.name);
  const far = topology.pods.find((pod) => !pod.hostNetwork && pod.node !== node.name);
  const gateway = gatewayOf(node.podCIDR);
  const sources = [node.ip, gateway, near?.ip, ...NOBODYS];
  const into = { netns: `node/${node.name}`, dev: "eth0", mac: device.mac };
  const targets = [node.ip, near?.ip].flatMap((ip) => ip ?? []);
  const destinations = [gateway, linkBroadcast(node.ip), ...NOBODYS.slice(0, 4)];
  return [
    ...targets.flatMap((dst) => [host.ip, ...sources].flatMap((src) => (src ? { src, dst } : []))),
    ...destinations.map((dst) => ({ src: host.ip, dst })),
    ...lives(host.ip, [near?.ip, far?.ip]),
  ].map((addresses) => ({ from: `host/${host.name}`, into, ...addresses }));
}

function fromPod(topology: Topology): readonly (Entrance & Addresses)[] {
  const pod = topology.pods.find(({ hostNetwork }) => !hostNetwork);
  const node = topology.nodes.find(({ name }) => name === pod?.node);
  const name = `pod/${pod?.namespace}/${pod?.name}`;
  const into = node && entrance(topology, name);
  if (!pod || !node || !into) return [];
  const near = topology.pods.find((one) => isOther(one, pod) && one.node === pod.node);
  const far = topology.pods.find((one) => isOther(one, pod) && one.node !== pod.node);
  const outside = topology.hosts.flatMap(({ zone, ip }) => (zone === "vpc" ? ip : [])).slice(0, 1);
  const gateway = gatewayOf(node.podCIDR);
  const sources = [pod.ip, node.ip, gateway, near?.ip, far?.ip, ...outside, ...NOBODYS];
  const targets = [node.ip, gateway, near?.ip, far?.ip, ...outside];
  return [
    ...[node.ip, far?.ip].flatMap((dst) =>
      sources.flatMap((src) => (src && dst && src !== dst ? { src, dst } : [])),
    ),
    ...targets.flatMap((dst) => (dst ? { src: pod.ip, dst } : [])),
    ...lives(pod.ip, targets),
  ].map((addresses) => ({ from: name, into, ...addresses }));
}

/** As traceroute sends them. */
function lives(src: string, targets: readonly (string | undefined)[]): readonly Addresses[] {
  return targets.flatMap((dst) => (dst ? [1, 2, 3].map((ttl) => ({ src, dst, ttl })) : []));
}

/** The node's end of a pod's cable. */
function entrance(topology: Topology, pod: string): Entrance["into"] | undefined {
  const peer = deviceOf(topology, pod, "eth0")?.peer;
  const end = peer && deviceOf(topology, peer.netns, peer.name);
  if (!end) return undefined;
  const spoken = end.master === undefined ? end : deviceOf(topology, peer.netns, end.master);
  return spoken && { netns: peer.netns, dev: peer.name, mac: spoken.mac };
}

function deviceOf({ devices }: Topology, netns: string, name: string) {
  return devices[netns]?.find((device) => device.name === name);
}

function podOn({ pods }: Topology, node: string) {
  return pods.find((pod) => !pod.hostNetwork && pod.node === node);
}

function isOther(one: Topology["pods"][number], pod: Topology["pods"][number]): boolean {
  return !one.hostNetwork && one.ip !== pod.ip;
}

function gatewayOf(podCIDR: string): string {
  return podCIDR.replace(/\d+\/\d+$/, "1");
}

function linkBroadcast(ip: string): string {
  return ip.replace(/\d+$/, "255");
}
