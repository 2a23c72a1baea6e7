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

function takenBlocks(ctx: ControlContext): readonly Cidr[] {
  const taken: Cidr[] = [];
  for (const node of ctx.store.list("Node")) {
    const block = node.spec.podCIDR && parseCidr(node.spec.podCIDR);
    if (block) taken.push(block);
  }
  return taken;
}
