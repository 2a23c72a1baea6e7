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
    rows.push(...alignKinds(removed, added));
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

/** Lines that differ stand beside each other where both tell of the same kind of hop: one DNAT beside another. */
function alignKinds(removed: readonly string[], added: readonly string[]): readonly AlignedRow[] {
  const rows: AlignedRow[] = [];
  let [left, right] = [0, 0];
  for (const part of diffArrays(removed.map(kindOf), added.map(kindOf))) {
    for (let i = 0; i < part.value.length; i++) {
      if (part.removed) rows.push({ kind: "removed", left: removed[left++], right: undefined });
      else if (part.added) rows.push({ kind: "added", left: undefined, right: added[right++] });
      else rows.push({ kind: "different", left: removed[left++], right: added[right++] });
    }
  }
  return rows;
}

/** `DNAT` of `node-1 DNAT 10.0.1.11:30208 -> 10.244.1.3:8080`. */
function kindOf(line: string): string {
  return line.split(" ")[1] ?? "";
}
