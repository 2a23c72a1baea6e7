import { sha1 } from "@noble/hashes/legacy.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { ClusterConfig } from "../../api/cluster-config";
import type { IpSets } from "../../dataplane/netfilter/ipset";
import type { Route } from "../../dataplane/netns";
import { type Cidr, cidrOf, contains, formatCidr, subnet } from "../../net/cidr";
import type { Ipv4 } from "../../net/ipv4";
import { podRangeOf } from "./bridge";
import { calicoChains, calicoPodChains, isCalicoPodChain } from "./calico-chains";
import type { Allocation, NodeIpam } from "./host-local";
import { machineRoutes, routeVia } from "./machine-routes";
import type { CniNode } from "./node";
import type { CniPlugin, NodeTables } from "./plugin";
import type { PodNetwork } from "./pod-network";
import type { PodRef } from "./pod-ref";
import { attachRouted, detachRouted } from "./routed-pod";

/** Calico with BGP and without tunnels: no bridge, a route for each pod, and one for each other node's block. */
export const calico: CniPlugin = {
  devices: () => [],
  tables,
  joined: { leases: false, devices: () => [], tables },
  chains: () => calicoChains(),
  sets,
  owns: ({ podCidr }, _ipam, ip) => podCidr !== undefined && contains(podCidr, ip),
  allocate,
  isNetworkChange: (before, after, node) =>
    blocksInUse(before, node).length !== blocksInUse(after, node).length,
  attach: (host, attachment) =>
    attachRouted(host, attachment, {
      name: caliName(attachment.pod),
      mtu: MTU,
      // All the same: nobody needs to tell them apart. Source: Calico, cni-plugin/internal/pkg/utils.
      mac: "ee:ee:ee:ee:ee:ee",
      conf: { proxyArp: true, rpFilter: 1, routeLocalnet: true },
    }),
  detach: (host, pod) => detachRouted(host, caliName(pod)),
  podChains: calicoPodChains,
  isPodChain: isCalicoPodChain,
};

const MTU = 1_500;
const BLOCK_PREFIX = 26;

/** `cali` and the beginning of a hash. Source: Calico, libcalico-go VethNameForWorkload. */
export function caliName({ namespace, name }: PodRef): string {
  return `cali${bytesToHex(sha1(utf8ToBytes(`${namespace}.${name}`))).slice(0, 11)}`;
}

/** Blocks that have an address in use are the node's: it announces each by BGP, and drops what is for nobody in it. */
function tables(node: CniNode, network: PodNetwork): NodeTables {
  const { link } = node;
  const routes = network.fromOthers(node, `bgp ${link.network}`, (other) =>
    blocksInUse(network.ipamOf(other.name), other).map(
      (block): Route => ({ ...routeVia(block, other.ip, link), proto: "bird" }),
    ),
  );
  const foreign = network.foreignIps.flatMap(([ip, where]): Route[] => {
    const via = where === node.name ? undefined : network.find(where)?.ip;
    return via === undefined ? [] : [{ ...routeVia(cidrOf(ip, 32), via, link), proto: "bird" }];
  });
  const own = blocksInUse(network.ipamOf(node.name), node).map(
    (destination): Route => ({ type: "blackhole", destination, dev: "", proto: "bird" }),
  );
  return { routes: [...machineRoutes(node), ...own, ...routes, ...foreign] };
}

/** Simplified: a node's blocks are those of its pod CIDR; Calico takes them from anywhere in the pool. */
function blocksOf({ podCidr }: CniNode): readonly Cidr[] {
  if (!podCidr) return [];
  const prefix = Math.max(BLOCK_PREFIX, podCidr.prefix);
  const blocks: Cidr[] = [];
  for (
    let block = subnet(podCidr, prefix, 0);
    block;
    block = subnet(podCidr, prefix, blocks.length)
  )
    blocks.push(block);
  return blocks;
}

export function blocksInUse({ used }: NodeIpam, node: CniNode): readonly Cidr[] {
  const inUse = new Set<Ipv4>();
  for (const ip of used) inUse.add(cidrOf(ip, blockPrefix(node)).network);
  return blocksOf(node).filter(({ network }) => inUse.has(network));
}

function blockPrefix({ podCidr }: CniNode): number {
  return Math.max(BLOCK_PREFIX, podCidr?.prefix ?? 0);
}

/** A block's addresses in turn; one that came free is the last to be given out again.
 *  Source: Calico, libcalico-go ipam_block.go, autoAssign. */
function allocate(ipam: NodeIpam, node: CniNode): Allocation {
  const after = ipam.lastReserved;
  for (const { network, prefix } of blocksOf(node)) {
    const size = 2 ** (32 - prefix);
    const inBlock = after !== undefined && after >= network && after < network + size;
    const start = inBlock ? after - network + 1 : 0;
    for (let i = 0; i < size; i++) {
      const ip = network + ((start + i) % size);
      if (!ipam.used.has(ip))
        return {
          ok: true,
          ip,
          ipam: { ...ipam, lastReserved: ip, used: new Set(ipam.used).add(ip) },
        };
    }
  }
  return { ok: false, message: NO_ADDRESS };
}

/** Source: Calico, ipam-plugin; the IPAM library's reason. */
const NO_ADDRESS =
  "failed to request IPv4 addresses: Assigned 0 out of 1 requested IPv4 addresses; No more free affine blocks and strict affinity enabled";

/** Who is masqueraded on the way to whom: pools with natOutgoing, and all pools. */
function sets(config: ClusterConfig): IpSets {
  const pool = podRangeOf(config);
  const entries = pool ? [formatCidr(pool)] : [];
  return new Map(
    ["cali40all-ipam-pools", "cali40masq-ipam-pools"].map((name) => [
      name,
      { name, type: "hash:net", options: "family inet hashsize 1024 maxelem 1048576", entries },
    ]),
  );
}
