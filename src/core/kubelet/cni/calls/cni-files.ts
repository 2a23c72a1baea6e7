import type { ClusterConfig } from "../../../api/cluster-config";
import { broadcast, formatCidr } from "../../../net/cidr";
import { formatIpv4 } from "../../../net/ipv4";
import { podRangeOf } from "../bridge";
import { confNameOf } from "../conf-names";
import { gatewayOf, type NodeIpam } from "../host-local";
import type { CniNode } from "../node";
import type { SandboxRecord } from "../sandbox-record";
import { MTU as TUNNEL_MTU } from "../vxlan";
import { conflistFile, conflistOf, multusConf } from "./conflist";

export interface CniFile {
  readonly path: string;
  readonly text: string;
}

/** A node's files that have to do with its pod network: configurations, and what plugins remember. */
export function cniFiles(
  config: ClusterConfig,
  node: CniNode,
  ipams: ReadonlyMap<string, NodeIpam>,
  records: readonly SandboxRecord[],
): readonly CniFile[] {
  // Whoever configures the node waits for its pod CIDR.
  if (!node.podCidr && config.cni !== "aws-vpc") return [];
  const own: CniFile = { path: conflistFile(config), text: json(conflistOf(config, node)) };
  const multus = { path: "/etc/cni/net.d/00-multus.conf", text: json(multusConf(config, node)) };
  return [
    ...(config.multus ? [multus] : []),
    own,
    ...(config.cni === "vxlan" ? subnetEnv(config, node) : []),
    ...[...ipams].flatMap(([network, ipam]) => reservations(network, ipam, records)),
  ];
}

export function networksOf(config: ClusterConfig, ipam: NodeIpam): ReadonlyMap<string, NodeIpam> {
  const hasFiles = config.cni === "bridge" || config.cni === "vxlan";
  return new Map(hasFiles ? [[confNameOf(config), ipam]] : []);
}

/** Source: flannel, pkg/subnet, WriteSubnetFile. */
function subnetEnv(config: ClusterConfig, { podCidr }: CniNode): readonly CniFile[] {
  const network = podRangeOf(config);
  if (!network || !podCidr) return [];
  const lines = [
    `FLANNEL_NETWORK=${formatCidr(network)}`,
    `FLANNEL_SUBNET=${formatIpv4(gatewayOf(podCidr))}/${podCidr.prefix}`,
    `FLANNEL_MTU=${TUNNEL_MTU}`,
    "FLANNEL_IPMASQ=true",
  ];
  return [{ path: "/run/flannel/subnet.env", text: `${lines.join("\n")}\n` }];
}

/** host-local's: one for each address, with the container's ID and its interface. */
function reservations(
  network: string,
  { used, lastReserved }: NodeIpam,
  records: readonly SandboxRecord[],
): readonly CniFile[] {
  const folder = `/var/lib/cni/networks/${network}`;
  const owners = new Map<number, string>();
  for (const { id, ip, further } of records) {
    if (ip !== undefined) owners.set(ip, `${id}\r\neth0`);
    for (const one of further)
      if (one.network.name === network) owners.set(one.ip, `${id}\r\n${one.name}`);
  }
  const files = [...used]
    .sort((a, b) => a - b)
    .map((ip) => ({ path: `${folder}/${formatIpv4(ip)}`, text: owners.get(ip) ?? "" }));
  if (lastReserved !== undefined)
    files.push({ path: `${folder}/last_reserved_ip.0`, text: formatIpv4(lastReserved) });
  return files;
}

/** What the reference plugins bring, and each project's own beside them. */
const REFERENCE = [
  "bandwidth",
  "bridge",
  "dhcp",
  "dummy",
  "firewall",
  "host-device",
  "host-local",
  "ipvlan",
  "loopback",
  "macvlan",
  "portmap",
  "ptp",
  "sbr",
  "static",
  "tap",
  "tuning",
  "vlan",
  "vrf",
];
const OWN: Readonly<Record<ClusterConfig["cni"], readonly string[]>> = {
  bridge: [],
  vxlan: ["flannel"],
  calico: ["calico", "calico-ipam"],
  "aws-vpc": ["aws-cni", "egress-cni"],
};

/** /opt/cni/bin */
export function cniPrograms({
  cni,
  multus,
}: Pick<ClusterConfig, "cni" | "multus">): readonly string[] {
  return [...REFERENCE, ...OWN[cni], ...(multus ? ["multus"] : [])].sort();
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/** How many addresses a range has for pods: the gateway's, the network's and the last are not given out. */
export function podAddresses({ podCidr }: CniNode): number {
  return podCidr ? Math.max(0, broadcast(podCidr) - podCidr.network - 2) : 0;
}
