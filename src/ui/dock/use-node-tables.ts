import type { NodeTables } from "../../worker/protocol";
import { useAsked } from "./use-asked";

/** A node's tables as they are at the moment shown. */
export function useNodeTables(node: string): NodeTables | undefined {
  return useAsked(node, (simulation) => simulation.tables(node));
}
