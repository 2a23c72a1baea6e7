import { nodePodNetwork } from "../../core/cluster/pod-network";
import type { World } from "../../core/cluster/world";
import type { ComputedFiles } from "../files";

/** A node's CNI configurations, what its plugins remember, and the plugins themselves, whose bytes are not modelled. */
export function cniFilesOf(world: World, node: string): ComputedFiles {
  const found = nodePodNetwork(world, node);
  const files: Record<string, () => string> = {};
  for (const { path, text } of found?.files ?? []) files[path] = () => text;
  for (const name of found?.programs ?? []) files[`/opt/cni/bin/${name}`] = () => "\u007fELF\n";
  return files;
}
