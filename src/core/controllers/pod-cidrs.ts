import type { Node } from "../api/types";
import { type Cidr, cidr, formatCidr, overlaps, parseCidr, subnet } from "../net/cidr";
import type { ControlContext } from "./context";
import type { ControllerState } from "./state";

/** Source: kube-controller-manager --node-cidr-mask-size. */
export const NODE_CIDR_PREFIX = 24;

/** The next free block of the cluster CIDR; a block that was given back is used again only after the cursor wraps.
 *  Undefined when none is left. */
export function podCidrOf(ctx: ControlContext, state: ControllerState): string | undefined {
  const cluster = cidr(ctx.config.clusterCIDR);
  const prefix = Math.max(NODE_CIDR_PREFIX, cluster.prefix);
  const blocks = 2 ** (prefix - cluster.prefix);
  const taken = takenBlocks(ctx);
  for (let i = 0; i < blocks; i++) {
    const index = (state.nextPodCidr + i) % blocks;
    const block = subnet(cluster, prefix, index);
    if (!block || taken.some((other) => overlaps(other, block))) continue;
    state.nextPodCidr = (index + 1) % blocks;
    return formatCidr(block);
  }
  return undefined;
}

/** Whether a node's pods have their addresses from its pod CIDR. */
export function lacksPodCidr({ config }: ControlContext, { spec }: Node): boolean {
  return config.cni !== "aws-vpc" && !spec.podCIDR;
}

/** Source: kubernetes, ipam/range_allocator.go: its work queue tries again, ever more rarely. */
export function reportNoCidr(ctx: ControlContext, node: Node): void {
  const message = `Node ${node.metadata.name} status is now: CIDRNotAvailable`;
  ctx.recordEvent(node, "Normal", "CIDRNotAvailable", message, "cidrAllocator");
}

/** A block came free: the node that has waited longest gets it.
 *  Simplified: at once, where the controller finds out when it tries again. */
export function assignFreedCidr(ctx: ControlContext, state: ControllerState): void {
  for (const node of ctx.store.list("Node")) {
    if (!state.nodes.has(node.metadata.name) || !lacksPodCidr(ctx, node)) continue;
    const podCIDR = podCidrOf(ctx, state);
    if (podCIDR === undefined) return;
    ctx.store.put<Node>({ ...node, spec: { ...node.spec, podCIDR, podCIDRs: [podCIDR] } });
  }
}

function takenBlocks(ctx: ControlContext): readonly Cidr[] {
  const taken: Cidr[] = [];
  for (const node of ctx.store.list("Node")) {
    const block = node.spec.podCIDR && parseCidr(node.spec.podCIDR);
    if (block) taken.push(block);
  }
  return taken;
}
