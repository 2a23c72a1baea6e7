import { diffArrays } from "diff";
import { followedHops } from "../../core/trace/follow";
import type { JourneyView } from "../../worker/protocol";

/** A line of two runs beside each other. */
export interface AlignedRow {
  readonly kind: "same" | "different" | "removed" | "added";
  readonly left: string | undefined;
  readonly right: string | undefined;
}

/** The hops of the first packet and its answer, as `trace` prints them. */
export function linesOf(journey: JourneyView): readonly string[] {
  return followedHops(journey.hops, "first").map(({ text }) => text.replace(/\s+/g, " ").trim());
}

/** Equal lines stand beside each other; between them what one run has and the other has not. */
export function align(left: readonly string[], right: readonly string[]): readonly AlignedRow[] {
  const rows: AlignedRow[] = [];
  let removed: readonly string[] = [];
  const flush = (added: readonly string[]) => {
    for (let i = 0; i < Math.max(removed.length, added.length); i++) {
      const [one, other] = [removed[i], added[i]];
      const kind = one === undefined ? "added" : other === undefined ? "removed" : "different";
      rows.push({ kind, left: one, right: other });
    }
    removed = [];
  };
  for (const part of diffArrays([...left], [...right])) {
    if (part.removed) removed = [...removed, ...part.value];
    else if (part.added) flush(part.value);
    else {
      flush([]);
      for (const line of part.value) rows.push({ kind: "same", left: line, right: line });
    }
  }
  flush([]);
  return rows;
}
