import type { Ipv4 } from "../../net/ipv4";
import type { Eni, NodeIpam } from "./host-local";
import type { CniNode } from "./node";
import type { PodNetwork } from "./pod-network";

/** Of an instance: cards, and addresses on each, the first of which is the card's own. Source: AWS, t3.medium. */
const MAX_CARDS = 3;
const ADDRESSES = 6;
/** Simplified: AWS gives any free address of the subnet; these are in order, and easy to tell from machines'. */
const FIRST_OFFSET = 64;
const LAST_OFFSET = 254;

export function enisOf({ enis = [] }: NodeIpam): readonly Eni[] {
  return enis;
}

/** Attaches cards until as many addresses are free as one card has (WARM_ENI_TARGET=1), or no more can be.
 *  Source: amazon-vpc-cni-k8s, docs/eni-and-ip-target.md. */
export function attachEnis(ipam: NodeIpam, node: CniNode, network: () => PodNetwork): NodeIpam {
  let enis = enisOf(ipam);
  const isWarm = () => freeAddresses({ ...ipam, enis }).length >= ADDRESSES - 1;
  while (enis.length < MAX_CARDS && !(enis.length > 0 && isWarm())) {
    const isPrimary = enis.length === 0;
    const found = freeInSubnet(node, network(), enis, isPrimary ? ADDRESSES - 1 : ADDRESSES);
    const addresses = isPrimary ? [node.ip, ...found] : found;
    if (addresses.length < 2) break;
    enis = [...enis, { dev: `eth${enis.length}`, addresses }];
  }
  return enis === ipam.enis ? ipam : { ...ipam, enis };
}

export function freeAddress(ipam: NodeIpam): Ipv4 | undefined {
  return freeAddresses(ipam)[0];
}

function freeAddresses(ipam: NodeIpam): readonly Ipv4[] {
  return enisOf(ipam).flatMap(({ addresses }) =>
    addresses.slice(1).filter((ip) => !ipam.used.has(ip)),
  );
}

function freeInSubnet(
  node: CniNode,
  network: PodNetwork,
  own: readonly Eni[],
  count: number,
): readonly Ipv4[] {
  const taken = new Set([
    ...network.takenInVpc,
    ...network.nodes.flatMap(({ name }) =>
      enisOf(network.ipamOf(name)).flatMap(({ addresses }) => addresses),
    ),
    ...own.flatMap(({ addresses }) => addresses),
  ]);
  const found: Ipv4[] = [];
  for (let offset = FIRST_OFFSET; offset <= LAST_OFFSET && found.length < count; offset++) {
    const ip = node.link.network + offset;
    if (!taken.has(ip)) found.push(ip);
  }
  return found;
}
