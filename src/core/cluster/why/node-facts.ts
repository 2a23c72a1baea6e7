import type { World } from "../world";

/** What a node's pods get their addresses from, in words. */
export function readNodeCidr({ store, config }: World, node: string): string {
  const cidr = store.find("Node", "", node)?.spec.podCIDR;
  if (config.cni === "aws-vpc") return "the node's network cards";
  return cidr === undefined ? "the node's pod CIDR" : `the node's pod CIDR ${cidr}`;
}

/** Its rules are not those of now: kube-proxy was stopped, or has not synced yet. */
export function proxyStateOf(world: World, node: string): "stopped" | "behind" | "current" {
  const { running, pending } = world.proxyStatus(node);
  if (!running) return "stopped";
  return pending ? "behind" : "current";
}
