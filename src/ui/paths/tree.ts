import type { WayView } from "../../worker/what-if-protocol";

/** One answer to a random turn, or how it all ends. */
export interface Branch {
  readonly id: string;
  /** `node-2`, `answered by kuard-x`. */
  readonly label: string;
  /** The next turn: `elb/kuard: target`; absent at the end of a way. */
  readonly decides?: string;
  /** Of the whole request. */
  readonly probability: number;
  /** Of this branch among its neighbours. */
  readonly share: number;
  /** Indexes of the ways that go through here. */
  readonly ways: readonly number[];
  readonly failed: boolean;
  /** How all of it ends, where nothing more is decided. */
  readonly end?: string;
  /** What is behind a failure, where all of it fails for the same reason. */
  readonly why?: NonNullable<WayView["why"]>;
  readonly branches: readonly Branch[];
}

/** The ways, told as the turns that lead to them: the likeliest first. */
export function treeOf(ways: readonly WayView[], from: string): Branch {
  return branchOf(ways, from, "", 0, sum(ways));
}

function branchOf(
  ways: readonly WayView[],
  label: string,
  id: string,
  depth: number,
  parent: number,
): Branch {
  const probability = sum(ways);
  const step = ways[0]?.steps[depth];
  const common = {
    id: `${id}/${label}`,
    label,
    probability,
    share: parent > 0 ? probability / parent : 0,
    ways: ways.map(({ index }) => index),
    failed: ways.every(({ verdict }) => verdict.kind !== "delivered"),
  };
  const groups = new Map<string, WayView[]>();
  for (const way of ways) {
    const name = way.steps[depth]?.choice ?? endText(way);
    const group = groups.get(name);
    if (group) group.push(way);
    else groups.set(name, [way]);
  }
  const branches = [...groups].map(([name, group]) =>
    group[0]?.steps[depth]
      ? branchOf(group, name, common.id, depth + 1, probability)
      : leafOf(group, name, common.id, probability),
  );
  branches.sort((a, b) => b.probability - a.probability);
  const [only] = branches;
  if (depth > 0 && only && branches.length === 1 && only.branches.length === 0 && !step)
    return { ...common, end: only.label, ...(only.why && { why: only.why }), branches: [] };
  return { ...common, ...(step && { decides: step.decides }), branches };
}

function leafOf(ways: readonly WayView[], label: string, id: string, parent: number): Branch {
  const probability = sum(ways);
  return {
    id: `${id}/${label}`,
    label,
    probability,
    share: parent > 0 ? probability / parent : 0,
    ways: ways.map(({ index }) => index),
    failed: ways.every(({ verdict }) => verdict.kind !== "delivered"),
    ...commonWhy(ways),
    branches: [],
  };
}

function commonWhy([first, ...others]: readonly WayView[]): Pick<Branch, "why"> {
  const why = first?.why;
  return why && others.every((way) => way.why?.code === why.code) ? { why } : {};
}

function sum(ways: readonly WayView[]): number {
  return ways.reduce((total, { probability }) => total + probability, 0);
}

/** `answered by kuard-x`, `✕ refused: NoSocket`. */
export function endText({ server, verdict }: Pick<WayView, "server" | "verdict">): string {
  if (server) return `answered by ${server.replace(/^(pod\/[^/]+|node|host)\//, "")}`;
  return `✕ ${verdict.kind}${verdict.reason ? `: ${verdict.reason}` : ""}`;
}

export interface Row {
  readonly branch: Branch;
  /** 1-based. */
  readonly level: number;
  readonly parent: string | undefined;
  readonly position: number;
  readonly count: number;
}

/** The rows of the tree that are to be seen, from top to bottom. */
export function rowsOf(root: Branch, closed: ReadonlySet<string>): readonly Row[] {
  const rows: Row[] = [];
  const visit = (
    branch: Branch,
    level: number,
    parent: string | undefined,
    position: number,
    count: number,
  ) => {
    rows.push({ branch, level, parent, position, count });
    if (closed.has(branch.id)) return;
    for (const [index, child] of branch.branches.entries())
      visit(child, level + 1, branch.id, index + 1, branch.branches.length);
  };
  visit(root, 1, undefined, 1, 1);
  return rows;
}
