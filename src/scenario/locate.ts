import {
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type LineCounter,
  type Node,
  type Pair,
} from "yaml";

export interface Position {
  /** 1-based. */
  readonly line: number;
  readonly column: number;
}

/** A document of a YAML text, or one item of a List in it. */
export interface Located {
  readonly document: Document;
  readonly lineCounter: LineCounter;
  /** Where the object starts inside the document: `["items", 3]`. */
  readonly root: readonly (string | number)[];
}

/** Where a field (`spec.ports[0].port`) is written; where it is missing, the nearest field around it. */
export function locate(where: Located, fieldPath: string): Position {
  const { document, lineCounter, root } = where;
  const steps = [...root, ...splitFieldPath(fieldPath)];
  let node: unknown = document.contents;
  let offset = startOf(node) ?? document.range?.[0] ?? 0;
  for (const [depth, step] of steps.entries()) {
    const holder = isAlias(node) ? node.resolve(document) : node;
    // A key may hold dots, as labels do: then the rest of the path is the key.
    const found = enter(holder, step) ?? enter(holder, steps.slice(depth).join("."));
    if (!found) break;
    node = isPair(found) ? found.value : found;
    offset = startOf(isPair(found) ? found.key : found) ?? offset;
  }
  const { line, col } = lineCounter.linePos(offset);
  return { line, column: col };
}

/** `spec.ports[0].port` → spec, ports, 0, port. */
function splitFieldPath(fieldPath: string): (string | number)[] {
  return [...fieldPath.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map((match) =>
    match[2] === undefined ? (match[1] as string) : Number(match[2]),
  );
}

function enter(node: unknown, step: string | number): Pair | Node | undefined {
  if (isSeq(node) && typeof step === "number") return node.items[step] as Node | undefined;
  if (!isMap(node)) return undefined;
  const wanted = String(step).toLowerCase();
  // Kubernetes writes LoadBalancerSourceRanges with a capital in its errors.
  return (
    node.items.find((pair) => isScalar(pair.key) && pair.key.value === step) ??
    node.items.find((pair) => isScalar(pair.key) && String(pair.key.value).toLowerCase() === wanted)
  );
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null)?.range?.[0];
}
