import { sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { macOf } from "../../dataplane/mac";
import { MAIN_TABLE, type Netns, type NetworkInterface, type Route } from "../../dataplane/netns";
import { cidrOf } from "../../net/cidr";
import type { Ipv4 } from "../../net/ipv4";
import { awsChains } from "./aws-chains";
import { attachEnis, enisOf, freeAddress } from "./aws-enis";
import { type Allocation, EMPTY_IPAM, type Eni, type NodeIpam } from "./host-local";
import { ANYWHERE, machineRoutes } from "./machine-routes";
import type { CniNode } from "./node";
import type { Attached, Attachment, CniPlugin, NodeTables } from "./plugin";
import type { PodNetwork } from "./pod-network";
import { netnsOfPod, type PodRef } from "./pod-ref";
import { attachRouted, detachRouted, LINK_LOCAL_GATEWAY } from "./routed-pod";

/** Amazon's VPC CNI: pods have addresses of the VPC, which are secondary ones of the node's network cards. Nobody
 *  translates inside the VPC, and no route to pods is needed anywhere. Source: amazon-vpc-cni-k8s. */
export const awsVpc: CniPlugin = {
  devices: (node, _config, ipam) => [primaryCard(node), ...enisOf(ipam).slice(1).map(cardOf(node))],
  tables: (node, network) => tables(node, network.ipamOf(node.name)),
  chains: (node) => awsChains(node.ip),
  join: attachEnis,
  owns: (_node, ipam, ip) => enisOf(ipam).some(({ addresses }) => addresses.includes(ip)),
  allocate,
  isNetworkChange: (before, after) => before.enis !== after.enis,
  attach,
  detach,
};

const MTU = 9_001;
/** Source: amazon-vpc-cni-k8s, pkg/networkutils: rule priorities. */
const TO_POD = 512;
const PRIMARY_CARD = 1_024;
const FROM_POD = 1_536;
/** On connections that came in by the primary card: their answers leave by it, too. */
export const PRIMARY_MARK = 0x80;

/** Loose, as answers may leave by another card than the one that the question came in by. */
function primaryCard({ id, ip, link }: CniNode): NetworkInterface {
  return {
    name: "eth0",
    index: 2,
    kind: "ethernet",
    mac: macOf(`${id}/eth0`),
    mtu: MTU,
    addresses: [{ ip, prefix: link.prefix }],
    conf: { rpFilter: 2 },
  };
}

function cardOf({ id, link }: CniNode) {
  return ({ dev, addresses: [primary] }: Eni, index: number): NetworkInterface => ({
    name: dev,
    index: 3 + index,
    kind: "ethernet",
    mac: macOf(`${id}/${dev}`),
    mtu: MTU,
    addresses: primary === undefined ? [] : [{ ip: primary, prefix: link.prefix }],
  });
}

/** Each further card has a table of its own, 2 for eth1, that sends everything out by it. */
function tables(node: CniNode, ipam: NodeIpam): NodeTables {
  const router = node.link.network + 1;
  const others = new Map(
    enisOf(ipam)
      .slice(1)
      .map(({ dev }, index): [number, readonly Route[]] => [
        index + 2,
        [
          { destination: ANYWHERE, via: router, dev },
          { destination: cidrOf(router, 32), dev },
        ],
      ]),
  );
  const mark = { value: PRIMARY_MARK, mask: PRIMARY_MARK };
  return {
    routes: machineRoutes(node),
    rules: [{ priority: PRIMARY_CARD, mark, table: MAIN_TABLE }],
    tables: others,
  };
}

/** The next free address of the node's cards, the first card's first. Amazon's takes any card; a spare card is attached
 *  as soon as fewer addresses than one card has are free. */
function allocate(ipam: NodeIpam, node: CniNode, network: () => PodNetwork): Allocation {
  const ready = attachEnis(ipam, node, network);
  const ip = freeAddress(ready);
  if (ip === undefined) return { ok: false, message: NO_ADDRESS };
  const taken = { ...ready, used: new Set(ready.used).add(ip) };
  return { ok: true, ip, ipam: attachEnis(taken, node, network) };
}

/** Source: amazon-vpc-cni-k8s, cmd/routed-eni-cni-plugin. */
const NO_ADDRESS = "add cmd: failed to assign an IP address to container";

/** `eni` and the beginning of a hash. Source: amazon-vpc-cni-k8s, GenerateHostVethName. */
export function eniName({ namespace, name }: PodRef): string {
  return `eni${bytesToHex(sha1(utf8ToBytes(`${namespace}.${name}`))).slice(0, 11)}`;
}

function attach(host: Netns, attachment: Attachment): Attached {
  const { pod, ip, ipam = EMPTY_IPAM } = attachment;
  const name = eniName(pod);
  const { host: routed, pod: netns } = attachRouted(host, attachment, { name, mtu: MTU });
  const card = enisOf(ipam).findIndex(({ addresses }) => addresses.includes(ip));
  const own = cidrOf(ip, 32);
  const rules = [
    ...(routed.rules ?? []),
    { priority: TO_POD, to: own, table: MAIN_TABLE },
    ...(card > 0 ? [{ priority: FROM_POD, from: own, table: card + 1 }] : []),
  ];
  const gateway = { ip: LINK_LOCAL_GATEWAY, dev: "eth0", mac: macOf(hostMacName(pod)) };
  return {
    host: { ...routed, rules: rules.sort((a, b) => a.priority - b.priority) },
    pod: { ...netns, neighbours: [gateway] },
  };
}

/** As bridge-port's hostEnd names it. */
function hostMacName(pod: PodRef): string {
  return `${netnsOfPod(pod)}/${pod.uid}/host`;
}

function detach(host: Netns, pod: PodRef): Netns {
  const name = eniName(pod);
  const ips = host.routes.filter(({ dev }) => dev === name).map((one) => one.destination.network);
  const isPods = (network: Ipv4 | undefined) => network !== undefined && ips.includes(network);
  const gone = detachRouted(host, name);
  const rules = (gone.rules ?? []).filter(
    ({ to, from }) => !isPods(to?.network) && !isPods(from?.network),
  );
  return { ...gone, rules };
}
