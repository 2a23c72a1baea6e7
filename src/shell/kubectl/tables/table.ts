import type { KubeObject } from "../../../core/api/types";

export interface Column {
  /** As the server names it: `Cluster-IP`. */
  readonly name: string;
  /** Shown with `-o wide` only. */
  readonly wide?: boolean;
}

export type Cell = string | number;

/** How the API server prints one kind: it computes every cell, kubectl only aligns.
 *  Source: kubernetes pkg/printers/internalversion/printers.go. */
export interface TableOf<T extends KubeObject> {
  readonly columns: readonly Column[];
  /** One for each column. */
  row(object: T, context: RowContext): readonly Cell[];
}

export interface RowContext {
  readonly nowUs: number;
}

export const NONE = "<none>";

/** Columns from their names; a star marks those that are only wide. */
export function columns(names: string): readonly Column[] {
  return names.split("|").map((name) => {
    const wide = name.startsWith("*");
    return wide ? { name: name.slice(1), wide } : { name };
  });
}

/** `a=1,b=2`, by key. */
export function formatLabels(labels: Readonly<Record<string, string>> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`);
  return pairs.length === 0 ? NONE : pairs.sort().join(",");
}
