import type { Node } from "../../api/types";
import { internalIp } from "../../controllers/pod-facts";
import type { NetnsId } from "../../dataplane/netns";
import { type Cidr, cidrOf, parseCidr } from "../../net/cidr";
import { type Ipv4, parseIpv4 } from "../../net/ipv4";

/** Subnets of the VPC, and so of a node's eth0. */
export const NODE_PREFIX = 24;

/** A node, or another machine of the pod network, as the CNI plugin sees it. */
export interface CniNode {
  readonly name: string;
  readonly id: NetnsId;
  readonly ip: Ipv4;
  /** The subnet that eth0 is in. */
  readonly link: Cidr;
  /** Absent: no pod network there. */
  readonly podCidr?: Cidr;
}

const known = new WeakMap<Node, { readonly node: CniNode | undefined }>();

/** Undefined for a node without an address. */
export function cniNode(node: Node): CniNode | undefined {
  let found = known.get(node);
  if (!found) {
    found = { node: readNode(node) };
    known.set(node, found);
  }
  return found.node;
}

function readNode(node: Node): CniNode | undefined {
  const { name } = node.metadata;
  const ip = parseIpv4(internalIp(node) ?? "");
  if (ip === undefined) return undefined;
  const podCidr = node.spec.podCIDR === undefined ? undefined : parseCidr(node.spec.podCIDR);
  return {
    name,
    id: `node/${name}`,
    ip,
    link: cidrOf(ip, NODE_PREFIX),
    ...(podCidr && { podCidr }),
  };
}
