import type { Hop } from "./hop";

/** A hop as one line: place, what, headers or what was found. Columns line up over a list of hops. */
export function formatHop(hop: Pick<Hop, "node" | "kind" | "detail">): string {
  return `${hop.node.padEnd(NODE_WIDTH)}  ${hop.kind.padEnd(KIND_WIDTH)}  ${hop.detail}`.trimEnd();
}

const NODE_WIDTH = 22;
const KIND_WIDTH = 11;
